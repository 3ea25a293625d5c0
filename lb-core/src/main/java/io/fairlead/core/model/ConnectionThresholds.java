package io.fairlead.core.model;

/**
 * Limits on the connections of one real server.
 *
 * @param upper from this many connections on the kernel sends no new ones; 0 for no limit
 * @param lower below this many it sends them again; 0 lets the kernel use three quarters of {@code upper}
 */
public record ConnectionThresholds(long upper, long lower) {

    /** What an entry can hold, and older kernels took. */
    public static final long MAX = 0xffffffffL;

    /** What every kernel takes: newer ones (seen with 6.1.192) refuse more, as {@code ipvsadm} always did. */
    public static final long SETTABLE_MAX = Integer.MAX_VALUE;

    public static final ConnectionThresholds NONE = new ConnectionThresholds(0, 0);

    public ConnectionThresholds {
        if (upper < 0 || lower < 0 || upper > MAX || lower > MAX) {
            throw new IllegalArgumentException(
                    "thresholds lower " + lower + ", upper " + upper + " (expected: 0..4294967295)");
        }
    }
}
