package io.fairlead.core.time;

import java.time.Duration;

/**
 * A point on the monotonic clock of this process. Meaningless outside it, and not comparable to wall-clock time.
 *
 * @param nanos a reading of {@link System#nanoTime}; only differences mean anything, and they survive its overflow
 */
public record MonotonicInstant(long nanos) implements Comparable<MonotonicInstant> {

    /** Returns the instant {@code duration} after this one, or before it if the duration is negative. */
    public MonotonicInstant plus(Duration duration) {
        return new MonotonicInstant(nanos + duration.toNanos());
    }

    /** Returns the time from {@code earlier} to this instant; negative if this one is the earlier. */
    public Duration since(MonotonicInstant earlier) {
        return Duration.ofNanos(nanos - earlier.nanos);
    }

    /** Returns whether this instant is strictly before {@code other}. */
    public boolean isBefore(MonotonicInstant other) {
        return nanos - other.nanos < 0;
    }

    @Override
    public int compareTo(MonotonicInstant other) {
        return Long.signum(nanos - other.nanos);
    }
}
