package io.fairlead.appliance.state;

import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.policy.OperatorOverride;
import io.fairlead.core.policy.PoolState;
import io.fairlead.core.policy.RealServerName;
import java.util.Map;

/**
 * What an earlier process left to be remembered.
 *
 * @param pools the state of every virtual server that was ours
 * @param overrides what the operator said about real servers
 */
public record Memory(Map<VirtualServerKey, PoolState> pools, Map<RealServerName, OperatorOverride> overrides) {

    public static final Memory NONE = new Memory(Map.of(), Map.of());

    public Memory {
        pools = Map.copyOf(pools);
        overrides = Map.copyOf(overrides);
    }
}
