package io.fairlead.core.policy;

import io.fairlead.core.announce.AnnouncementSpec;
import io.fairlead.core.model.InterfaceAddress;
import java.util.List;

/**
 * Addresses that one interface is to have.
 *
 * @param name how the operator calls them
 * @param interfaceName which interface; each of {@code addresses} names the same
 * @param dummy whether to make the interface, as one that leads nowhere, if it is not there, and to switch it on
 * @param addresses no two of the same address
 * @param removeOnStop whether a stop takes the addresses away; otherwise they outlive the process
 * @param announcements how often neighbours are told of an address that has come
 */
public record VirtualAddressSpec(
        String name,
        String interfaceName,
        boolean dummy,
        List<InterfaceAddress> addresses,
        boolean removeOnStop,
        AnnouncementSpec announcements) {

    public VirtualAddressSpec {
        addresses = List.copyOf(addresses);
        for (InterfaceAddress address : addresses) {
            if (!address.key().interfaceName().equals(interfaceName)) {
                throw new IllegalArgumentException(address.key() + " (expected: an address of " + interfaceName + ")");
            }
        }
    }
}
