package io.fairlead.conf;

import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.election.PeerSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What this appliance and its peers share: the channel between them, and the units whose addresses move.
 *
 * @param cluster appliances of another cluster on the same link are not understood
 * @param interfaceName where routers and connection sync are unless they say otherwise
 * @param self this appliance
 * @param port where the channel listens, UDP, on the address of {@code self}
 * @param peers all appliances with this one, sorted by address
 * @param secretFile holds the keys of the channel; absent only without peers
 * @param connectionSync absent if the kernel is not to tell the peers of its connections
 * @param units ordered by name
 */
public record HighAvailabilityConfig(
        String cluster,
        Optional<String> interfaceName,
        PeerSpec self,
        int port,
        List<PeerSpec> peers,
        Optional<Path> secretFile,
        Optional<ConnectionSyncSpec> connectionSync,
        List<ElectionUnit> units) {

    public HighAvailabilityConfig {
        peers = List.copyOf(peers);
        units = List.copyOf(units);
    }

    /**
     * Returns the same where virtual routers have more addresses, on their interfaces.
     *
     * @param more by the name of the router; those of routers that there are not are left out
     */
    public HighAvailabilityConfig withAddresses(Map<String, List<IpAddress>> more) {
        return new HighAvailabilityConfig(
                cluster,
                interfaceName,
                self,
                port,
                peers,
                secretFile,
                connectionSync,
                units.stream().map(unit -> unit.withAddresses(more)).toList());
    }

    /** Returns the address that the channel is bound to. */
    public IpAddress bindAddress() {
        return self.address();
    }
}
