package io.fairlead.kube.address;

import io.fairlead.core.net.IpAddress;
import java.util.List;

/**
 * Addresses that Services may get.
 *
 * @param automatic whether Services get addresses of it without asking for them, or for the pool
 */
public record AddressPool(String name, List<AddressRange> ranges, boolean automatic) {

    public AddressPool {
        ranges = List.copyOf(ranges);
    }

    /** Returns whether {@code address} is one of them. */
    public boolean contains(IpAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }
}
