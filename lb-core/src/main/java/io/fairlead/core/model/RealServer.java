package io.fairlead.core.model;

/**
 * A real server as the kernel holds it.
 *
 * @param weight 0..65535; 0 means no new connections
 * @param tunnel how packets are wrapped; {@link Tunnel#IPIP} with every forwarding method but {@link
 *     ForwardingMethod#TUNNEL}, which alone looks at it
 */
public record RealServer(
        RealServerKey key, ForwardingMethod forwarding, int weight, ConnectionThresholds thresholds, Tunnel tunnel) {

    public static final int WEIGHT_MAX = 65535;

    public RealServer {
        if (weight < 0) {
            throw new IllegalArgumentException(
                    "weight " + weight + " of " + key + " (expected: 0.." + WEIGHT_MAX + ")");
        }
        if (forwarding != ForwardingMethod.TUNNEL && !tunnel.equals(Tunnel.IPIP)) {
            throw new IllegalArgumentException("tunnel " + tunnel + " of " + key + " with forwarding "
                    + forwarding.configName() + " (expected: only with forwarding tunnel)");
        }
    }

    /** A real server without a tunnel, or behind one of IP in IP. */
    public RealServer(RealServerKey key, ForwardingMethod forwarding, int weight, ConnectionThresholds thresholds) {
        this(key, forwarding, weight, thresholds, Tunnel.IPIP);
    }

    /** Returns the same real server with another weight. */
    public RealServer withWeight(int newWeight) {
        return new RealServer(key, forwarding, newWeight, thresholds, tunnel);
    }

    /** Returns how packets reach it, in an operator's words: such as {@code nat}, {@code tunnel} or {@code tunnel/gue:6080}. */
    public String path() {
        if (tunnel.equals(Tunnel.IPIP)) {
            return forwarding.configName();
        }
        return forwarding.configName() + "/" + tunnel.encapsulation().configName()
                + (tunnel.port() == 0 ? "" : ":" + tunnel.port());
    }
}
