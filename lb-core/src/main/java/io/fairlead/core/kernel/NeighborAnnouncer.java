package io.fairlead.core.kernel;

import io.fairlead.core.model.InterfaceAddressKey;
import java.util.Collection;
import java.util.List;

/**
 * Tells neighbours that an address is here now, wherever it was before: by gratuitous ARP for IPv4 and unsolicited neighbour
 * advertisements for IPv6. One thread owns an announcer and what it has prepared.
 */
public interface NeighborAnnouncer {

    /**
     * Builds what is to be sent, for a moment that must not wait. Addresses on interfaces without neighbours, or that are not
     * in {@code interfaces}, are left out. Does not ask whether the addresses are there; whoever sends sees to that.
     *
     * @param interfaces as read from {@link AddressTable#readInterfaces}; one that changes its hardware address or is made
     *     again needs a new preparation
     * @param routing whether this host forwards IPv6 packets, which a neighbour advertisement tells
     */
    PreparedAnnouncement prepare(
            Collection<InterfaceAddressKey> addresses, List<InterfaceStatus> interfaces, boolean routing);

    /** Frames that are ready to be sent, any number of times, without allocation but for failures. */
    interface PreparedAnnouncement {

        /** Sends all of them, in order, those of one interface whatever becomes of another's. */
        AnnouncementReport send();
    }
}
