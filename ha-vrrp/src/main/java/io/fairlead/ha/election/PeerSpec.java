package io.fairlead.ha.election;

import io.fairlead.core.net.IpAddress;

/**
 * An appliance that takes part, this one included.
 *
 * @param number stands for the peer on the wire; never 0
 * @param address its own address; of two equal priorities the higher address wins (RFC 9568 §6.4.3)
 * @param witness it votes but never holds addresses
 */
public record PeerSpec(int number, String name, IpAddress address, boolean witness) {
    public PeerSpec {
        if (number == 0) {
            throw new IllegalArgumentException("peer " + name + ": number 0 means none");
        }
    }
}
