package io.fairlead.core.model;

/**
 * Limits on the connections of one real server.
 *
 * @param upper from this many connections on the kernel sends no new ones; 0 for no limit
 * @param lower below this many it sends them again; 0 lets the kernel use three quarters of {@code upper}
 */
public record ConnectionThresholds(long upper, long lower) {

    public static final long MAX = 0xffffffffL;
    public static final ConnectionThresholds NONE = new ConnectionThresholds(0, 0);

    public ConnectionThresholds {
        if (upper < 0 || lower < 0 || upper > MAX || lower > MAX) {
            throw new IllegalArgumentException(
                    "thresholds lower " + lower + ", upper " + upper + " (expected: 0..4294967295)");
        }
    }
}
