package io.fairlead.appliance.loop;

import io.fairlead.appliance.event.EventSink;
import io.fairlead.appliance.state.Memory;
import io.fairlead.appliance.state.PoolMemory;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.policy.DesiredPool;
import io.fairlead.core.policy.MemberState;
import io.fairlead.core.policy.OpenConnections;
import io.fairlead.core.policy.OperatorOverride;
import io.fairlead.core.policy.PoolDecision;
import io.fairlead.core.policy.PoolState;
import io.fairlead.core.policy.PoolView;
import io.fairlead.core.policy.RealServerName;
import io.fairlead.core.policy.RealServerSpec;
import io.fairlead.core.policy.Verdict;
import io.fairlead.core.policy.VirtualServerSpec;
import io.fairlead.core.time.MonotonicInstant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Asks the policy what each pool should be, and remembers what the policy wants remembered. Owned by the loop's thread; what
 * must outlive the process is told to a {@link PoolMemory} as soon as it changes.
 */
final class Pools {

    private final Map<VirtualServerKey, PoolState> states;
    /** A copy of {@link #states} for others, as long as it is true: with ten thousand of them a copy takes milliseconds. */
    private @Nullable Map<VirtualServerKey, PoolState> copy;

    /** What {@link #wishes} said when it was last looked at. */
    private Map<RealServerName, OperatorOverride> overrides;

    /** How real servers stand at the master, where that is a peer and says that they are healthy. */
    private Map<RealServerName, MemberState.Serving> atMaster = Map.of();

    private final OperatorWishes wishes;
    private final Wakeups wakeups = new Wakeups();
    private final PoolMemory memory;
    private final PoolChanges changes;

    Pools(Memory remembered, PoolMemory memory, OperatorWishes wishes, EventSink events) {
        this.states = new HashMap<>(remembered.pools());
        this.wishes = wishes;
        this.overrides = Map.copyOf(wishes.all());
        this.memory = memory;
        this.changes = new PoolChanges(events);
    }

    /** What a decision is about, and what it can see. */
    record Question(
            VirtualServerSpec spec,
            Function<RealServerSpec, Verdict> verdicts,
            Optional<Pool> held,
            Optional<Map<RealServerKey, OpenConnections>> connections) {}

    /** Decides, and remembers. */
    Pool decide(Question question, MonotonicInstant now) {
        VirtualServerKey key = question.spec().key();
        PoolDecision decision = decision(question, now);
        wakeups.set(key, decision.wakeAt());
        PoolState before = states.put(key, decision.next());
        if (!decision.next().equals(before)) {
            copy = null;
            memory.note(key, Optional.of(decision.next()));
            changes.tell(question.spec(), before == null ? PoolState.INITIAL : before, decision.next(), now);
        }
        return decision.pool();
    }

    /** Decides without consequences. */
    Pool preview(Question question, MonotonicInstant now) {
        return decision(question, now).pool();
    }

    private PoolDecision decision(Question question, MonotonicInstant now) {
        VirtualServerSpec spec = question.spec();
        PoolView view = new PoolView(
                question.verdicts(),
                realServer -> override(spec.name(), realServer.name()),
                realServer -> atMaster(spec.name(), realServer.name()),
                question.held(),
                question.connections());
        return DesiredPool.decide(spec, view, states.getOrDefault(spec.key(), PoolState.INITIAL), now);
    }

    private Optional<MemberState.Serving> atMaster(String virtualServer, String realServer) {
        return atMaster.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(atMaster.get(new RealServerName(virtualServer, realServer)));
    }

    /** Replaces how real servers stand at the master; returns for whom that is something else now. */
    Set<RealServerName> followMaster(Map<RealServerName, MemberState.Serving> next) {
        Map<RealServerName, MemberState.Serving> before = atMaster;
        atMaster = Map.copyOf(next);
        Set<RealServerName> changed = new HashSet<>(before.keySet());
        changed.addAll(next.keySet());
        changed.removeIf(name -> Objects.equals(before.get(name), next.get(name)));
        return changed;
    }

    private OperatorOverride override(String virtualServer, String realServer) {
        return overrides.isEmpty()
                ? OperatorOverride.NONE
                : overrides.getOrDefault(new RealServerName(virtualServer, realServer), OperatorOverride.NONE);
    }

    OperatorOverride override(RealServerName name) {
        return override(name.virtualServer(), name.realServer());
    }

    /**
     * Replaces what the operator said.
     *
     * @throws IllegalArgumentException if there are too many wishes
     */
    void override(RealServerName name, OperatorOverride override) {
        wishes.say(name, override);
        overrides = Map.copyOf(wishes.all());
    }

    /** Learns what is configured now: what the operator said of others may be forgotten. */
    void configured(boolean hasPeers, Predicate<RealServerName> isConfigured) {
        if (!overrides.isEmpty()) {
            wishes.configured(hasPeers, isConfigured);
            overrides = Map.copyOf(wishes.all());
        }
    }

    /** Looks again at what operators want; returns of whom they want something else now. */
    Set<RealServerName> followWishes() {
        Map<RealServerName, OperatorOverride> before = overrides;
        overrides = Map.copyOf(wishes.all());
        Set<RealServerName> changed = new HashSet<>(before.keySet());
        changed.addAll(overrides.keySet());
        changed.removeIf(name -> override(name).equals(before.getOrDefault(name, OperatorOverride.NONE)));
        return changed;
    }

    /** Whether connections have to be counted for the next decision about {@code key}. */
    boolean isDraining(VirtualServerKey key) {
        PoolState state = states.get(key);
        return state != null && state.isDraining();
    }

    /** Forgets a virtual server that is not ours any more. */
    void forget(VirtualServerKey key) {
        wakeups.set(key, Optional.empty());
        if (states.remove(key) != null) {
            copy = null;
            memory.note(key, Optional.empty());
        }
    }

    /** Returns every virtual server that was or is ours. */
    Set<VirtualServerKey> known() {
        return new HashSet<>(states.keySet());
    }

    Optional<MonotonicInstant> nextWakeup() {
        return wakeups.next();
    }

    List<VirtualServerKey> takeDue(MonotonicInstant now, int most) {
        return wakeups.takeDue(now, most);
    }

    void wake(VirtualServerKey key, MonotonicInstant at) {
        wakeups.set(key, Optional.of(at));
    }

    Map<VirtualServerKey, PoolState> states() {
        Map<VirtualServerKey, PoolState> snapshot = copy;
        if (snapshot == null) {
            snapshot = Map.copyOf(states);
            copy = snapshot;
        }
        return snapshot;
    }

    Map<RealServerName, OperatorOverride> overrides() {
        return overrides;
    }
}
