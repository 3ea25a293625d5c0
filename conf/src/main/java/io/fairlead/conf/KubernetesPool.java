package io.fairlead.conf;

import io.fairlead.kube.address.AddressPool;
import java.util.Optional;

/**
 * Addresses that Services may get, and which interface they are put on.
 *
 * @param interfaceName empty where someone else brings the packets here, or a virtual router has them
 * @param dummy whether the interface is made if it is not there, as one that leads nowhere
 * @param virtualRouter the name of the one whose addresses they join; empty where no election moves them
 */
public record KubernetesPool(
        AddressPool pool, Optional<String> interfaceName, boolean dummy, Optional<String> virtualRouter) {}
