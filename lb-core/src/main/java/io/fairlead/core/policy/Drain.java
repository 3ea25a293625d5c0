package io.fairlead.core.policy;

import io.fairlead.core.policy.MemberState.Draining;
import io.fairlead.core.time.MonotonicInstant;
import java.time.Duration;
import java.util.Optional;

/**
 * When a drain ends. Pure.
 *
 * <p>A real server with weight 0 gets no new connections, and the kernel goes on with those that it has. So the end is a
 * matter of counting: it comes
 *
 * <ul>
 *   <li>at once when nothing at all is open, neither active nor inactive,
 *   <li>when nothing has been active for {@link #QUIET}. Inactive connections alone do not hold it up, because most have
 *       been closed and only wait for their timer; but a handshake that was under way becomes active within that time, and
 *       starts it over,
 *   <li>at the deadline, whatever is open then.
 * </ul>
 *
 * <p>UDP has no end of a connection: the kernel counts an exchange as active until its timeout has passed without a packet
 * (5 minutes unless {@code ipvs-timeouts.udp} says otherwise). A drain shorter than that timeout ends at its deadline.
 *
 * <p>A persistence template sends a client that is known back to its real server even with weight 0, unless the sysctl
 * {@code expire_quiescent_template} is set. Templates are not counted, only what they let in; what keeps coming is ended by
 * the deadline, and the removal of the real server makes its templates void.
 */
final class Drain {

    /** How long nothing may have been active before the rest is taken for closed. */
    static final Duration QUIET = Duration.ofSeconds(5);

    private static final Duration COUNT_PAUSE_MIN = Duration.ofSeconds(1);
    private static final Duration COUNT_PAUSE_MAX = Duration.ofSeconds(10);
    /** A drain is counted again after this part of its age: soon at first, seldom when it takes long. */
    private static final int COUNT_PAUSE_DIVISOR = 8;

    private Drain() {}

    /** Begins a drain; its connections are to be counted right away, since those open now are counted already. */
    static Draining begin(DrainCause cause, Duration timeout, MonotonicInstant now) {
        return new Draining(cause, now, now.plus(timeout), now, Optional.empty());
    }

    /**
     * Continues a drain.
     *
     * @param counted its connections, if they were counted just now
     * @return the drain as it stands now; empty if it has ended
     */
    static Optional<Draining> step(Draining drain, Optional<OpenConnections> counted, MonotonicInstant now) {
        if (!now.isBefore(drain.deadline())) {
            return Optional.empty();
        }
        if (counted.isEmpty()) {
            return Optional.of(drain);
        }
        OpenConnections open = counted.get();
        if (open.active() == 0 && open.inactive() == 0) {
            return Optional.empty();
        }
        Optional<MonotonicInstant> quietSince = open.active() > 0
                ? Optional.empty()
                : Optional.of(drain.quietSince().orElse(now));
        if (quietSince.isPresent() && now.since(quietSince.get()).compareTo(QUIET) >= 0) {
            return Optional.empty();
        }
        return Optional.of(new Draining(
                drain.cause(), drain.since(), drain.deadline(), now.plus(pause(now.since(drain.since()))), quietSince));
    }

    /** Returns when the drain has to be looked at again. */
    static MonotonicInstant wakeAt(Draining drain) {
        return drain.countAt().isBefore(drain.deadline()) ? drain.countAt() : drain.deadline();
    }

    private static Duration pause(Duration age) {
        Duration part = age.dividedBy(COUNT_PAUSE_DIVISOR);
        if (part.compareTo(COUNT_PAUSE_MIN) < 0) {
            return COUNT_PAUSE_MIN;
        }
        return part.compareTo(COUNT_PAUSE_MAX) < 0 ? part : COUNT_PAUSE_MAX;
    }
}
