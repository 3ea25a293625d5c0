package io.fairlead.appliance.state;

import io.fairlead.core.execute.SysctlFollower.Original;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.policy.OperatorOverride;
import io.fairlead.core.policy.PoolState;
import io.fairlead.core.policy.RealServerName;
import java.util.Map;
import java.util.Set;

/**
 * What an earlier process left to be remembered.
 *
 * @param pools the state of every virtual server that was ours
 * @param overrides what the operator said about real servers
 * @param addresses those that it had put on interfaces, since the machine was booted
 * @param sysctls what it had changed of the settings of the kernel, since then, by name
 */
public record Memory(
        Map<VirtualServerKey, PoolState> pools,
        Map<RealServerName, OperatorOverride> overrides,
        Set<InterfaceAddressKey> addresses,
        Map<String, Original> sysctls) {

    public static final Memory NONE = new Memory(Map.of(), Map.of(), Set.of(), Map.of());

    public Memory {
        pools = Map.copyOf(pools);
        overrides = Map.copyOf(overrides);
        addresses = Set.copyOf(addresses);
        sysctls = Map.copyOf(sysctls);
    }
}
