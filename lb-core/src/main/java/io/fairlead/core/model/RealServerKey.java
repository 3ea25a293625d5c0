package io.fairlead.core.model;

import io.fairlead.core.net.ServerAddress;

/** What identifies a real server within its virtual server: its address and port. */
public record RealServerKey(ServerAddress address) implements Comparable<RealServerKey> {

    @Override
    public int compareTo(RealServerKey other) {
        return address.compareTo(other.address);
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
