package io.fairlead.appliance.loop;

import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.execute.TableFollower;
import io.fairlead.core.kernel.ApplyReport.OpFailure;
import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.policy.Health;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.TargetChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that decides. It owns what is wanted, what the kernel holds, and the channel between them; everything else
 * reaches it as an event through a bounded queue.
 *
 * <p>Between events it audits the kernel's table a few virtual servers at a time, so that a change of health never waits
 * for a long reading, and tries again what the kernel refused, with growing pauses.
 */
public final class ControlLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);

    /** Only people and the health inbox's single wake-up call use the queue; whoever finds it full is told so. */
    private static final int QUEUE_CAPACITY_MAX = 256;

    /** Some 1 ms of reading on the machines measured: what a change of health may have to wait for. */
    private static final int AUDIT_STEP_VIRTUAL_SERVERS = 16;

    private static final Duration RETRY_PAUSE_MIN = Duration.ofSeconds(1);
    private static final Duration RETRY_PAUSE_MAX = Duration.ofMinutes(1);
    private static final int REPORTED_FAILURES_MAX = 20;

    private final TableFollower follower;
    private final IpvsTable table;
    private final Function<CheckTarget, Health> health;
    private final Consumer<TargetChange> checks;
    private final Ticker ticker;

    private final BlockingQueue<ApplianceEvent> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY_MAX);
    private final HealthInbox inbox = new HealthInbox();
    private final AtomicBoolean inboxAnnounced = new AtomicBoolean();
    private volatile boolean ended;

    private final Intent intent;
    /** Ours, not wanted any more, and not yet gone: kept until the kernel has let go of them. */
    private final Set<VirtualServerKey> leaving = new HashSet<>();
    /** What the kernel did not take; wanted again at {@link #retryAt}. */
    private final Set<VirtualServerKey> behind = new HashSet<>();

    private final Set<Scheduler> knownSchedulers = new HashSet<>();
    private Duration retryPause = RETRY_PAUSE_MIN;
    private MonotonicInstant retryAt;
    private MonotonicInstant auditAt;
    private TableFollower.@Nullable Audit audit;
    private ReconcileStatus status = ReconcileStatus.NONE;

    /**
     * @param table owned by the loop's thread from the first event on
     * @param health what the checks say of a target now; any thread, never blocks
     * @param checks told what to check whenever that changes; never blocks
     */
    public ControlLoop(
            IpvsTable table,
            FairleadConfig empty,
            Function<CheckTarget, Health> health,
            Consumer<TargetChange> checks,
            Ticker ticker) {
        this.table = table;
        this.follower = new TableFollower(table);
        this.health = health;
        this.checks = checks;
        this.ticker = ticker;
        this.intent = new Intent(empty);
        this.retryAt = ticker.now();
        this.auditAt = ticker.now().plus(empty.resyncInterval());
    }

    /** Notes that a target's health changed. Any thread; never blocks. */
    public void healthChanged(CheckTarget target) {
        inbox.put(target);
        if (inboxAnnounced.compareAndSet(false, true) && !queue.offer(new ApplianceEvent.HealthChanged())) {
            inboxAnnounced.set(false); // the queue is full, so the loop is awake and looks into the inbox anyway
        }
    }

    /** Asks for a configuration to be followed. Any thread. */
    public CompletableFuture<ApplyOutcome> apply(FairleadConfig config) {
        CompletableFuture<ApplyOutcome> outcome = new CompletableFuture<>();
        submit(new ApplianceEvent.Apply(config, outcome), outcome);
        return outcome;
    }

    /** Asks what following a configuration would do. Any thread. */
    public CompletableFuture<PlanOutcome> plan(FairleadConfig config) {
        CompletableFuture<PlanOutcome> outcome = new CompletableFuture<>();
        submit(new ApplianceEvent.Plan(config, outcome), outcome);
        return outcome;
    }

    /** Asks how things stand. Any thread. */
    public CompletableFuture<LoopView> look() {
        CompletableFuture<LoopView> view = new CompletableFuture<>();
        submit(new ApplianceEvent.Look(view), view);
        return view;
    }

    /** Asks for a sign of life. Any thread. */
    public CompletableFuture<Void> ping() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        submit(new ApplianceEvent.Ping(answer), answer);
        return answer;
    }

    /** Asks the loop to end after what is queued. Any thread but the loop's; waits for a place in the queue. */
    public void stop() throws InterruptedException {
        queue.put(new ApplianceEvent.Stop());
    }

    private void submit(ApplianceEvent event, CompletableFuture<?> answer) {
        if (!queue.offer(event)) {
            answer.completeExceptionally(new IllegalStateException(
                    "the control loop is " + QUEUE_CAPACITY_MAX + " requests behind: try again later"));
        }
        if (ended) {
            refuseQueued(); // nobody else will
        }
    }

    /** Runs until {@link #stop}. An error that is not the kernel's is a bug and ends the loop, for the supervisor to see. */
    @Override
    public void run() {
        try {
            while (true) {
                ApplianceEvent event = awaitEvent();
                if (event instanceof ApplianceEvent.Stop) {
                    return;
                }
                if (event != null) {
                    handle(event);
                }
                followHealth();
                MonotonicInstant now = ticker.now();
                retryIfDue(now);
                auditIfDue(now);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended = true;
            refuseQueued();
        }
    }

    private @Nullable ApplianceEvent awaitEvent() throws InterruptedException {
        if (audit != null) {
            return queue.poll();
        }
        MonotonicInstant wake =
                (behind.isEmpty() && leaving.isEmpty()) || auditAt.isBefore(retryAt) ? auditAt : retryAt;
        return queue.poll(Math.max(0, wake.since(ticker.now()).toNanos()), TimeUnit.NANOSECONDS);
    }

    private void handle(ApplianceEvent event) {
        switch (event) {
            case ApplianceEvent.HealthChanged() -> {} // looked into after every event
            case ApplianceEvent.Apply(var config, var outcome) -> answer(outcome, () -> follow(config));
            case ApplianceEvent.Plan(var config, var outcome) -> answer(outcome, () -> planFor(config));
            case ApplianceEvent.Look(var view) ->
                answer(view, () -> new LoopView(intent.config(), follower.held(), status));
            case ApplianceEvent.Ping(var answer) -> answer.complete(null);
            case ApplianceEvent.Stop() -> throw new IllegalStateException("handled by the loop");
        }
    }

    private interface Answer<T> {
        T get();
    }

    private static <T> void answer(CompletableFuture<T> future, Answer<T> answer) {
        try {
            future.complete(answer.get());
        } catch (KernelException e) {
            future.completeExceptionally(e);
        }
    }

    private ApplyOutcome follow(FairleadConfig config) {
        Intent.Difference difference = intent.difference(config);
        List<String> unsupported = unsupported(difference);
        if (!unsupported.isEmpty()) {
            return new ApplyOutcome.Unsupported(unsupported);
        }
        Set<VirtualServerKey> changed = difference.changedKeys();
        adoptNew(changed);
        leaving.addAll(difference.removed());
        leaving.removeAll(changed);
        behind.removeAll(difference.removed());
        TargetChange targets = intent.change(config, difference);
        if (!targets.isEmpty()) {
            checks.accept(targets);
        }
        auditAt = earlier(auditAt, ticker.now().plus(config.resyncInterval()));
        int operations = bringAbout(changed);
        return new ApplyOutcome.Applied(operations, status.failing());
    }

    /** Virtual servers that are new to the configuration may be in the kernel already: from our last run, or by hand. */
    private void adoptNew(Set<VirtualServerKey> changed) {
        Set<VirtualServerKey> added = new HashSet<>();
        for (VirtualServerKey key : changed) {
            if (!intent.has(key) && !leaving.contains(key)) {
                added.add(key);
            }
        }
        if (!added.isEmpty()) {
            int adopted = follower.adopt(added);
            if (adopted > 0) {
                LOG.info("Adopted virtual servers that the kernel holds already count={}", adopted);
            }
        }
    }

    private PlanOutcome planFor(FairleadConfig config) {
        Intent.Difference difference = intent.difference(config);
        Set<VirtualServerKey> removed = new HashSet<>(leaving);
        removed.addAll(difference.removed());
        removed.removeAll(difference.changedKeys());
        return new PlanOutcome(
                follower.plan(Intent.pools(difference.changed(), health, follower::held), removed),
                unsupported(difference));
    }

    /** Returns a reason for each virtual server that this kernel cannot have. */
    private List<String> unsupported(Intent.Difference difference) {
        Set<Scheduler> unknown = difference.schedulers();
        unknown.removeAll(knownSchedulers);
        Set<Scheduler> missing = table.missingSchedulers(unknown);
        unknown.removeAll(missing);
        knownSchedulers.addAll(unknown);
        List<String> reasons = new ArrayList<>();
        for (ConfiguredVirtualServer virtualServer : difference.changed()) {
            Scheduler scheduler = virtualServer.spec().virtualServer().scheduler();
            if (missing.contains(scheduler)) {
                reasons.add("virtual server " + virtualServer.spec().name() + ": scheduler \"" + scheduler
                        + "\" is not in this kernel (expected: module " + scheduler.moduleName() + ")");
            }
        }
        return reasons;
    }

    private void followHealth() {
        inboxAnnounced.set(false);
        Set<VirtualServerKey> affected = intent.affectedBy(inbox.take());
        if (!affected.isEmpty()) {
            bringAbout(affected);
        }
    }

    private void retryIfDue(MonotonicInstant now) {
        if ((!behind.isEmpty() || !leaving.isEmpty()) && !now.isBefore(retryAt)) {
            Set<VirtualServerKey> again = new HashSet<>(behind);
            again.addAll(leaving);
            try {
                follower.adopt(again); // what failed may have been done halfway
            } catch (KernelException e) {
                noteFailure(again, e);
                return;
            }
            bringAbout(Set.copyOf(behind));
        }
    }

    /**
     * Brings the virtual servers {@code keys} about, and removes those that are leaving.
     *
     * @return how many operations the kernel carried out
     */
    private int bringAbout(Collection<VirtualServerKey> keys) {
        try {
            TableFollower.Outcome outcome =
                    follower.follow(Intent.pools(intent.find(keys), health, follower::held), Set.copyOf(leaving));
            leaving.removeIf(key -> follower.held(key).isEmpty());
            behind.removeAll(keys);
            note(outcome);
            return outcome.operations();
        } catch (KernelException e) {
            noteFailure(keys, e);
            return 0;
        }
    }

    private void note(TableFollower.Outcome outcome) {
        if (outcome.conflicts() > 0) {
            LOG.warn("Kernel table was changed by someone else; repaired conflicts={}", outcome.conflicts());
        }
        for (OpFailure failure : outcome.failures()) {
            if (intent.has(failure.op().virtualServerKey())) {
                behind.add(failure.op().virtualServerKey());
            }
        }
        status = new ReconcileStatus(
                status.operations() + outcome.operations(),
                status.drift() + outcome.conflicts(),
                status.refusals() + outcome.failures().size(),
                outcome.operations() > 0 ? Optional.of(Instant.now()) : status.lastChange(),
                status.lastAudit(),
                behind.isEmpty() && leaving.isEmpty() ? List.of() : reportable(outcome.failures(), status.failing()));
        if (outcome.succeeded()) {
            if (behind.isEmpty() && leaving.isEmpty()) {
                retryPause = RETRY_PAUSE_MIN;
            }
        } else {
            postponeRetry("Kernel refused " + outcome.failures().size() + " operations, first: "
                    + outcome.failures().getFirst().cause().getMessage());
        }
    }

    private static List<String> reportable(List<OpFailure> failures, List<String> before) {
        if (failures.isEmpty()) {
            return before;
        }
        return failures.stream()
                .limit(REPORTED_FAILURES_MAX)
                .map(failure -> String.valueOf(failure.cause().getMessage()))
                .toList();
    }

    /** The channel itself failed: everything it was used for is behind. */
    private void noteFailure(Collection<VirtualServerKey> keys, KernelException e) {
        for (VirtualServerKey key : keys) {
            if (intent.has(key)) {
                behind.add(key);
            }
        }
        status = new ReconcileStatus(
                status.operations(),
                status.drift(),
                status.refusals() + 1,
                status.lastChange(),
                status.lastAudit(),
                List.of(String.valueOf(e.getMessage())));
        postponeRetry(String.valueOf(e.getMessage()));
    }

    private void postponeRetry(String reason) {
        retryAt = ticker.now().plus(retryPause);
        LOG.warn("{}; trying again in={}", reason, retryPause);
        Duration doubled = retryPause.multipliedBy(2);
        retryPause = doubled.compareTo(RETRY_PAUSE_MAX) < 0 ? doubled : RETRY_PAUSE_MAX;
    }

    private void auditIfDue(MonotonicInstant now) {
        if (audit == null && now.isBefore(auditAt)) {
            return;
        }
        auditAt = now.plus(intent.config().resyncInterval());
        try {
            if (audit == null) {
                audit = follower.startAudit();
            }
            if (audit.step(AUDIT_STEP_VIRTUAL_SERVERS)) {
                Set<VirtualServerKey> drifted = audit.drifted();
                audit = null;
                repair(drifted);
            }
        } catch (KernelException e) {
            audit = null;
            LOG.warn("Cannot read the kernel's table: {}", e.getMessage());
        }
    }

    private void repair(Set<VirtualServerKey> drifted) {
        int operations = drifted.isEmpty() ? 0 : bringAbout(drifted);
        status = new ReconcileStatus(
                status.operations(),
                status.drift() + drifted.size(),
                status.refusals(),
                status.lastChange(),
                Optional.of(Instant.now()),
                status.failing());
        if (!drifted.isEmpty()) {
            LOG.warn(
                    "Kernel table was changed by someone else; repaired virtual-servers={} operations={} first=\"{}\"",
                    drifted.size(),
                    operations,
                    drifted.iterator().next());
        }
    }

    private void refuseQueued() {
        for (ApplianceEvent event = queue.poll(); event != null; event = queue.poll()) {
            IllegalStateException stopped = new IllegalStateException("the appliance is stopping");
            switch (event) {
                case ApplianceEvent.Apply(var config, var outcome) -> outcome.completeExceptionally(stopped);
                case ApplianceEvent.Plan(var config, var outcome) -> outcome.completeExceptionally(stopped);
                case ApplianceEvent.Look(var view) -> view.completeExceptionally(stopped);
                case ApplianceEvent.Ping(var answer) -> answer.completeExceptionally(stopped);
                case ApplianceEvent.HealthChanged(), ApplianceEvent.Stop() -> {}
            }
        }
    }

    private static MonotonicInstant earlier(MonotonicInstant one, MonotonicInstant other) {
        return one.isBefore(other) ? one : other;
    }
}
