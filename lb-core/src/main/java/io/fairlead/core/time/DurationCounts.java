package io.fairlead.core.time;

import java.time.Duration;
import java.util.List;

/**
 * How often something took how long, counted by steps.
 *
 * @param steps rising
 * @param counts how many took at most the step of the same place and more than the one before; the last count is of those
 *     that took longer than all steps
 * @param total of all of them
 */
public record DurationCounts(List<Duration> steps, List<Long> counts, Duration total) {

    public DurationCounts {
        steps = List.copyOf(steps);
        counts = List.copyOf(counts);
        if (counts.size() != steps.size() + 1) {
            throw new IllegalArgumentException(counts.size() + " counts (expected: " + (steps.size() + 1) + ")");
        }
    }

    /** Returns how many there were in all. */
    public long count() {
        return sum(counts);
    }

    /** Returns how many took longer than {@code step}, which is one of {@link #steps}. */
    public long longerThan(Duration step) {
        return sum(counts.subList(steps.indexOf(step) + 1, counts.size()));
    }

    private static long sum(List<Long> counts) {
        return counts.stream().mapToLong(Long::longValue).sum();
    }
}
