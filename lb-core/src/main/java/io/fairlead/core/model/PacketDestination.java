package io.fairlead.core.model;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.PortRange;
import io.fairlead.core.net.TransportProtocol;
import java.util.Comparator;

/** Packets that a rule speaks of: those of a protocol to an address and one port or range of ports. */
public record PacketDestination(TransportProtocol protocol, IpAddress address, PortRange ports)
        implements Comparable<PacketDestination> {

    private static final Comparator<PacketDestination> ORDER = Comparator.comparing(PacketDestination::address)
            .thenComparing(PacketDestination::protocol)
            .thenComparing(PacketDestination::ports);

    /** Returns the family of the address. */
    public IpFamily family() {
        return address.family();
    }

    /** Returns whether a packet can be of both. */
    public boolean overlaps(PacketDestination other) {
        return protocol == other.protocol && address.equals(other.address) && ports.overlaps(other.ports);
    }

    @Override
    public int compareTo(PacketDestination other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return protocol + " " + (family() == IpFamily.IPV6 ? "[" + address + "]" : address) + ":" + ports;
    }
}
