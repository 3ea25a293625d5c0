package io.fairlead.conf;

import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A virtual router as the operator named it.
 *
 * @param id 1..65535, the same on all peers
 * @param addresses at least one, all on one interface
 * @param isolationTest who is asked there whether this appliance is cut off; empty: nobody
 */
public record VirtualRouterSpec(
        String name, int id, List<InterfaceAddressKey> addresses, List<IpAddress> isolationTest) {

    public VirtualRouterSpec {
        addresses = List.copyOf(addresses);
        isolationTest = List.copyOf(isolationTest);
    }

    /** Returns the interface that the router is on. */
    public String interfaceName() {
        return addresses.getFirst().interfaceName();
    }

    /** Returns the same with more addresses, on the interface of its first, without those that it has. */
    VirtualRouterSpec withAddresses(List<IpAddress> more) {
        String interfaceName = interfaceName();
        Set<IpAddress> own =
                addresses.stream().map(InterfaceAddressKey::address).collect(Collectors.toSet());
        List<InterfaceAddressKey> all = new ArrayList<>(addresses);
        more.stream()
                .filter(address -> !own.contains(address))
                .map(address -> new InterfaceAddressKey(
                        interfaceName, address, address.family().lengthBits()))
                .forEach(all::add);
        return new VirtualRouterSpec(name, id, all, isolationTest);
    }
}
