package io.fairlead.core.time;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/** Counts how often something took how long. For any thread; meant for one that counts often and others that read seldom. */
public final class DurationTally {

    private final List<Duration> steps;
    private final long[] stepsNanos;
    private final long[] counts;
    private long totalNanos;

    /** @param steps rising */
    public DurationTally(List<Duration> steps) {
        this.steps = List.copyOf(steps);
        this.stepsNanos = steps.stream().mapToLong(Duration::toNanos).toArray();
        this.counts = new long[stepsNanos.length + 1];
    }

    /** Notes that it took {@code duration}; a negative one counts as none at all. */
    public synchronized void add(Duration duration) {
        long nanos = Math.max(0, duration.toNanos());
        int step = 0;
        while (step < stepsNanos.length && nanos > stepsNanos[step]) {
            step++;
        }
        counts[step]++;
        totalNanos += nanos;
    }

    public synchronized DurationCounts read() {
        return new DurationCounts(steps, LongStream.of(counts).boxed().toList(), Duration.ofNanos(totalNanos));
    }
}
