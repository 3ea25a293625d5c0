package io.fairlead.system.benchmark;

import io.fairlead.health.netty.Lateness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts for {@link BareLoop} what a checker counts by itself. One thread writes, another reads. */
final class CheckFigures {

    private static final long[] STEPS_NANOS =
            Lateness.STEPS.stream().mapToLong(step -> step.toNanos()).toArray();

    private final AtomicLongArray counts = new AtomicLongArray(STEPS_NANOS.length + 1);
    private volatile long passed;

    void began(long lateNanos) {
        int step = 0;
        while (step < STEPS_NANOS.length && lateNanos > STEPS_NANOS[step]) {
            step++;
        }
        counts.lazySet(step, counts.get(step) + 1);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
    void passed() {
        passed++;
    }

    /** What came of checks up to some moment. */
    record Counts(long passed, List<Long> lateness) {

        Counts since(Counts earlier) {
            List<Long> difference = new ArrayList<>();
            for (int i = 0; i < lateness.size(); i++) {
                difference.add(lateness.get(i) - earlier.lateness().get(i));
            }
            return new Counts(passed - earlier.passed(), difference);
        }

        /** Returns the step, in milliseconds, within which so many of all began; infinity if later than all steps. */
        double millisWithin(double share) {
            long all = lateness.stream().mapToLong(Long::longValue).sum();
            long sum = 0;
            for (int i = 0; i < STEPS_NANOS.length; i++) {
                sum += lateness.get(i);
                if (sum >= share * all) {
                    return STEPS_NANOS[i] / 1e6;
                }
            }
            return Double.POSITIVE_INFINITY;
        }
    }

    Counts read() {
        long[] copy = new long[STEPS_NANOS.length + 1];
        Arrays.setAll(copy, counts::get);
        return new Counts(passed, Arrays.stream(copy).boxed().toList());
    }
}
