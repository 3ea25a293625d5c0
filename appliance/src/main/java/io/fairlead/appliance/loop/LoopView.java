package io.fairlead.appliance.loop;

import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.model.IpvsSnapshot;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.policy.OperatorOverride;
import io.fairlead.core.policy.PoolState;
import io.fairlead.core.policy.RealServerName;
import io.fairlead.core.policy.VirtualServerSpec;
import io.fairlead.core.time.MonotonicInstant;
import java.util.Map;
import java.util.Set;

/**
 * The loop's state at one moment, immutable.
 *
 * @param config what is followed
 * @param held what the kernel holds of ours, as far as we know
 * @param states what the policy remembers of each virtual server of ours
 * @param overrides what the operator said about real servers
 * @param leaving virtual servers that are not in the configuration any more and drain
 * @param packetRules how well the packet rules follow
 * @param now the moment, by the loop's clock
 */
public record LoopView(
        FairleadConfig config,
        IpvsSnapshot held,
        ReconcileStatus reconcile,
        Map<VirtualServerKey, PoolState> states,
        Map<RealServerName, OperatorOverride> overrides,
        Set<VirtualServerKey> leaving,
        PacketRuleStatus packetRules,
        MonotonicInstant now) {

    public LoopView {
        states = Map.copyOf(states);
        overrides = Map.copyOf(overrides);
        leaving = Set.copyOf(leaving);
    }

    /** Whether the sorry server of a virtual server answers now. */
    public boolean isSorry(VirtualServerSpec spec) {
        return spec.policy()
                .sorryServer()
                .flatMap(sorry -> held.find(spec.key())
                        .map(pool -> pool.realServers().get(sorry.realServer().key())))
                .map(found -> found.weight() > 0)
                .orElse(false);
    }
}
