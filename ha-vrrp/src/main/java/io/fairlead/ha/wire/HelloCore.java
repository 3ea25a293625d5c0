package io.fairlead.ha.wire;

import java.util.List;

/**
 * What a hello of any version says in words that never change, for those who cannot read the rest.
 *
 * @param sentNanos the sender's monotonic clock; rises with each hello
 * @param units empty: nothing could be read at all, so that nothing is known of any unit
 */
public record HelloCore(long sentNanos, List<UnitCore> units) {

    /** Bytes that are no hello of any release. */
    static final HelloCore ILLEGIBLE = new HelloCore(0, List.of());

    /**
     * Of one unit.
     *
     * @param unit its id
     * @param holds whether the sender may hold the addresses
     * @param term of the claim, or the highest term known to a backup
     * @param intervalNanos the sender's advertisement interval
     */
    public record UnitCore(int unit, boolean holds, long term, long intervalNanos) {}

    public HelloCore {
        units = List.copyOf(units);
    }
}
