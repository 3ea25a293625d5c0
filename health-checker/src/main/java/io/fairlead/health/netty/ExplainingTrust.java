package io.fairlead.health.netty;

import java.net.Socket;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts as the JDK does and, where it does not, says why: {@link RefusedCertificateException}. */
final class ExplainingTrust extends X509ExtendedTrustManager {

    private static final int NAMES_SHOWN_MAX = 3;
    private static final int DNS_NAME = 2; // GeneralName, RFC 5280 §4.2.1.6
    private static final int IP_ADDRESS = 7;

    private final X509ExtendedTrustManager trust;

    ExplainingTrust(X509ExtendedTrustManager trust) {
        this.trust = trust;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            trust.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw new RefusedCertificateException(
                    explain(chain[0], engine.getPeerHost(), e, Instant.now()),
                    chain[0].getNotAfter().toInstant(),
                    e);
        }
    }

    private static String explain(X509Certificate leaf, String peerName, CertificateException refusal, Instant now) {
        Duration validFor = Duration.between(now, leaf.getNotAfter().toInstant());
        if (validFor.isNegative()) {
            return "certificate expired " + ago(validFor.negated()) + " ago";
        }
        Duration untilValid = Duration.between(now, leaf.getNotBefore().toInstant());
        if (untilValid.isPositive()) {
            return "certificate is not valid before " + ago(untilValid) + " from now";
        }
        for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathBuilderException) {
                return "certificate is not signed by a trusted authority (issuer "
                        + FailureSentences.printable(
                                leaf.getIssuerX500Principal().getName()) + ")";
            }
            if (cause instanceof CertPathValidatorException) {
                return "certificate chain is not valid: "
                        + FailureSentences.printable(String.valueOf(cause.getMessage()));
            }
        }
        return "certificate is for " + names(leaf) + ", not " + peerName;
    }

    /** Returns {@code 3 days}, {@code 1 day}, {@code 5 hours}, {@code 12 minutes}. */
    private static String ago(Duration duration) {
        long count = duration.toDays();
        String unit = "day";
        if (count == 0) {
            count = duration.toHours();
            unit = "hour";
        }
        if (count == 0) {
            count = duration.toMinutes();
            unit = "minute";
        }
        return count + " " + unit + (count == 1 ? "" : "s");
    }

    private static String names(X509Certificate leaf) {
        List<String> names;
        try {
            names = leaf.getSubjectAlternativeNames() == null
                    ? List.of()
                    : leaf.getSubjectAlternativeNames().stream()
                            .flatMap(entry -> entry.get(1) instanceof String text
                                            && (entry.get(0).equals(DNS_NAME)
                                                    || entry.get(0).equals(IP_ADDRESS))
                                    ? Stream.of(text)
                                    : Stream.empty())
                            .toList();
        } catch (CertificateException _) {
            names = List.of();
        }
        if (names.isEmpty()) {
            return "no name at all";
        }
        String shown = names.stream()
                .limit(NAMES_SHOWN_MAX)
                .map(FailureSentences::printable)
                .collect(Collectors.joining(", "));
        return names.size() > NAMES_SHOWN_MAX ? shown + " and " + (names.size() - NAMES_SHOWN_MAX) + " more" : shown;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        trust.checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        trust.checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        trust.checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        trust.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        trust.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.getAcceptedIssuers();
    }
}
