package io.fairlead.appliance.address;

import io.fairlead.core.model.InterfaceAddressKey;
import java.util.List;

/**
 * How the addresses stand, immutable.
 *
 * @param addresses in the order of the configuration
 * @param drift how many addresses others took away or changed, and were put back, since the start
 * @param failing what cannot be done and is tried again
 */
public record AddressView(List<Line> addresses, long drift, List<String> failing) {

    /** Nothing configured. */
    public static final AddressView NONE = new AddressView(List.of(), 0, List.of());

    public AddressView {
        addresses = List.copyOf(addresses);
        failing = List.copyOf(failing);
    }

    /**
     * One address.
     *
     * @param set the name that the operator gave its set; empty if it is only kept until its connections have drained
     */
    public record Line(String set, InterfaceAddressKey key, State state) {}

    /** How one address stands. */
    public enum State {
        /** There, and ours. */
        PRESENT,
        /** There, but put there by somebody else: neither changed nor ever removed. */
        FOREIGN,
        /** There, but the kernel found or looks for a duplicate. */
        UNUSABLE,
        /** Not there. */
        MISSING,
        /** Not configured any more: it stays until connections through it have drained. */
        LEAVING
    }
}
