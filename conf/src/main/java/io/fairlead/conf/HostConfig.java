package io.fairlead.conf;

import io.fairlead.core.policy.SysctlSpec;
import io.fairlead.core.policy.VirtualAddressSpec;
import java.util.List;

/**
 * What is to be set on the host beside the IPVS table.
 *
 * @param virtualAddresses ordered by name; no address twice on one interface
 * @param sysctls settings of the kernel
 */
public record HostConfig(List<VirtualAddressSpec> virtualAddresses, SysctlSpec sysctls) {

    /** Nothing at all. */
    public static final HostConfig NONE = new HostConfig(List.of(), SysctlSpec.NONE);

    public HostConfig {
        virtualAddresses = List.copyOf(virtualAddresses);
    }
}
