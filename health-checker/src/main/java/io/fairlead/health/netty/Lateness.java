package io.fairlead.health.netty;

import io.fairlead.core.time.DurationCounts;
import java.time.Duration;
import java.util.List;

/**
 * How late probes began after their time. A checker with enough of a processor has nearly all in the first step; what is
 * behind {@link #LATE_FROM} means that verdicts come later than the intervals promise.
 *
 * @param counts by {@link #STEPS}
 */
public record Lateness(DurationCounts counts) {

    /** The steps, rising. */
    public static final List<Duration> STEPS = List.of(
            Duration.ofMillis(1),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10));

    /** A probe that begins later than this is late. One of {@link #STEPS}. */
    public static final Duration LATE_FROM = Duration.ofMillis(100);

    /** Returns how many probes began at all. */
    public long begun() {
        return counts.count();
    }

    /** Returns how many began later than {@link #LATE_FROM} after their time. */
    public long late() {
        return counts.longerThan(LATE_FROM);
    }
}
