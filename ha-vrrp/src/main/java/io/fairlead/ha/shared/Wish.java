package io.fairlead.ha.shared;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What an operator wants of one real server.
 *
 * @param weight 0 to 65535 in place of the configured one
 * @param drainTimeoutSeconds how long a drain may last; empty for what is configured
 */
public record Wish(Service service, OptionalInt weight, OptionalLong drainTimeoutSeconds) {

    /** From the boldest to the most cautious, which wins a conflict. The order is the number on the wire. */
    public enum Service {
        ENABLED,
        DRAINED,
        DISABLED
    }

    /** The largest weight that the kernel takes. */
    public static final int WEIGHT_MAX = 65_535;

    public Wish {
        if (weight.isPresent() && (weight.getAsInt() < 0 || weight.getAsInt() > WEIGHT_MAX)) {
            throw new IllegalArgumentException("weight: " + weight.getAsInt() + " (expected: 0.." + WEIGHT_MAX + ")");
        }
        if (drainTimeoutSeconds.isPresent() && drainTimeoutSeconds.getAsLong() < 0) {
            throw new IllegalArgumentException(
                    "drain timeout: " + drainTimeoutSeconds.getAsLong() + " s (expected: not negative)");
        }
    }
}
