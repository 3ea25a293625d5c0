package io.fairlead.core.policy;

import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.policy.MemberState.Drained;
import io.fairlead.core.policy.MemberState.Draining;
import io.fairlead.core.policy.MemberState.Serving;
import io.fairlead.core.time.MonotonicInstant;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the kernel should hold of one virtual server. Pure: the same arguments give the same decision.
 *
 * <p>Every real server has a standing, by the first rule that applies:
 *
 * <table>
 * <caption>Standing of a configured real server</caption>
 * <tr><th>when</th><th>standing</th></tr>
 * <tr><td>the operator disabled it</td><td>out</td></tr>
 * <tr><td>it is unhealthy</td><td>at weight 0 with inhibit on failure, else out</td></tr>
 * <tr><td>the operator drained it</td><td>at weight 0 until the drain ends, then out</td></tr>
 * <tr><td>it is healthy</td><td>live</td></tr>
 * <tr><td>it has no verdict, and the kernel holds it</td><td>as the kernel holds it: live, or at weight 0</td></tr>
 * <tr><td>it has no verdict, and the kernel does not hold it</td><td>out, waiting</td></tr>
 * </table>
 *
 * <p>The weights of those that are live make the {@link Quorum}. While that is lost and there is a sorry server, the sorry
 * server is in the pool and the live real servers are at weight 0, where their connections go on. (keepalived removes them.)
 * Without a sorry server a lost quorum changes nothing here; others may act on it.
 *
 * <p>Whatever else the kernel holds in the pool is not wanted any more: a real server that left the configuration, a sorry
 * server whose time is over, an addition by hand. It {@linkplain Drain drains}.
 */
public final class DesiredPool {

    private static final Duration AGE_TOLERANCE = Duration.ofSeconds(1);

    private final VirtualServerSpec spec;
    private final PoolView view;
    private final PoolState before;
    private final MonotonicInstant now;

    private final TreeMap<RealServerKey, RealServer> members = new TreeMap<>();
    private final Map<RealServerKey, MemberState> memory = new HashMap<>();
    private @Nullable MonotonicInstant wakeAt;

    private DesiredPool(VirtualServerSpec spec, PoolView view, PoolState before, MonotonicInstant now) {
        this.spec = spec;
        this.view = view;
        this.before = before;
        this.now = now;
    }

    /** Returns what should be in the kernel now, given what was remembered of the last decision. */
    public static PoolDecision decide(VirtualServerSpec spec, PoolView view, PoolState before, MonotonicInstant now) {
        return new DesiredPool(spec, view, before, now).decide();
    }

    private PoolDecision decide() {
        Map<RealServerKey, Integer> live = new HashMap<>();
        Set<RealServerKey> configured = new HashSet<>();
        long liveWeight = 0;
        long waitingWeight = 0;
        long configuredWeight = 0;
        for (RealServerSpec realServer : spec.realServers()) {
            configured.add(realServer.key());
            configuredWeight += realServer.realServer().weight();
            OperatorOverride override = view.overrides().apply(realServer);
            Verdict verdict = view.verdicts().apply(realServer);
            int weight = weight(realServer, override, verdict);
            switch (standing(realServer, override, verdict)) {
                case LIVE -> {
                    live.put(realServer.key(), weight);
                    liveWeight += weight;
                }
                case AT_WEIGHT_ZERO ->
                    members.put(realServer.key(), realServer.realServer().withWeight(0));
                case DRAINING -> drainForOperator(realServer, override);
                case WAITING -> waitingWeight += weight;
                case OUT -> {}
            }
        }
        Quorum.State quorum = spec.policy().quorum().next(before.quorum(), liveWeight, waitingWeight, configuredWeight);
        boolean sorry = isSorryServerNeeded(quorum);
        for (RealServerSpec realServer : spec.realServers()) {
            Integer weight = live.get(realServer.key());
            if (weight != null) {
                serve(realServer, sorry ? 0 : weight);
            }
        }
        addSorryServer(sorry);
        drainWhatNobodyWants(configured);
        return new PoolDecision(
                Pool.of(spec.virtualServer(), members.values()),
                PoolState.of(quorum, memory),
                Optional.ofNullable(wakeAt));
    }

    private enum Standing {
        LIVE,
        AT_WEIGHT_ZERO,
        DRAINING,
        WAITING,
        OUT
    }

    private Standing standing(RealServerSpec realServer, OperatorOverride override, Verdict verdict) {
        if (override.state() == AdminState.DISABLED) {
            return Standing.OUT;
        }
        if (verdict.health() == Health.UNHEALTHY) {
            return isInhibited(realServer) ? Standing.AT_WEIGHT_ZERO : Standing.OUT;
        }
        if (override.state() == AdminState.DRAINED) {
            return Standing.DRAINING;
        }
        if (verdict.health() == Health.HEALTHY) {
            return Standing.LIVE;
        }
        return actual(realServer.key())
                .map(found -> found.weight() == 0 ? Standing.AT_WEIGHT_ZERO : Standing.LIVE)
                .orElse(Standing.WAITING);
    }

    private boolean isInhibited(RealServerSpec realServer) {
        return realServer.inhibitOnFailure().orElse(spec.policy().inhibitOnFailure());
    }

