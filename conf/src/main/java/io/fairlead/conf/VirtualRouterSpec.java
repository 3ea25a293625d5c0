package io.fairlead.conf;

import io.fairlead.core.model.InterfaceAddressKey;
import java.util.List;

/**
 * A virtual router as the operator named it.
 *
 * @param id 1..65535, the same on all peers
 * @param addresses at least one
 */
public record VirtualRouterSpec(String name, int id, List<InterfaceAddressKey> addresses) {

    public VirtualRouterSpec {
        addresses = List.copyOf(addresses);
    }
}
