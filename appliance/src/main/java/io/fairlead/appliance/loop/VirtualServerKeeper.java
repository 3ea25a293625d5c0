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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the virtual servers in the kernel in step with what is configured, how healthy their real servers are, and what
 * operators want; audits and repairs them, and tries again what the kernel refused. Owned by the loop's thread.
 */
final class VirtualServerKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(VirtualServerKeeper.class);

    /** Some 1 ms of reading on the machines measured: what a change of health may have to wait for. */
    private static final int AUDIT_STEP_VIRTUAL_SERVERS = 16;

    /** Each costs one reading of its real servers, as in an audit. */
    private static final int DUE_STEP_VIRTUAL_SERVERS = 16;

    private static final Duration COUNT_AGAIN_AFTER = Duration.ofSeconds(1);
    /** Of one audit; the others are counted. */
    private static final int DRIFT_EVENTS_MAX = 20;

    private final TableFollower follower;
    private final PacketRuleKeeper rules;
    private final IpvsTable table;
    private final Function<CheckTarget, Verdict> health;
    private final Consumer<TargetChange> checks;
    private final EventSink events;
    private final LoopMeter meter;
    private final Ticker ticker;

    private final Intent intent;
    private final Pools pools;
    private final Backlog backlog;
    private final Rivalry rivalry = new Rivalry();
    /** Ours, not wanted any more, and not yet gone: they drain until the kernel has let go of them. */
    private final Map<VirtualServerKey, VirtualServerSpec> leaving = new HashMap<>();
    /** Of what an earlier process left, it is known what is configured and what is not. */
    private boolean hasSorted;

    private final Set<Scheduler> knownSchedulers = new HashSet<>();
    private MonotonicInstant auditAt;
    private TableFollower.@Nullable Audit audit;
    private MonotonicInstant auditBegun;
    private Duration auditTook = Duration.ZERO;

    /** The parameters are those of {@link ControlLoop}. */
    VirtualServerKeeper(
            IpvsTable table,
            PacketRuleFollower rules,
            FairleadConfig empty,
            Function<CheckTarget, Verdict> health,
            Consumer<TargetChange> checks,
            Memory remembered,
            PoolMemory memory,
            OperatorWishes wishes,
            EventSink events,
            LoopMeter meter,
            Ticker ticker) {
        this.table = table;
        this.follower = new TableFollower(table);
        this.rules = new PacketRuleKeeper(rules);
        this.health = health;
        this.checks = checks;
        this.events = events;
        this.meter = meter;
        this.ticker = ticker;
        this.intent = new Intent(empty);
        this.pools = new Pools(remembered, memory, wishes, events);
        this.backlog = new Backlog(events, ticker);
        this.auditBegun = ticker.now();
        this.auditAt = ticker.now().plus(empty.resyncInterval());
    }

    LoopView view() {
        return new LoopView(
                intent.config(),
                follower.held(),
                backlog.status(),
                pools.states(),
                pools.overrides(),
                leaving.keySet(),
                rules.status(),
                ticker.now());
    }

    /**
     * Follows a configuration from now on, unless the kernel cannot have it or it would remove too much.
     *
     * @param force even if it removes more than the guard allows
     */
    ApplyOutcome follow(FairleadConfig config, boolean force) {
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
        List<String> failures = new ArrayList<>(backlog.status().failing());
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

    /**
     * Follows an operator's wish.
     *
     * @param by who wishes it, for the event log
     */
    OperatorOutcome operate(RealServerName name, OperatorCommand command, String by) {
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
        LOG.info("Operator changed a real server name={} command=\"{}\" by=\"{}\"", name, command.text(), by);
        events.record(EventKind.OPERATOR, EventSubject.realServer(name), command.text(), by);
        int operations = bringAbout(Set.of(virtualServer.get().spec().key()));
        return new OperatorOutcome.Followed(operations, backlog.status().failing());
    }

    /** Follows what the checks say of {@code targets}. */
    void followHealth(Collection<CheckTarget> targets) {
        bringAboutAny(intent.affectedBy(targets));
    }

    /**
     * Follows what operators said on peers.
     *
     * @param by who told of it, for the event log
     */
    void followWishes(String by) {
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
        bringAboutAny(affected);
    }

    /** Follows the slow starts of whoever has the traffic. */
    void followMaster(Map<RealServerName, MemberState.Serving> told) {
        Set<VirtualServerKey> affected = new HashSet<>();
        for (RealServerName name : pools.followMaster(told)) {
            intent.named(name.virtualServer())
                    .ifPresent(
                            virtualServer -> affected.add(virtualServer.spec().key()));
        }
        bringAboutAny(affected);
    }

    /** Returns what following {@code config} would do. */
    PlanOutcome plan(FairleadConfig config) {
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

    /** Asks that from these addresses, and no others, no reset is sent for a connection that this host does not know. */
    void keepQuiet(Set<IpAddress> addresses) {
        rules.keepQuiet(addresses);
    }

    /** Returns when there is something to do, if nobody asks for anything before; empty if that is at once. */
    Optional<MonotonicInstant> nextTurn() {
        return audit != null
                ? Optional.empty()
                : Stream.of(Optional.of(auditAt), backlog.retryAt(), pools.nextWakeup(), rules.retryAt())
                        .flatMap(Optional::stream)
                        .min(Comparator.naturalOrder());
    }

    /** Does what its time has come for: tries again, decides again, audits a little. */
    void turn() {
        MonotonicInstant now = ticker.now();
        rules.retryIfDue(now);
        retryDue(now);
        decideDue(now);
        rules.settle(now);
        auditIfDue(now);
    }

    private void retryDue(MonotonicInstant now) {
        Set<VirtualServerKey> again = backlog.due(now);
        if (!again.isEmpty()) {
            try {
                follower.adopt(again); // what failed may have been done halfway
            } catch (KernelException e) {
                backlog.failed(again, e, this::isOurs);
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
                    due.forEach(each -> pools.wake(each, now.plus(COUNT_AGAIN_AFTER)));
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

    private boolean isOurs(VirtualServerKey key) {
        return intent.has(key) || leaving.containsKey(key);
    }

    private void bringAboutAny(Set<VirtualServerKey> keys) {
        if (!keys.isEmpty()) {
            bringAbout(keys);
        }
    }

    private int bringAbout(Collection<VirtualServerKey> keys) {
        return bringAbout(keys, Map.of());
    }

    /**
     * Brings the virtual servers {@code concerned} about, and removes those that are leaving and have drained.
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
            for (VirtualServerKey key : removed) {
                if (follower.held(key).isEmpty()) {
                    leaving.remove(key);
                    pools.forget(key);
                    rules.gone(key);
                }
            }
            backlog.followed(keys, outcome, this::isOurs);
            return outcome.operations();
        } catch (KernelException e) {
            backlog.failed(keys, e, this::isOurs);
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
        Set<VirtualServerKey> waiting = new HashSet<>();
        for (VirtualServerKey key : keys) {
            boolean needsRules = intent.find(key)
                    .map(virtualServer -> virtualServer.packets().needsRules())
                    .orElse(false);
            if (needsRules && follower.held(key).isEmpty()) {
                kept.remove(key);
                waiting.add(key);
            }
        }
        if (!waiting.isEmpty()) {
            backlog.postpone(waiting, "Virtual servers wait for their packet rules count=" + waiting.size());
        }
        return kept;
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
        backlog.audited(drifted.size(), rivalry.audited(drifted));
        drifted.stream()
                .limit(DRIFT_EVENTS_MAX)
                .forEach(key -> events.record(EventKind.KERNEL, subject(key), "repaired", "somebody else changed it"));
        if (drifted.size() > DRIFT_EVENTS_MAX) {
            events.record(
                    EventKind.KERNEL,
                    EventSubject.of("table"),
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

    private static MonotonicInstant earlier(MonotonicInstant one, MonotonicInstant other) {
        return one.isBefore(other) ? one : other;
    }
}
