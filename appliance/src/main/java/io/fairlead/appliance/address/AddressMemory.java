package io.fairlead.appliance.address;

import io.fairlead.core.model.InterfaceAddressKey;
import java.util.Set;

/** Where it is noted which addresses are ours, for a kernel that does not keep it. Never blocks. */
public interface AddressMemory {

    /** Notes all of them. */
    void noteAddresses(Set<InterfaceAddressKey> ours);
}
