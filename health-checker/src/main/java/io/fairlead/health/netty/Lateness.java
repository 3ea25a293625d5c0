package io.fairlead.health.netty;

import java.time.Duration;
import java.util.List;

/**
 * How late probes began after their time, counted by steps. A checker with enough of a processor has nearly all in the first;
 * what is behind {@link #LATE_FROM} means that verdicts come later than the intervals promise.
 *
 * @param counts how many probes were late by at most the step of the same place; the last count is of those later than all
 */
public record Lateness(List<Long> counts) {

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

    public Lateness {
        counts = List.copyOf(counts);
        if (counts.size() != STEPS.size() + 1) {
            throw new IllegalArgumentException(counts.size() + " counts (expected: " + (STEPS.size() + 1) + ")");
        }
    }

    /** Returns how many probes began at all. */
    public long begun() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /** Returns how many began later than {@link #LATE_FROM} after their time. */
    public long late() {
        return counts.subList(STEPS.indexOf(LATE_FROM) + 1, counts.size()).stream()
                .mapToLong(Long::longValue)
                .sum();
    }
}
