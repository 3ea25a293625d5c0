package io.fairlead.core.kernel;

import io.fairlead.core.model.VirtualServerKey;

/**
 * What the kernel counts for one virtual server.
 *
 * @param connectionsPerSecond the kernel's own running estimate
 */
public record VirtualServerStats(VirtualServerKey key, TrafficStats traffic, long connectionsPerSecond) {

    /** Returns what is said of a virtual server that the kernel does not have. */
    public static VirtualServerStats none(VirtualServerKey key) {
        return new VirtualServerStats(key, TrafficStats.NONE, 0);
    }
}
