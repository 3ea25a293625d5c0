package io.fairlead.health.check;

import java.time.Duration;

/**
 * A health check as the operator asked for it.
 *
 * @param interval 100 ms..1 h: from the start of one probe to the start of the next, at the least ({@link CheckSchedule})
 * @param timeout 1 ms..interval: a probe that has no verdict by then has failed
 * @param rise 1..100: how many passes in a row make an unhealthy real server healthy
 * @param fall 1..100: how many failures in a row make a healthy real server unhealthy
 */
public record CheckSpec(ProbeSpec probe, Duration interval, Duration timeout, int rise, int fall) {

    public static final Duration INTERVAL_MIN = Duration.ofMillis(100);
    public static final Duration INTERVAL_MAX = Duration.ofHours(1);
    public static final int COUNT_MAX = 100;

    public CheckSpec {
        if (interval.compareTo(INTERVAL_MIN) < 0 || interval.compareTo(INTERVAL_MAX) > 0) {
            throw new IllegalArgumentException("interval " + interval + " (expected: 100ms..1h)");
        }
        if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(interval) > 0) {
            throw new IllegalArgumentException(
                    "timeout " + timeout + " (expected: 1ms.." + interval + ", the interval)");
        }
        if (rise < 1 || rise > COUNT_MAX || fall < 1 || fall > COUNT_MAX) {
            throw new IllegalArgumentException("rise " + rise + ", fall " + fall + " (expected: 1.." + COUNT_MAX + ")");
        }
    }
}
