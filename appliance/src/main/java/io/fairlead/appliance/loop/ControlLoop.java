package io.fairlead.appliance.loop;

import io.fairlead.appliance.event.EventSink;
import io.fairlead.appliance.state.Memory;
import io.fairlead.appliance.state.PoolMemory;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.execute.PacketRuleFollower;
import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.policy.MemberState;
import io.fairlead.core.policy.RealServerName;
import io.fairlead.core.policy.Verdict;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.TargetChange;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that decides: everything reaches it as an event through a bounded queue. Between events it lets the
 * {@link VirtualServerKeeper} do what its time has come for, a little at a time, so that a change of health never waits for a
 * long reading.
 */
public final class ControlLoop implements Runnable {

    /** Only people and the health inbox's single wake-up call use the queue; whoever finds it full is told so. */
    private static final int QUEUE_CAPACITY_MAX = 256;

    private final Ticker ticker;
    private final VirtualServerKeeper keeper;

    private final BlockingQueue<ApplianceEvent> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY_MAX);
    private final HealthInbox inbox = new HealthInbox();
    private final AtomicBoolean inboxAnnounced = new AtomicBoolean();
    /** Who told that wishes have changed; null if nobody did since they were looked at. */
    private final AtomicReference<@Nullable String> wishesToldBy = new AtomicReference<>();

    /** How slow starts stand at the master, not looked at yet; null if there is nothing new. */
    private final AtomicReference<@Nullable Map<RealServerName, MemberState.Serving>> toldOfMaster =
            new AtomicReference<>();

    private final LoopMeter meter = new LoopMeter();
    private volatile boolean ended;

    /**
     * @param table owned by the loop's thread from the first event on
     * @param rules owned likewise
     * @param health what the checks say of a target now; any thread, never blocks
     * @param remembered what an earlier process left to be remembered
     * @param memory told what a later process should know; never blocks
     * @param wishes what operators want of real servers
     * @param events told what changes; never blocks
     * @param checks told what to check whenever that changes; never blocks
     */
    public ControlLoop(
            IpvsTable table,
            PacketRuleFollower rules,
            FairleadConfig empty,
            Function<CheckTarget, Verdict> health,
            Consumer<TargetChange> checks,
            Memory remembered,
            PoolMemory memory,
            OperatorWishes wishes,
            EventSink events,
            Ticker ticker) {
        this.ticker = ticker;
        this.keeper = new VirtualServerKeeper(
                table, rules, empty, health, checks, remembered, memory, wishes, events, meter, ticker);
    }

    /** Notes that a target's health changed. Any thread; never blocks. */
    public void healthChanged(CheckTarget target) {
        inbox.put(target);
        if (inboxAnnounced.compareAndSet(false, true) && !queue.offer(new ApplianceEvent.HealthChanged())) {
            inboxAnnounced.set(false); // the queue is full, so the loop is awake and looks into the inbox anyway
        }
    }

    /**
     * Notes that operators want something else than before. Any thread; never blocks.
     *
     * @param by who told of it, for the event log
     */
    public void wishesChanged(String by) {
        if (wishesToldBy.getAndSet(by) == null) {
            boolean _ = queue.offer(
                    new ApplianceEvent.WishesChanged()); // if it is full, the loop is awake and looks anyway
        }
    }

    /**
     * Notes how real servers stand, in pools with slow start, at the master if that is a peer; all of them. Any thread; never
     * blocks.
     */
    public void masterChanged(Map<RealServerName, MemberState.Serving> atMaster) {
        if (toldOfMaster.getAndSet(Map.copyOf(atMaster)) == null) {
            boolean _ = queue.offer(new ApplianceEvent.MasterChanged()); // as above
        }
    }

    /**
     * Asks for a configuration to be followed. Any thread.
     *
     * @param force even if it removes more than the guard allows
     */
    public CompletableFuture<ApplyOutcome> apply(FairleadConfig config, boolean force) {
        CompletableFuture<ApplyOutcome> outcome = new CompletableFuture<>();
        submit(new ApplianceEvent.Apply(config, force, outcome), outcome);
        return outcome;
    }

    /**
     * Asks for an operator's wish to be followed. Any thread.
     *
     * @param by who wishes it, for the event log
     */
    public CompletableFuture<OperatorOutcome> operate(RealServerName realServer, OperatorCommand command, String by) {
        CompletableFuture<OperatorOutcome> outcome = new CompletableFuture<>();
        submit(new ApplianceEvent.Operate(realServer, command, by, outcome), outcome);
        return outcome;
    }

    /**
     * Asks that from these addresses, and no others, no reset is sent for a connection that this host does not know. Any
     * thread but the loop's; waits for a place in the queue.
     */
    public void keepQuiet(Set<IpAddress> addresses) throws InterruptedException {
        queue.put(new ApplianceEvent.KeepQuiet(Set.copyOf(addresses)));
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

    /** Tells how the loop keeps up, without asking it. Any thread. */
    public LoopCounts counts() {
        return meter.read(queue.size(), QUEUE_CAPACITY_MAX);
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
            meter.refused();
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
                MonotonicInstant begun = ticker.now();
                if (event != null) {
                    handle(event);
                }
                followNews();
                keeper.turn();
                meter.turned(ticker.now().since(begun));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended = true;
            refuseQueued();
        }
    }

    private @Nullable ApplianceEvent awaitEvent() throws InterruptedException {
        Optional<MonotonicInstant> wake = keeper.nextTurn();
        if (wake.isEmpty()) {
            return queue.poll();
        }
        return queue.poll(Math.max(0, wake.get().since(ticker.now()).toNanos()), TimeUnit.NANOSECONDS);
    }

    private void handle(ApplianceEvent event) {
        switch (event) {
            case ApplianceEvent.HealthChanged(),
                    ApplianceEvent.WishesChanged(),
                    ApplianceEvent.MasterChanged() -> {} // looked into after every event
            case ApplianceEvent.Apply(var config, var force, var outcome) ->
                answer(outcome, () -> keeper.follow(config, force));
            case ApplianceEvent.Operate(var realServer, var command, var by, var outcome) ->
                answer(outcome, () -> keeper.operate(realServer, command, by));
            case ApplianceEvent.Plan(var config, var outcome) -> answer(outcome, () -> keeper.plan(config));
            case ApplianceEvent.KeepQuiet(var addresses) -> keeper.keepQuiet(addresses);
            case ApplianceEvent.Ping(var answer) -> answer.complete(null);
            case ApplianceEvent.Look(var view) -> answer(view, keeper::view);
            case ApplianceEvent.Stop() -> throw new IllegalStateException("handled by the loop");
        }
    }

    /** Looks for what is told without waiting for a place in the queue. */
    private void followNews() {
        inboxAnnounced.set(false);
        keeper.followHealth(inbox.take());
        String by = wishesToldBy.getAndSet(null);
        if (by != null) {
            keeper.followWishes(by);
        }
        Map<RealServerName, MemberState.Serving> told = toldOfMaster.getAndSet(null);
        if (told != null) {
            keeper.followMaster(told);
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

    private void refuseQueued() {
        for (ApplianceEvent event = queue.poll(); event != null; event = queue.poll()) {
            IllegalStateException stopped = new IllegalStateException("the appliance is stopping");
            switch (event) {
                case ApplianceEvent.Apply(var config, var force, var outcome) -> outcome.completeExceptionally(stopped);
                case ApplianceEvent.Operate(var realServer, var command, var by, var outcome) ->
                    outcome.completeExceptionally(stopped);
                case ApplianceEvent.Plan(var config, var outcome) -> outcome.completeExceptionally(stopped);
                case ApplianceEvent.Look(var view) -> view.completeExceptionally(stopped);
                case ApplianceEvent.Ping(var answer) -> answer.completeExceptionally(stopped);
                case ApplianceEvent.HealthChanged(),
                        ApplianceEvent.WishesChanged(),
                        ApplianceEvent.MasterChanged(),
                        ApplianceEvent.KeepQuiet _,
                        ApplianceEvent.Stop() -> {}
            }
        }
    }
}
