package io.fairlead.core.model;

/**
 * A real server as the kernel holds it.
 *
 * @param weight 0..65535; 0 means no new connections
 */
public record RealServer(RealServerKey key, ForwardingMethod forwarding, int weight, ConnectionThresholds thresholds) {

    public static final int WEIGHT_MAX = 65535;

    public RealServer {
        if (weight < 0) {
            throw new IllegalArgumentException(
                    "weight " + weight + " of " + key + " (expected: 0.." + WEIGHT_MAX + ")");
        }
    }

    /** Returns the same real server with another weight. */
    public RealServer withWeight(int newWeight) {
        return new RealServer(key, forwarding, newWeight, thresholds);
    }
}
