package io.fairlead.appliance.loop;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.reconcile.IpvsPlan;
import java.util.List;
import java.util.Set;

/**
 * What applying a configuration would do.
 *
 * @param plan the changes that would be made at once
 * @param packetRules what would change in the packet rules, in the words of {@code nft}
 * @param draining addresses of virtual servers that would leave and still drain: they stay until then
 * @param heldBack why the guard would hold it back; empty if it would not
 * @param unsupported why this kernel would refuse the configuration; empty if it would not
 */
public record PlanOutcome(
        IpvsPlan plan,
        List<String> packetRules,
        Set<IpAddress> draining,
        List<String> heldBack,
        List<String> unsupported) {

    public PlanOutcome {
        packetRules = List.copyOf(packetRules);
        draining = Set.copyOf(draining);
        heldBack = List.copyOf(heldBack);
        unsupported = List.copyOf(unsupported);
    }
}
