package io.fairlead.core.model;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.net.TransportProtocol;
import java.util.Comparator;

/** What identifies a virtual server in the kernel. Address keys sort before firewall marks. */
public sealed interface VirtualServerKey extends Comparable<VirtualServerKey> {

    /** Returns the family of the clients' addresses. */
    IpFamily family();

    /** A virtual server reached by protocol, address and port. */
    record AddressKey(TransportProtocol protocol, ServerAddress address) implements VirtualServerKey {

        @Override
        public IpFamily family() {
            return address.address().family();
        }

        @Override
        public int compareTo(VirtualServerKey other) {
            if (!(other instanceof AddressKey(var otherProtocol, var otherAddress))) {
                return -1;
            }
            int order = address.compareTo(otherAddress);
            return order != 0 ? order : protocol.compareTo(otherProtocol);
        }

        @Override
        public String toString() {
            return protocol + " " + address;
        }
    }

    /**
     * A virtual server reached by the firewall mark on the packet.
     *
     * @param mark 1..4294967295
     */
    record FwmarkKey(IpFamily family, long mark) implements VirtualServerKey {

        private static final Comparator<FwmarkKey> ORDER =
                Comparator.comparingLong(FwmarkKey::mark).thenComparing(FwmarkKey::family);

        public FwmarkKey {
            if (mark < 1 || mark > 0xffffffffL) {
                throw new IllegalArgumentException("firewall mark " + mark + " (expected: 1..4294967295)");
            }
        }

        @Override
        public int compareTo(VirtualServerKey other) {
            return other instanceof FwmarkKey key ? ORDER.compare(this, key) : 1;
        }

        @Override
        public String toString() {
            return "FWM " + mark + (family == IpFamily.IPV6 ? " (IPv6)" : "");
        }
    }
}
