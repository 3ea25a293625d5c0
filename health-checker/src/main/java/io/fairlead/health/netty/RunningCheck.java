package io.fairlead.health.netty;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.CheckSchedule;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.HealthState;
import io.fairlead.health.check.HealthStateMachine;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One target under check: waits for its time, for its turn at the gate, for the end of its probe, and so on.
 *
 * <p>It holds one timer of the loop at a time: until the next probe is due or, while one is open, until its time-out. The loop
 * keeps timers in a binary heap; at 10,000 targets that is some 14 comparisons to insert and to remove, against the microseconds
 * of the socket calls beside them, so a wheel would gain nothing and lose exactness. Confined to the loop, except what says otherwise.
 */
final class RunningCheck implements Asker, ProbeGate.Entrant, Runnable {

    private static final Logger log = LoggerFactory.getLogger(RunningCheck.class);

    private final CheckTarget target;
    private final CheckSchedule schedule;
    private final @Nullable ProbeOpener opener;
    private final EventLoop loop;
    private final Ticker ticker;
    private final ProbeGate gate;
    private final CheckTally tally;
    private final OwnFaultLog ownFaults;
    private final HealthListener listener;

    private final ResultHistory history = new ResultHistory();

    private MonotonicInstant due;
    private @Nullable Future<?> timer;
    private @Nullable OpenProbe probe;
    private ProbeGate.Standing standing = ProbeGate.Standing.NEW;
    private boolean stopped;
    private volatile HealthState state;
    private volatile @Nullable Instant certificateExpires;

    RunningCheck(
            CheckTarget target,
            ProbeContext context,
            Ticker ticker,
            ProbeGate gate,
            CheckTally tally,
            OwnFaultLog ownFaults,
            HealthListener listener) {
        this.target = target;
        this.schedule = CheckSchedule.of(target);
        this.opener = ProbeOpener.of(target, context);
        this.loop = context.loop();
        this.ticker = ticker;
        this.gate = gate;
        this.tally = tally;
        this.ownFaults = ownFaults;
        this.listener = listener;
        this.due = schedule.firstDue(ticker.now());
        this.state = HealthState.initial(target);
    }

    /** Returns what is known now. Any thread. */
    HealthState state() {
        return state;
    }

    /** Returns the last results, the newest first. Any thread. */
    List<PastResult> history() {
        return history.newestFirst();
    }

    /** Returns when the certificate expires that was shown last, also when the probes after that came to none. Any thread. */
    Optional<Instant> certificateExpires() {
        return Optional.ofNullable(certificateExpires);
    }

    @Override
    public MonotonicInstant now() {
        return ticker.now();
    }

    @Override
    public CheckTarget target() {
        return target;
    }

    /** Where nothing is asked nothing ever changes: such a target is healthy before it is under check. */
    void start() {
        if (opener != null) {
            waitUntilDue(ticker.now());
        }
    }

    /** Ends everything without a further word to the listener. */
    void stop() {
        stopped = true;
        gate.forget(this);
        cancelTimer();
        OpenProbe open = probe;
        if (open != null) {
            probe = null;
            open.abandon();
            gate.leave(standing);
        }
    }

    /** The probe is due. */
    @Override
    public void run() {
        timer = null;
        if (!stopped) {
            standing = standingNow();
            gate.enter(this);
        }
    }

    private ProbeGate.Standing standingNow() {
        Optional<CheckResult> last = state.lastResult();
        if (last.isEmpty()) {
            return ProbeGate.Standing.NEW;
        }
        return last.get() instanceof CheckResult.Passed ? ProbeGate.Standing.PASSED : ProbeGate.Standing.FAILED;
    }

    @Override
    public ProbeGate.Standing standing() {
        return standing;
    }

    @Override
    public void begin() {
        if (opener == null) {
            throw new IllegalStateException("no probe to begin for " + target);
        }
        MonotonicInstant now = ticker.now();
        tally.begun(now.since(due));
        OpenProbe begun = opener.open(this, now);
        probe = begun;
        begun.start();
    }

    @Override
    public void expectWithin(Duration timeout, Runnable expiry) {
        cancelTimer();
        timer = loop.schedule(expiry, timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void ended(CheckResult result, MonotonicInstant now) {
        probe = null;
        cancelTimer();
        tally.ended(target.spec().probe().type(), result);
        ownFaults.note(target, result, now);
        if (result.certificateExpires().isPresent()) {
            certificateExpires = result.certificateExpires().get();
        }
        history.add(result, System.currentTimeMillis());
        HealthState previous = state;
        HealthState next = HealthStateMachine.step(previous, result, target.spec(), now);
        state = next;
        tally.skipped(schedule.missed(due, now, next.health()));
        due = schedule.nextDue(due, now, next.health());
        waitUntilDue(now);
        log.debug("check of {} ended: {}", target, result);
        try {
            if (!next.hasVerdictOf(previous)) {
                tell(previous, next);
            }
        } finally {
            gate.leave(standing);
        }
    }

    private void tell(HealthState previous, HealthState next) {
        try {
            listener.healthChanged(target, previous, next);
        } catch (RuntimeException e) {
            log.error("health listener failed on {}: {} to {}", target, previous.health(), next.health(), e);
        }
    }

    private void waitUntilDue(MonotonicInstant now) {
        long delayNanos = CheckSchedule.tickAfter(due).since(now).toNanos();
        timer = loop.schedule(this, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
    }

    private void cancelTimer() {
        Future<?> armed = timer;
        if (armed != null) {
            timer = null;
            armed.cancel(false);
        }
    }
}
