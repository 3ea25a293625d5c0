package io.fairlead.conf;

import io.fairlead.core.model.PacketDestination;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.PortRange;
import io.fairlead.core.policy.PacketHandling;
import io.fairlead.core.policy.VirtualServerSpec;
import io.fairlead.health.check.CheckSet;
import io.fairlead.health.check.CheckTarget;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A virtual server with the checks of its real servers.
 *
 * @param checks the checks of each real server, in the order of {@code spec.realServers()}
 * @param packets what it asks of packets besides IPVS
 */
public record ConfiguredVirtualServer(VirtualServerSpec spec, List<CheckSet> checks, PacketHandling packets) {

    /** A virtual server that asks for nothing but IPVS. */
    public ConfiguredVirtualServer(VirtualServerSpec spec, List<CheckSet> checks) {
        this(spec, checks, PacketHandling.NONE);
    }

    public ConfiguredVirtualServer {
        checks = List.copyOf(checks);
        if (checks.size() != spec.realServers().size()) {
            throw new IllegalArgumentException(
                    checks.size() + " checks for " + spec.realServers().size() + " real servers");
        }
    }

    /** Returns everything to check, each target once. */
    public Set<CheckTarget> targets() {
        Set<CheckTarget> targets = LinkedHashSet.newLinkedHashSet(checks.size());
        for (CheckSet set : checks) {
            set.checks().forEach(check -> targets.add(check.target()));
        }
        return targets;
    }

    /** Returns which packets are for it; none for a firewall mark that others set. */
    public List<PacketDestination> destinations() {
        if (!packets.destinations().isEmpty()) {
            return packets.destinations();
        }
        return spec.key() instanceof VirtualServerKey.AddressKey(var protocol, var address)
                ? List.of(new PacketDestination(protocol, address.address(), PortRange.single(address.port())))
                : List.of();
    }

    /** Returns what clients connect to, in an operator's words. */
    public String destination() {
        if (packets.mark().isEmpty()) {
            return spec.key().toString();
        }
        String ports = packets.destinations().stream()
                .skip(1)
                .map(destination -> "," + destination.ports())
                .collect(Collectors.joining());
        return packets.destinations().getFirst() + ports;
    }
}
