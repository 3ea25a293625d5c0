package io.fairlead.health.check;

/**
 * Passes when the host answers an ICMP or ICMPv6 echo request.
 *
 * @param payloadBytes 8..65507: what the request carries behind its header of 8 bytes; over 1472 it goes in fragments
 */
public record IcmpProbeSpec(int payloadBytes) implements ProbeSpec {

    public static final int PAYLOAD_MIN = 8;
    public static final int PAYLOAD_MAX = 65507;
    public static final int PAYLOAD_DEFAULT = 56;

    public IcmpProbeSpec {
        if (payloadBytes < PAYLOAD_MIN || payloadBytes > PAYLOAD_MAX) {
            throw new IllegalArgumentException(
                    "payload of " + payloadBytes + " bytes (expected: " + PAYLOAD_MIN + ".." + PAYLOAD_MAX + ")");
        }
    }

    @Override
    public String type() {
        return "icmp";
    }

    @Override
    public boolean needsPort() {
        return false;
    }
}
