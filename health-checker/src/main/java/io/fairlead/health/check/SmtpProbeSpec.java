package io.fairlead.health.check;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Passes when the greeting and the answer to EHLO have expected codes; with STARTTLS, when the same holds after the handshake.
 *
 * @param tls present unless the security is {@link Security#NONE}
 * @param heloName what we call ourselves
 * @param expectStatus at least one range
 */
public record SmtpProbeSpec(
        ConnectionSpec connection,
        Security security,
        Optional<TlsSpec> tls,
        String heloName,
        List<StatusRange> expectStatus)
        implements NetworkProbeSpec {

    /** When TLS begins. */
    public enum Security {
        NONE,
        /** By command, RFC 3207. */
        STARTTLS,
        /** At once, RFC 8314 §3.3. */
        TLS
    }

    private static final Pattern HELO_NAME = Pattern.compile("[A-Za-z0-9.:\\[\\]-]{1,255}");

    public SmtpProbeSpec {
        expectStatus = List.copyOf(expectStatus);
        if (expectStatus.isEmpty() || !isHeloName(heloName) || tls.isPresent() != (security != Security.NONE)) {
            throw new IllegalArgumentException(
                    "expected codes %s, name %s, security %s with %s".formatted(expectStatus, heloName, security, tls));
        }
    }

    /** Returns whether {@code text} can be said to a mail server as our name. */
    public static boolean isHeloName(String text) {
        return HELO_NAME.matcher(text).matches();
    }

    @Override
    public SmtpProbeSpec withConnection(ConnectionSpec other) {
        return new SmtpProbeSpec(other, security, tls, heloName, expectStatus);
    }

    @Override
    public String type() {
        return "smtp";
    }
}
