package io.fairlead.appliance.loop;

import io.fairlead.appliance.event.EventKind;
import io.fairlead.appliance.event.EventSink;
import io.fairlead.appliance.event.EventSubject;
import io.fairlead.appliance.state.Memory;
import io.fairlead.appliance.state.PoolMemory;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.execute.PacketRuleFollower;
import io.fairlead.core.execute.TableFollower;
import io.fairlead.core.kernel.ApplyReport.OpFailure;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.kernel.IpvsTimeouts;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.policy.AdminState;
import io.fairlead.core.policy.MemberState;
import io.fairlead.core.policy.OpenConnections;
import io.fairlead.core.policy.OperatorOverride;
import io.fairlead.core.policy.PoolPolicy;
import io.fairlead.core.policy.RealServerName;
import io.fairlead.core.policy.RealServerSpec;
import io.fairlead.core.policy.RemovalGuard.Removal;
import io.fairlead.core.policy.Verdict;
import io.fairlead.core.policy.VirtualServerSpec;
import io.fairlead.core.text.Amount;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.TargetChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
    /** Each costs one reading of its real servers, as in an audit. */
    private static final int DUE_STEP_VIRTUAL_SERVERS = 16;

    private static final int REPORTED_FAILURES_MAX = 20;
    /** Of one audit; the others are counted. */
    private static final int DRIFT_EVENTS_MAX = 20;

    private final TableFollower follower;
    private final PacketRuleKeeper rules;
    private final IpvsTable table;
    private final Function<CheckTarget, Verdict> health;
    private final Consumer<TargetChange> checks;
    private final Ticker ticker;

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

    private final Intent intent;
    private final Pools pools;
    /** Ours, not wanted any more, and not yet gone: they drain until the kernel has let go of them. */
    private final Map<VirtualServerKey, VirtualServerSpec> leaving = new HashMap<>();
    /** Of what an earlier process left, it is known what is configured and what is not. */
    private boolean hasSorted;
    /** What the kernel did not take; wanted again at {@link #retryAt}. */
    private final Set<VirtualServerKey> behind = new HashSet<>();

    private final Set<Scheduler> knownSchedulers = new HashSet<>();
    private Duration retryPause = RETRY_PAUSE_MIN;
    private MonotonicInstant retryAt;
    private MonotonicInstant auditAt;
    private TableFollower.@Nullable Audit audit;
    private MonotonicInstant auditBegun;
    private Duration auditTook = Duration.ZERO;
    private final Rivalry rivalry = new Rivalry();
    private final EventSink events;
    private ReconcileStatus status = ReconcileStatus.NONE;

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
        this.table = table;
        this.follower = new TableFollower(table);
        this.rules = new PacketRuleKeeper(rules);
        this.health = health;
        this.checks = checks;
        this.ticker = ticker;
        this.intent = new Intent(empty);
        this.events = events;
        this.pools = new Pools(remembered, memory, wishes, events);
        this.retryAt = ticker.now();
        this.auditBegun = ticker.now();
        this.auditAt = ticker.now().plus(empty.resyncInterval());
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
                followHealth();
                followWishes();
                followMaster();
                MonotonicInstant now = ticker.now();
                rules.retryIfDue(now);
                retryIfDue(now);
                decideDue(now);
                rules.settle(now);
                auditIfDue(now);
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
        if (audit != null) {
            return queue.poll();
        }
        MonotonicInstant wake = behind.isEmpty() ? auditAt : earlier(auditAt, retryAt);
        wake = earlier(wake, pools.nextWakeup().orElse(wake));
        wake = earlier(wake, rules.retryAt().orElse(wake));
        return queue.poll(Math.max(0, wake.since(ticker.now()).toNanos()), TimeUnit.NANOSECONDS);
    }

    private void handle(ApplianceEvent event) {
        switch (event) {
            case ApplianceEvent.HealthChanged(),
                    ApplianceEvent.WishesChanged(),
                    ApplianceEvent.MasterChanged() -> {} // looked into after every event
            case ApplianceEvent.Apply(var config, var force, var outcome) ->
                answer(outcome, () -> follow(config, force));
            case ApplianceEvent.Operate(var realServer, var command, var by, var outcome) ->
                answer(outcome, () -> operateNow(realServer, command, by));
            case ApplianceEvent.Plan(var config, var outcome) -> answer(outcome, () -> planFor(config));
            case ApplianceEvent.KeepQuiet(var addresses) -> rules.keepQuiet(addresses);
            case ApplianceEvent.Ping(var answer) -> answer.complete(null);
            case ApplianceEvent.Look(var view) -> answer(view, this::view);
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

    private LoopView view() {
        return new LoopView(
                intent.config(),
                follower.held(),
                status,
                pools.states(),
                pools.overrides(),
                leaving.keySet(),
                rules.status(),
                ticker.now());
    }

    private ApplyOutcome follow(FairleadConfig config, boolean force) {
        Intent.Difference difference = intent.difference(config);
        List<String> unsupported = unsupported(difference);
        if (!unsupported.isEmpty()) {
            return new ApplyOutcome.Unsupported(unsupported);
        }
        List<String> objections = force ? List.of() : objections(config, difference);
        if (!objections.isEmpty()) {
            return new ApplyOutcome.HeldBack(objections);
        }
        Set<VirtualServerKey> changed = difference.changedKeys();
        adoptNew(changed);
        for (VirtualServerKey key : difference.removed()) {
            intent.find(key).ifPresent(gone -> {
                leaving.put(key, gone.spec().leaving());
                rules.leave(gone);
            });
        }
        leaving.keySet().removeAll(changed);
        changed.forEach(rules::gone);
        TargetChange targets = intent.change(config, difference);
        pools.configured(
                config.highAvailability().filter(ha -> ha.peers().size() > 1).isPresent(),
                name -> find(name).isPresent());
        auditAt = earlier(auditAt, ticker.now().plus(AuditPace.pause(config.resyncInterval(), auditTook)));
        Set<VirtualServerKey> concerned = new HashSet<>(changed);
        concerned.addAll(difference.removed());
        concerned.addAll(sortLeftovers());
        int operations = rules.prepare(config.virtualServers(), ticker.now());
        operations += bringAbout(concerned);
        operations += rules.settle(ticker.now());
        if (!targets.isEmpty()) {
            checks.accept(targets); // after their paths are there
        }
        followTimeouts();
        List<String> failures = new ArrayList<>(status.failing());
        rules.status().failing().ifPresent(failures::add);
        return new ApplyOutcome.Applied(operations, failures);
    }

    /** The timeouts are the namespace's, not ours alone: only those that are configured are touched. */
    private void followTimeouts() {
        IpvsTimeouts wanted = intent.config().ipvsTimeouts();
        if (wanted.tcp().isZero() && wanted.tcpFin().isZero() && wanted.udp().isZero()) {
            return;
        }
        try {
            IpvsTimeouts found = table.readTimeouts();
            if (!found.equals(wanted.over(found))) {
                table.writeTimeouts(wanted);
                LOG.info("IPVS timeouts changed from={} to={}", found, wanted.over(found));
            }
        } catch (KernelException e) {
            LOG.warn("Cannot set the IPVS timeouts, trying again with the next audit: {}", e.getMessage());
        }
    }

    private List<String> objections(FairleadConfig config, Intent.Difference difference) {
        List<Removal> removals = intent.removals(difference);
        return config.removalGuard().objections(removals.getFirst(), removals.getLast());
    }

    /** Virtual servers that are new to the configuration may be in the kernel already: from our last run, or by hand. */
    private void adoptNew(Set<VirtualServerKey> changed) {
        Set<VirtualServerKey> added = new HashSet<>();
        for (VirtualServerKey key : changed) {
            if (!intent.has(key) && !leaving.containsKey(key)) {
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

    /**
     * What an earlier process made and the configuration does not have drains now: the configuration was changed while we
     * were not there, or we ended in the middle of a change. Once, with the first configuration.
     *
     * @return the virtual servers that were found
     */
    private Set<VirtualServerKey> sortLeftovers() {
        if (hasSorted) {
            return Set.of();
        }
        Set<VirtualServerKey> leftovers = pools.known();
        leftovers.removeIf(intent::has);
        if (!leftovers.isEmpty()) {
            follower.adopt(leftovers);
            for (VirtualServerKey key : leftovers) {
                follower.held(key)
                        .ifPresentOrElse(
                                pool -> leaving.put(
                                        key,
                                        new VirtualServerSpec(
                                                key.toString(), pool.virtualServer(), PoolPolicy.PLAIN, List.of())),
                                () -> pools.forget(key));
            }
            leftovers.retainAll(leaving.keySet());
            if (!leftovers.isEmpty()) {
                LOG.info("Draining virtual servers that an earlier run left behind count={}", leftovers.size());
            }
        }
        hasSorted = true;
        return leftovers;
    }

    private Optional<RealServerSpec> find(RealServerName name) {
        return intent.named(name.virtualServer())
                .flatMap(virtualServer -> virtualServer.spec().realServers().stream()
                        .filter(realServer -> realServer.name().equals(name.realServer()))
                        .findFirst());
    }

    private OperatorOutcome operateNow(RealServerName name, OperatorCommand command, String by) {
        Optional<ConfiguredVirtualServer> virtualServer = intent.named(name.virtualServer());
        if (virtualServer.isEmpty()) {
            return new OperatorOutcome.NotFound("virtual server " + name.virtualServer());
        }
        if (find(name).isEmpty()) {
            return new OperatorOutcome.NotFound("real server " + name);
        }
        OperatorOverride before = pools.override(name);
        OperatorOverride next = switch (command) {
            case OperatorCommand.Drain(var timeout) -> before.withState(AdminState.DRAINED, timeout);
            case OperatorCommand.Disable() -> before.withState(AdminState.DISABLED, Optional.empty());
            case OperatorCommand.Enable() -> before.withState(AdminState.ENABLED, Optional.empty());
            case OperatorCommand.SetWeight(var weight) ->
                before.withWeight(weight.map(OptionalInt::of).orElse(OptionalInt.empty()));
        };
        try {
            pools.override(name, next);
        } catch (IllegalArgumentException e) {
            return new OperatorOutcome.Refused(String.valueOf(e.getMessage()));
        }
        LOG.info("Operator changed a real server name={} command={} by=\"{}\"", name, command, by);
        events.record(EventKind.OPERATOR, EventSubject.realServer(name), command.text(), by);
        int operations = bringAbout(Set.of(virtualServer.get().spec().key()));
        return new OperatorOutcome.Followed(operations, status.failing());
    }

    /** Follows what operators said on peers. */
    private void followWishes() {
        String by = wishesToldBy.getAndSet(null);
        if (by == null) {
            return;
        }
        Set<VirtualServerKey> affected = new HashSet<>();
        for (RealServerName name : pools.followWishes()) {
            if (find(name).isPresent()) {
                intent.named(name.virtualServer())
                        .ifPresent(virtualServer ->
                                affected.add(virtualServer.spec().key()));
                String wanted = pools.override(name).text();
                LOG.info("Operator changed a real server on a peer name={} wanted=\"{}\" by={}", name, wanted, by);
                events.record(EventKind.OPERATOR, EventSubject.realServer(name), wanted, by);
            }
        }
        if (!affected.isEmpty()) {
            bringAbout(affected);
        }
    }

    /** Follows the slow starts of whoever has the traffic. */
    private void followMaster() {
        Map<RealServerName, MemberState.Serving> told = toldOfMaster.getAndSet(null);
        if (told == null) {
            return;
        }
        Set<VirtualServerKey> affected = new HashSet<>();
        for (RealServerName name : pools.followMaster(told)) {
            intent.named(name.virtualServer())
                    .ifPresent(
                            virtualServer -> affected.add(virtualServer.spec().key()));
        }
        if (!affected.isEmpty()) {
            bringAbout(affected);
        }
    }

    private PlanOutcome planFor(FairleadConfig config) {
        Intent.Difference difference = intent.difference(config);
        MonotonicInstant now = ticker.now();
        List<Pool> wanted = new ArrayList<>();
        Set<VirtualServerKey> removed = new HashSet<>();
        for (ConfiguredVirtualServer virtualServer : difference.changed()) {
            wanted.add(pools.preview(question(virtualServer, Optional.empty()), now));
        }
        List<ConfiguredVirtualServer> draining = new ArrayList<>();
        for (VirtualServerKey key : difference.removed()) {
            Optional<Pool> held = follower.held(key);
            if (held.isPresent()) {
                ConfiguredVirtualServer gone = intent.find(key).orElseThrow();
                Pool pool = pools.preview(leavingQuestion(gone.spec().leaving(), held, Optional.empty()), now);
                if (pool.realServers().isEmpty()) {
                    removed.add(key);
                } else {
                    wanted.add(pool);
                    draining.add(gone);
                }
            }
        }
        return new PlanOutcome(
                follower.plan(wanted, removed),
                rules.plan(config.virtualServers(), draining),
                addresses(draining),
                objections(config, difference),
                unsupported(difference));
    }

    private static Set<IpAddress> addresses(List<ConfiguredVirtualServer> virtualServers) {
        Set<IpAddress> addresses = new HashSet<>();
        for (ConfiguredVirtualServer virtualServer : virtualServers) {
            virtualServer.destinations().forEach(destination -> addresses.add(destination.address()));
        }
        return addresses;
    }

    /** Returns a reason for each virtual server that this kernel cannot have. */
    private List<String> unsupported(Intent.Difference difference) {
        Set<Scheduler> unknown = difference.schedulers();
        unknown.removeAll(knownSchedulers);
        Set<Scheduler> missing = table.missingSchedulers(unknown);
        unknown.removeAll(missing);
        knownSchedulers.addAll(unknown);
        List<String> reasons = new ArrayList<>(rules.unsupported(difference.changed()));
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
        if (!behind.isEmpty() && !now.isBefore(retryAt)) {
            Set<VirtualServerKey> again = Set.copyOf(behind);
            try {
                follower.adopt(again); // what failed may have been done halfway
            } catch (KernelException e) {
                noteFailure(again, e);
                return;
            }
            bringAbout(again);
        }
    }

    /** Decides again where a drain or a slow start asked for it, a few virtual servers at a time. */
    private void decideDue(MonotonicInstant now) {
        List<VirtualServerKey> due = pools.takeDue(now, DUE_STEP_VIRTUAL_SERVERS);
        if (due.isEmpty()) {
            return;
        }
        Map<VirtualServerKey, Map<RealServerKey, OpenConnections>> counted = new HashMap<>();
        for (VirtualServerKey key : due) {
            if (pools.isDraining(key)) {
                try {
                    counted.put(key, count(key));
                } catch (ErrnoException e) {
                    LOG.debug("Cannot count the connections of {}", key, e);
                    counted.put(key, Map.of()); // it is gone, and its connections with it
                } catch (KernelException e) {
                    due.forEach(each -> pools.wake(each, now.plus(RETRY_PAUSE_MIN)));
                    LOG.warn("Cannot count connections: {}", e.getMessage());
                    return;
                }
            }
        }
        bringAbout(due, counted);
    }

    private Map<RealServerKey, OpenConnections> count(VirtualServerKey key) {
        Map<RealServerKey, OpenConnections> counted = new HashMap<>();
        for (RealServerStats stats : table.readStats(key)) {
            counted.put(stats.key(), new OpenConnections(stats.activeConnections(), stats.inactiveConnections()));
        }
        return counted;
    }

    private Pools.Question question(
            ConfiguredVirtualServer virtualServer, Optional<Map<RealServerKey, OpenConnections>> connections) {
        return new Pools.Question(
                virtualServer.spec(),
                Intent.verdicts(virtualServer, health),
                follower.held(virtualServer.spec().key()),
                connections);
    }

    private static Pools.Question leavingQuestion(
            VirtualServerSpec spec, Optional<Pool> held, Optional<Map<RealServerKey, OpenConnections>> connections) {
        return new Pools.Question(spec, _ -> Verdict.UNKNOWN, held, connections);
    }

    private int bringAbout(Collection<VirtualServerKey> keys) {
        return bringAbout(keys, Map.of());
    }

    /**
     * Brings the virtual servers {@code keys} about, and removes those that are leaving and have drained.
     *
     * @param counted open connections, where they were counted just now
     * @return how many operations the kernel carried out
     */
    private int bringAbout(
            Collection<VirtualServerKey> concerned,
            Map<VirtualServerKey, Map<RealServerKey, OpenConnections>> counted) {
        Collection<VirtualServerKey> keys = withoutUnprotected(concerned);
        MonotonicInstant now = ticker.now();
        List<Pool> wanted = new ArrayList<>(keys.size());
        Set<VirtualServerKey> removed = new HashSet<>();
        for (VirtualServerKey key : keys) {
            Optional<Map<RealServerKey, OpenConnections>> connections = Optional.ofNullable(counted.get(key));
            Optional<ConfiguredVirtualServer> virtualServer = intent.find(key);
            VirtualServerSpec gone = leaving.get(key);
            if (virtualServer.isPresent()) {
                wanted.add(pools.decide(question(virtualServer.get(), connections), now));
            } else if (gone != null) {
                Pool pool = pools.decide(leavingQuestion(gone, follower.held(key), connections), now);
                if (pool.realServers().isEmpty()) {
                    removed.add(key);
                } else {
                    wanted.add(pool);
                }
            }
        }
        try {
            TableFollower.Outcome outcome = follower.follow(wanted, removed);
            meter.changed(ticker.now().since(now));
            behind.removeAll(keys);
            for (VirtualServerKey key : removed) {
                if (follower.held(key).isEmpty()) {
                    leaving.remove(key);
                    pools.forget(key);
                    rules.gone(key);
                }
            }
            note(outcome);
            return outcome.operations();
        } catch (KernelException e) {
            noteFailure(keys, e);
            return 0;
        }
    }

    /**
     * Leaves out virtual servers that are not in the kernel and whose packet rules do not stand: without them one would be
     * open to everyone, or send clients to real servers whose answers never come back. They are tried again.
     */
    private Collection<VirtualServerKey> withoutUnprotected(Collection<VirtualServerKey> keys) {
        if (rules.stands()) {
            return keys;
        }
        Set<VirtualServerKey> kept = new HashSet<>(keys);
        for (VirtualServerKey key : keys) {
            boolean needsRules = intent.find(key)
                    .map(virtualServer -> virtualServer.packets().needsRules())
                    .orElse(false);
            if (needsRules && follower.held(key).isEmpty()) {
                kept.remove(key);
                behind.add(key);
            }
        }
        if (kept.size() < keys.size()) {
            postponeRetry("Virtual servers wait for their packet rules count=" + (keys.size() - kept.size()));
        }
        return kept;
    }

    private void note(TableFollower.Outcome outcome) {
        if (outcome.conflicts() > 0) {
            LOG.warn("Kernel table was changed by someone else; repaired conflicts={}", outcome.conflicts());
            tellKernel(
                    Amount.of(outcome.conflicts(), "entry", "entries") + " repaired",
                    "somebody else changed the table");
        }
        for (OpFailure failure : outcome.failures()) {
            noteBehind(failure.op().virtualServerKey());
        }
        status = new ReconcileStatus(
                status.operations() + outcome.operations(),
                status.drift() + outcome.conflicts(),
                status.refusals() + outcome.failures().size(),
                outcome.operations() > 0 ? Optional.of(Instant.now()) : status.lastChange(),
                status.lastAudit(),
                status.contested(),
                behind.isEmpty() ? List.of() : reportable(outcome.failures(), status.failing()));
        if (outcome.succeeded()) {
            if (behind.isEmpty()) {
                if (!retryPause.equals(RETRY_PAUSE_MIN)) {
                    tellKernel("table in sync again", "what was refused has been taken");
                }
                retryPause = RETRY_PAUSE_MIN;
            }
        } else {
            postponeRetry("Kernel refused " + Amount.of(outcome.failures().size(), "operation") + ", first: "
                    + outcome.failures().getFirst().cause().getMessage());
        }
    }

    private void noteBehind(VirtualServerKey key) {
        if (intent.has(key) || leaving.containsKey(key)) {
            behind.add(key);
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
        keys.forEach(this::noteBehind);
        status = new ReconcileStatus(
                status.operations(),
                status.drift(),
                status.refusals() + 1,
                status.lastChange(),
                status.lastAudit(),
                status.contested(),
                List.of(String.valueOf(e.getMessage())));
        postponeRetry(String.valueOf(e.getMessage()));
    }

    /** One event when it begins, and one when it is over, however often it is tried in between. */
    private void postponeRetry(String reason) {
        if (retryPause.equals(RETRY_PAUSE_MIN)) {
            tellKernel("table behind", reason);
        }
        retryAt = ticker.now().plus(retryPause);
        LOG.warn("{}; trying again in={}", reason, retryPause);
        Duration doubled = retryPause.multipliedBy(2);
        retryPause = doubled.compareTo(RETRY_PAUSE_MAX) < 0 ? doubled : RETRY_PAUSE_MAX;
    }

    private void tellKernel(String change, String cause) {
        events.record(EventKind.KERNEL, EventSubject.of("table"), change, cause);
    }

    private void auditIfDue(MonotonicInstant now) {
        if (audit == null && now.isBefore(auditAt)) {
            return;
        }
        try {
            if (audit == null) {
                followTimeouts();
                rules.audit(now);
                audit = follower.startAudit();
                auditBegun = now;
            }
            if (audit.step(AUDIT_STEP_VIRTUAL_SERVERS)) {
                Set<VirtualServerKey> drifted = audit.drifted();
                audit = null;
                auditTook = ticker.now().since(auditBegun);
                meter.audited(auditTook);
                repair(drifted);
            }
        } catch (KernelException e) {
            audit = null;
            LOG.warn("Cannot read the kernel's table: {}", e.getMessage());
        }
        if (audit == null) {
            auditAt = ticker.now().plus(AuditPace.pause(intent.config().resyncInterval(), auditTook));
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
                rivalry.audited(drifted),
                status.failing());
        drifted.stream()
                .limit(DRIFT_EVENTS_MAX)
                .forEach(key -> events.record(EventKind.KERNEL, subject(key), "repaired", "somebody else changed it"));
        if (drifted.size() > DRIFT_EVENTS_MAX) {
            tellKernel(
                    Amount.of(drifted.size() - DRIFT_EVENTS_MAX, "more virtual server") + " repaired",
                    "somebody else changed them");
        }
        if (!drifted.isEmpty()) {
            LOG.warn(
                    "Kernel table was changed by someone else; repaired virtual-servers={} operations={} first=\"{}\"",
                    drifted.size(),
                    operations,
                    drifted.iterator().next());
        }
    }

    private EventSubject subject(VirtualServerKey key) {
        return intent.find(key)
                .map(virtualServer ->
                        EventSubject.virtualServer(virtualServer.spec().name()))
                .orElseGet(() -> EventSubject.of(key.toString()));
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

    private static MonotonicInstant earlier(MonotonicInstant one, MonotonicInstant other) {
        return one.isBefore(other) ? one : other;
    }
}