    /** The operator's weight wins over that of a check, which wins over the configured one. */
    private static int weight(RealServerSpec realServer, OperatorOverride override, Verdict verdict) {
        return override.weight()
                .orElse(verdict.weight().orElse(realServer.realServer().weight()));
    }

    /**
     * A live real server has its weight, or a part of it while it starts slowly. It starts slowly when it comes into service:
     * it was not serving at the last decision, and the kernel does not give it connections already. One that fails is
     * forgotten, so that it starts over. Where another appliance has the traffic, its clock counts.
     */
    private void serve(RealServerSpec realServer, int weight) {
        RealServerKey key = realServer.key();
        if (spec.policy().slowStart().isZero() || weight == 0) {
            members.put(key, realServer.realServer().withWeight(weight));
            return;
        }
        Serving here = serving(key);
        Serving serving = view.atMaster()
                .apply(realServer)
                .map(there -> like(there, here))
                .orElse(here);
        memory.put(key, serving);
        members.put(
                key,
                realServer
                        .realServer()
                        .withWeight(serving.rampSince()
                                .map(since -> {
                                    wake(SlowStart.nextStepAt(
                                            weight, spec.policy().slowStart(), since, now));
                                    return SlowStart.weight(
                                            weight, spec.policy().slowStart(), since, now);
                                })
                                .orElse(weight)));
    }

    private Serving serving(RealServerKey key) {
        if (before.members().get(key) instanceof Serving serving) {
            return unlessOver(serving);
        }
        boolean servesAlready = actual(key).map(found -> found.weight() > 0).orElse(false);
        return servesAlready ? Serving.AT_FULL_WEIGHT : new Serving(Optional.of(now));
    }

    private Serving unlessOver(Serving serving) {
        boolean isOver = serving.rampSince()
                .map(since -> SlowStart.isOver(spec.policy().slowStart(), since, now))
                .orElse(true);
        return isOver ? Serving.AT_FULL_WEIGHT : serving;
    }

    /** Whoever has the traffic knows since when a real server has it. Ages that were told are never told quite the same. */
    private Serving like(Serving there, Serving here) {
        if (there.rampSince().isPresent()
                && here.rampSince().isPresent()
                && here.rampSince().get().since(there.rampSince().get()).abs().compareTo(AGE_TOLERANCE) < 0) {
            return here;
        }
        return unlessOver(there);
    }

    /** The operator's drain ends with the real server out of the pool, where it stays until it is enabled. */
    private void drainForOperator(RealServerSpec realServer, OperatorOverride override) {
        RealServerKey key = realServer.key();
        Optional<Draining> drain =
                before.members().get(key) instanceof Drained || actual(key).isEmpty()
                        ? Optional.empty()
                        : drain(
                                key,
                                DrainCause.OPERATOR,
                                override.drainTimeout().orElse(spec.policy().drainTimeout()));
        if (drain.isPresent()) {
            members.put(key, realServer.realServer().withWeight(0));
        } else {
            memory.put(key, Drained.INSTANCE);
        }
    }

    /** Needed while the quorum is lost; as long as nobody can tell, it stays as it is. */
    private boolean isSorryServerNeeded(Quorum.State quorum) {
        Optional<SorryServer> sorryServer = spec.policy().sorryServer();
        if (sorryServer.isEmpty()) {
            return false;
        }
        return switch (quorum) {
            case HELD -> false;
            case LOST -> true;
            case UNDECIDED ->
                actual(sorryServer.get().realServer().key())
                        .map(found -> found.weight() > 0)
                        .orElse(false);
        };
    }

    private void addSorryServer(boolean isNeeded) {
        Optional<SorryServer> sorryServer = spec.policy().sorryServer();
        if (sorryServer.isPresent() && (isNeeded || sorryServer.get().inhibit())) {
            RealServer realServer = sorryServer.get().realServer();
            members.put(realServer.key(), isNeeded ? realServer : realServer.withWeight(0));
        }
    }

    private void drainWhatNobodyWants(Set<RealServerKey> configured) {
        if (view.actual().isEmpty()) {
            return;
        }
        for (RealServer found : view.actual().get().realServers().values()) {
            RealServerKey key = found.key();
            if (!configured.contains(key)
                    && !members.containsKey(key)
                    && drain(key, DrainCause.REMOVED, spec.policy().drainTimeout())
                            .isPresent()) {
                members.put(key, found.withWeight(0));
            }
        }
    }

    /** Begins or continues a drain, and returns it unless it has ended. */
    private Optional<Draining> drain(RealServerKey key, DrainCause cause, Duration timeout) {
        Draining drain =
                before.members().get(key) instanceof Draining running ? running : Drain.begin(cause, timeout, now);
        Optional<Draining> next = Drain.step(drain, connections(key), now);
        next.ifPresent(running -> {
            memory.put(key, running);
            wake(Drain.wakeAt(running));
        });
        return next;
    }

    private Optional<OpenConnections> connections(RealServerKey key) {
        return view.connections().map(counted -> counted.getOrDefault(key, OpenConnections.NONE));
    }

    private Optional<RealServer> actual(RealServerKey key) {
        return view.actual().map(pool -> pool.realServers().get(key));
    }

    private void wake(MonotonicInstant at) {
        if (wakeAt == null || at.isBefore(wakeAt)) {
            wakeAt = at;
        }
    }
}
