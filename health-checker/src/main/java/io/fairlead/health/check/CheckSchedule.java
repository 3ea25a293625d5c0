package io.fairlead.health.check;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.policy.Health;
import io.fairlead.core.time.MonotonicInstant;
import java.time.Duration;

/**
 * When to probe one target: a fixed grid, first point and spacing drawn from a hash of the target.
 *
 * <p>A thousand targets that start together would be probed together for ever: the queue in front of the loop would then be
 * in every figure of latency, and each real server would see a burst. So the first probes are spread over the interval (over
 * one second if it is longer, as a real server waits for it), and each target's period is longer than the interval by its own
 * share of 1/32, which pulls apart those that begin close together. Nothing is random: a restart gives the same times, and a
 * test too. The period is never shorter than the interval and so never shorter than the time-out.
 *
 * @param firstDelay from the moment that the target is known to its first probe
 * @param period from the start of one probe to the start of the next: interval..interval * 33/32
 * @param periodDown the same while the target is unhealthy
 */
public record CheckSchedule(Duration firstDelay, Duration period, Duration periodDown) {

    /**
     * Some 2 ms, so that the loop is woken 500 times for ten thousand probes and not as often; a power of two, which fits the
     * clock's overflow.
     */
    static final Duration TICK = Duration.ofNanos(1 << 21);

    private static final Duration FIRST_SPREAD_MAX = Duration.ofSeconds(1);
    private static final int PERIOD_SPREAD_DIVISOR = 32;
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    /** Returns the schedule of {@code target}: always the same for an equal target. */
    public static CheckSchedule of(CheckTarget target) {
        Duration interval = target.spec().interval();
        Duration spread = interval.compareTo(FIRST_SPREAD_MAX) < 0 ? interval : FIRST_SPREAD_MAX;
        long hash = hash(target);
        long stretch = mix(hash + GOLDEN_GAMMA);
        return new CheckSchedule(
                share(hash, spread),
                stretched(interval, stretch),
                stretched(target.spec().intervalDown(), stretch));
    }

    private static Duration stretched(Duration interval, long hash) {
        return interval.plus(share(hash, interval.dividedBy(PERIOD_SPREAD_DIVISOR)));
    }

    /** Returns when to make the first probe of a target known since {@code start}. */
    public MonotonicInstant firstDue(MonotonicInstant start) {
        return start.plus(firstDelay);
    }

    /**
     * Returns when to make the probe after the one that was due at {@code due} and has ended by {@code now}: the next point
     * of the grid, whose spacing {@code health} decides, or, if that has passed already, the latest point that has (so at once). The points between are dropped, as
     * {@link #missed} counts: probes made up for in a row would say the same thing many times.
     */
    public MonotonicInstant nextDue(MonotonicInstant due, MonotonicInstant now, Health health) {
        return due.plus(Duration.ofNanos(periodNanos(health) * Math.max(1, periodsSince(due, now, health))));
    }

    /** Returns how many points of the grid {@link #nextDue} drops. */
    public long missed(MonotonicInstant due, MonotonicInstant now, Health health) {
        return Math.max(0, periodsSince(due, now, health) - 1);
    }

    private long periodsSince(MonotonicInstant due, MonotonicInstant now, Health health) {
        return now.since(due).toNanos() / periodNanos(health); // Duration's own division goes through BigDecimal
    }

    private long periodNanos(Health health) {
        return (health == Health.UNHEALTHY ? periodDown : period).toNanos();
    }

    /**
     * Returns when to begin the probe that is due at {@code due}: less than a tick later, together with all others until then,
     * as waking for each costs as much as half a probe.
     */
    public static MonotonicInstant tickAfter(MonotonicInstant due) {
        return new MonotonicInstant(due.nanos() + (-due.nanos() & TICK.toNanos() - 1));
    }

    /** Returns the share of {@code whole} that {@code hash} is of 2^64: evenly spread over [0, whole). */
    private static Duration share(long hash, Duration whole) {
        return Duration.ofNanos(Math.unsignedMultiplyHigh(hash, whole.toNanos()));
    }

    /** Not {@code hashCode}: that of an enum differs from process to process. */
    private static long hash(CheckTarget target) {
        IpAddress address = target.address().address();
        long hash = mix(address.high() + GOLDEN_GAMMA * address.family().lengthBytes());
        hash = mix(hash + address.low());
        hash = mix(hash + target.address().port());
        hash = mix(hash + target.spec().interval().toNanos());
        return mix(hash + target.spec().probe().toString().hashCode());
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every input bit changes every output bit half of the time. */
    private static long mix(long value) {
        long z = value + GOLDEN_GAMMA;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
