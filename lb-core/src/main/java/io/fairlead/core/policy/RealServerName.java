package io.fairlead.core.policy;

import java.util.Comparator;

/**
 * How an operator names one real server of one virtual server. Overrides go by it, and not by the kernel's key, so that they
 * stay when a real server moves to another address.
 */
public record RealServerName(String virtualServer, String realServer) implements Comparable<RealServerName> {

    private static final Comparator<RealServerName> ORDER =
            Comparator.comparing(RealServerName::virtualServer).thenComparing(RealServerName::realServer);

    @Override
    public int compareTo(RealServerName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return virtualServer + "/" + realServer;
    }
}
