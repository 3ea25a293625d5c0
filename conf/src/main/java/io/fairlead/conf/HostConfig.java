package io.fairlead.conf;

import io.fairlead.core.policy.VirtualAddressSpec;
import java.util.List;

/**
 * What is to be set on the host beside the IPVS table.
 *
 * @param virtualAddresses ordered by name; no address twice on one interface
 */
public record HostConfig(List<VirtualAddressSpec> virtualAddresses) {

    /** Nothing at all. */
    public static final HostConfig NONE = new HostConfig(List.of());

    public HostConfig {
        virtualAddresses = List.copyOf(virtualAddresses);
    }
}
