package io.fairlead.health.check;

import java.time.Duration;
import java.util.Optional;

/**
 * A health check as the operator asked for it.
 *
 * @param interval 100 ms..1 h: from the start of one probe to the start of the next, at the least ({@link CheckSchedule})
 * @param intervalDown 100 ms..1 h: the same while the target is unhealthy
 * @param timeout 1 ms..the shorter interval: a probe that has no verdict by then has failed
 * @param rise 1..100: how many passes in a row make an unhealthy real server healthy
 * @param fall 1..100: how many failures in a row make a healthy real server unhealthy
 * @param damping empty where a real server may fall as often as it likes
 */
public record CheckSpec(
        ProbeSpec probe,
        Duration interval,
        Duration intervalDown,
        Duration timeout,
        int rise,
        int fall,
        InitialState initialState,
        Optional<FlapDamping> damping) {

    public static final Duration INTERVAL_MIN = Duration.ofMillis(100);
    public static final Duration INTERVAL_MAX = Duration.ofHours(1);
    public static final int COUNT_MAX = 100;

    /** A check with one interval, which waits for its first verdict and damps nothing. */
    public CheckSpec(ProbeSpec probe, Duration interval, Duration timeout, int rise, int fall) {
        this(probe, interval, interval, timeout, rise, fall, InitialState.WAIT, Optional.empty());
    }

    public CheckSpec {
        checkInterval("interval", interval);
        checkInterval("interval down", intervalDown);
        Duration shorter = interval.compareTo(intervalDown) < 0 ? interval : intervalDown;
        if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(shorter) > 0) {
            throw new IllegalArgumentException(
                    "timeout " + timeout + " (expected: 1ms.." + shorter + ", the interval)");
        }
        if (rise < 1 || rise > COUNT_MAX || fall < 1 || fall > COUNT_MAX) {
            throw new IllegalArgumentException("rise " + rise + ", fall " + fall + " (expected: 1.." + COUNT_MAX + ")");
        }
    }

    /** Returns the same with another question. */
    public CheckSpec withProbe(ProbeSpec other) {
        return new CheckSpec(other, interval, intervalDown, timeout, rise, fall, initialState, damping);
    }

    private static void checkInterval(String name, Duration value) {
        if (value.compareTo(INTERVAL_MIN) < 0 || value.compareTo(INTERVAL_MAX) > 0) {
            throw new IllegalArgumentException(name + " " + value + " (expected: 100ms..1h)");
        }
    }
}
