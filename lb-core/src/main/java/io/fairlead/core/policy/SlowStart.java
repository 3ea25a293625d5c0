package io.fairlead.core.policy;

import io.fairlead.core.time.MonotonicInstant;
import java.time.Duration;

/**
 * The weight of a real server that has just come into service. Pure.
 *
 * <p>It begins with 1 and grows to its full weight in up to {@link #STEPS_MAX} equal steps, each held equally long; the full
 * weight comes at the end of the duration. It is never 0, which would be no service at all, and never more than the full
 * weight. With a small weight there are fewer steps: 3 is reached by 1, 2, 3, and a weight of 1 has nothing to grow.
 */
final class SlowStart {

    static final int STEPS_MAX = 20;

    private SlowStart() {}

    /** Returns the weight at {@code now} of one that began at {@code since}. */
    static int weight(int full, Duration duration, MonotonicInstant since, MonotonicInstant now) {
        int steps = steps(full);
        return steps == 0 ? full : (int) (1 + (full - 1L) * step(steps, duration, since, now) / steps);
    }

    /** Returns when the weight grows next; at the end of the duration it does not grow any more. */
    static MonotonicInstant nextStepAt(int full, Duration duration, MonotonicInstant since, MonotonicInstant now) {
        int steps = steps(full);
        if (steps == 0) {
            return since.plus(duration);
        }
        long next = Math.min(steps, step(steps, duration, since, now) + 1);
        // Rounded up, so that the step has been reached when the time has.
        return since.plus(Duration.ofNanos(Math.ceilDiv(duration.toNanos() * next, steps)));
    }

    /** Returns whether the weight is full. */
    static boolean isOver(Duration duration, MonotonicInstant since, MonotonicInstant now) {
        return now.since(since).compareTo(duration) >= 0;
    }

    private static int steps(int full) {
        return Math.clamp(full - 1L, 0, STEPS_MAX);
    }

    private static long step(int steps, Duration duration, MonotonicInstant since, MonotonicInstant now) {
        if (isOver(duration, since, now)) {
            return steps;
        }
        return Math.max(0, now.since(since).toNanos()) * steps / duration.toNanos();
    }
}
