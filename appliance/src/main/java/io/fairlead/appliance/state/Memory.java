package io.fairlead.appliance.state;

import io.fairlead.core.execute.SysctlFollower.Original;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.policy.PoolState;
import io.fairlead.ha.shared.Wishes;
import java.util.Map;
import java.util.Set;

/**
 * What an earlier process left to be remembered.
 *
 * @param pools the state of every virtual server that was ours
 * @param wishes what operators said about real servers
 * @param addresses those that it had put on interfaces, since the machine was booted
 * @param sysctls what it had changed of the settings of the kernel, since then, by name
 */
public record Memory(
        Map<VirtualServerKey, PoolState> pools,
        Wishes wishes,
        Set<InterfaceAddressKey> addresses,
        Map<String, Original> sysctls) {

    public static final Memory NONE = new Memory(Map.of(), Wishes.NONE, Set.of(), Map.of());

    public Memory {
        pools = Map.copyOf(pools);
        addresses = Set.copyOf(addresses);
        sysctls = Map.copyOf(sysctls);
    }
}
