package io.fairlead.core.policy;

import io.fairlead.core.model.PacketDestination;
import io.fairlead.core.net.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a virtual server asks of the packets before and after IPVS.
 *
 * @param destinations where its packets go to; empty for a virtual server of a firewall mark that others set
 * @param mark the firewall mark that its packets get, where several ports are folded into one virtual server
 * @param sourceNat whether the real servers see this host as the client
 * @param allowedSources who may send packets; everyone if absent, nobody if empty. All of the family of the destinations.
 */
public record PacketHandling(
        List<PacketDestination> destinations,
        OptionalLong mark,
        boolean sourceNat,
        Optional<Set<IpPrefix>> allowedSources) {

    /** IPVS alone does all. */
    public static final PacketHandling NONE =
            new PacketHandling(List.of(), OptionalLong.empty(), false, Optional.empty());

    public PacketHandling {
        destinations = List.copyOf(destinations);
        allowedSources = allowedSources.map(Set::copyOf);
    }

    /** Returns whether it takes rules of ours. */
    public boolean needsRules() {
        return mark.isPresent() || sourceNat || allowedSources.isPresent();
    }
}
