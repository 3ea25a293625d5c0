package io.fairlead.health.check;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * Sends one datagram. Fails at once when the host answers that nothing listens on the port; passes with a reply as expected
 * or, unless one is required, when the time-out has passed without a refusal.
 *
 * @param payloadHex at most {@link #PAYLOAD_BYTES_MAX} bytes, in hexadecimal
 * @param expectText must be found in the reply, each of its bytes taken as one character
 * @param expectBytes how the reply must begin
 */
public record UdpProbeSpec(
        ConnectionSpec connection,
        String payloadHex,
        boolean requireReply,
        Optional<BoundedPattern> expectText,
        Optional<HexPattern> expectBytes)
        implements NetworkProbeSpec {

    public static final int PAYLOAD_BYTES_MAX = 1024;

    public UdpProbeSpec {
        payloadHex = payloadHex.toLowerCase(Locale.ROOT);
        if (HexFormat.of().parseHex(payloadHex).length > PAYLOAD_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "payload of " + payloadHex.length() / 2 + " bytes (expected: at most " + PAYLOAD_BYTES_MAX + ")");
        }
    }

    @Override
    public UdpProbeSpec withConnection(ConnectionSpec other) {
        return new UdpProbeSpec(other, payloadHex, requireReply, expectText, expectBytes);
    }

    @Override
    public String type() {
        return "udp";
    }
}
