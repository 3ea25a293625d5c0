package io.fairlead.kube.address;

import io.fairlead.core.net.IpAddress;
import java.util.List;

/** What became of a Service's need for addresses. */
public sealed interface AddressAssignment {

    /**
     * It has all that it needs.
     *
     * @param addresses in the order of its families
     * @param pool the name of the pool that the first is of
     */
    record Assigned(List<IpAddress> addresses, String pool) implements AddressAssignment {
        public Assigned {
            addresses = List.copyOf(addresses);
        }
    }

    /** It gets none, for a reason that its owner can do something about. */
    record Refused(String reason) implements AddressAssignment {}
}
