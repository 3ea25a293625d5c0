package io.fairlead.health.netty;

import io.fairlead.core.time.Ticker;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.HealthState;
import io.fairlead.health.check.ScriptProbeSpec;
import io.fairlead.health.check.TargetChange;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks a set of targets for as long as it is open, and tells of every change of health.
 *
 * <p>One thread, {@value #THREAD_NAME}, makes all probes: a check costs tens of microseconds, so one thread does for tens of
 * thousands of checks a second and nothing needs a lock. All methods may be called by any thread; none waits for a probe.
 *
 * <p>A failure of one probe, whatever it is, is a result of its target and disturbs no other. A fault of this host (no
 * descriptor, no port) is counted, logged at most once in ten seconds and shown as the target's last result, but never
 * changes a health.
 */
public final class HealthChecker implements AutoCloseable {

    public static final int OPEN_PROBES_MAX_DEFAULT = 1024;

    /** How many probes out of schedule may be open at once. */
    static final int PROBES_NOW_MAX = 64;

    private static final String THREAD_NAME = "fairlead-checks";
    private static final Logger log = LoggerFactory.getLogger(HealthChecker.class);

    private final HealthListener listener;
    private final IoEventLoopGroup group;
    private final IoEventLoop loop;
    private final ProbeContext context;
    private final CheckTally tally = new CheckTally();
    private final OwnFaultLog ownFaults = new OwnFaultLog();
    private final ProbeGate gate;
    private final ProbeGate scriptGate;
    /** Written by the loop only. */
    private final Map<CheckTarget, RunningCheck> checks = new ConcurrentHashMap<>();

    /** Loop only. */
    private final Set<ProbeNow> probesNow = new HashSet<>();

    private volatile boolean closed;

    /** Opens a checker of nothing yet, with the default bound on open probes. */
    public HealthChecker(HealthListener listener) {
        this(listener, OPEN_PROBES_MAX_DEFAULT);
    }

    /**
     * Opens a checker of nothing yet.
     *
     * @param openProbesMax at least 1: how many probes, each with a descriptor, may be open at once; more wait for their
     *     turn in order and are counted as delayed
     * @throws UnsatisfiedLinkError if this is not Linux or Netty's native library is missing
     */
    public HealthChecker(HealthListener listener, int openProbesMax) {
        if (openProbesMax < 1) {
            throw new IllegalArgumentException("open probes max " + openProbesMax + " (expected: at least 1)");
        }
        this.listener = listener;
        this.gate = new ProbeGate(openProbesMax, tally);
        this.scriptGate = new ProbeGate(Math.min(openProbesMax, ProbeContext.SCRIPTS_MAX), tally);
        this.group = new MultiThreadIoEventLoopGroup(1, HealthChecker::thread, EpollIoHandler.newFactory());
        this.loop = group.next();
        this.context = new ProbeContext(loop);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new FastThreadLocalThread(task, THREAD_NAME);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Ends the checks of some targets and forgets them, begins with others, and leaves all the rest alone, with what is known
     * of it. Returns before this is done; calls take effect in their order. A change of a target that goes may still be told
     * while this returns. After {@link #close} it does nothing.
     */
    public void update(TargetChange change) {
        try {
            loop.execute(() -> apply(change));
        } catch (RejectedExecutionException e) {
            log.debug(
                    "update after close: {} targets not checked", change.begun().size(), e);
        }
    }

    private void apply(TargetChange change) {
        if (closed) {
            return;
        }
        for (CheckTarget target : change.ended()) {
            RunningCheck check = checks.remove(target);
            if (check != null) {
                check.stop();
                listener.ended(target);
            }
        }
        for (CheckTarget target : change.begun()) {
            if (!checks.containsKey(target)) {
                RunningCheck check =
                        new RunningCheck(target, context, Ticker.system(), gateOf(target), tally, ownFaults, listener);
                checks.put(target, check);
                check.start();
            }
        }
        log.debug("checking {} targets", checks.size());
    }

    /**
     * Probes {@code target} at once, out of schedule, whether it is under check or not. The result goes to the caller alone: it
     * changes no health and is in no count. Ends within the time-out of the target; fails if too many are open, or when the
     * checker closes.
     */
    public CompletableFuture<CheckResult> probeNow(CheckTarget target) {
        CompletableFuture<CheckResult> answer = new CompletableFuture<>();
        if (!context.tellLoop(() -> begin(target, answer))) {
            answer.completeExceptionally(new IllegalStateException("the checks were ended"));
        }
        return answer;
    }

    private void begin(CheckTarget target, CompletableFuture<CheckResult> answer) {
        if (closed || probesNow.size() >= PROBES_NOW_MAX) {
            answer.completeExceptionally(new IllegalStateException(
                    closed
                            ? "the checks were ended"
                            : PROBES_NOW_MAX + " probes out of schedule are open: try again later"));
            return;
        }
        ProbeNow probe = new ProbeNow(target, context, Ticker.system(), answer);
        probesNow.add(probe);
        CompletableFuture<CheckResult> _ = answer.whenComplete((_, _) -> probesNow.remove(probe));
        probe.start();
    }

    /** A script costs a process; so many as other probes could be open would be too many. */
    private ProbeGate gateOf(CheckTarget target) {
        return target.spec().probe() instanceof ScriptProbeSpec ? scriptGate : gate;
    }

    /** Returns what is known of {@code target}: of one not under check (yet), what is known without asking. */
    public HealthState stateOf(CheckTarget target) {
        RunningCheck check = checks.get(target);
        return check == null ? HealthState.initial(target) : check.state();
    }

    /** Returns what is known of every target under check: a copy, each state whole, not all of one moment. */
    public Map<CheckTarget, HealthState> snapshot() {
        Map<CheckTarget, HealthState> states = HashMap.newHashMap(checks.size());
        checks.forEach((target, check) -> states.put(target, check.state()));
        return Map.copyOf(states);
    }

    /** Returns the last results of {@code target}, the newest first; none of one not under check. */
    public List<PastResult> historyOf(CheckTarget target) {
        RunningCheck check = checks.get(target);
        return check == null ? List.of() : check.history();
    }

    /** Returns when the certificate expires that {@code target} showed last; empty if it has shown none. */
    public Optional<Instant> certificateExpiresOf(CheckTarget target) {
        RunningCheck check = checks.get(target);
        return check == null ? Optional.empty() : check.certificateExpires();
    }

    /** Returns how many targets are under check. */
    public int size() {
        return checks.size();
    }

    /** Returns what has been done so far. */
    public CheckCounters counters() {
        return tally.read(gate.open() + scriptGate.open());
    }

    /**
     * Ends all checks and closes their connections. The listener is not called after this has returned, and no descriptor is
     * left, unless it is called by the listener itself or the thread is held up for more than ten seconds.
     */
    @Override
    public void close() {
        closed = true;
        try {
            loop.execute(() -> {
                checks.values().forEach(RunningCheck::stop);
                checks.clear();
                List.copyOf(probesNow).forEach(ProbeNow::abandon);
                context.close();
            });
        } catch (RejectedExecutionException e) {
            log.debug("closed already", e);
        }
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        if (!loop.inEventLoop() && !group.terminationFuture().awaitUninterruptibly(10, TimeUnit.SECONDS)) {
            log.warn("health checks have not ended within 10 s of closing");
        }
        if (!loop.inEventLoop() && !context.awaitStarted()) {
            log.warn("a file or a program of a health check blocks, and is left behind");
        }
    }
}
