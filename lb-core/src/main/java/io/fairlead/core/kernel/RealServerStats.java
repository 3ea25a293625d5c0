package io.fairlead.core.kernel;

import io.fairlead.core.model.RealServerKey;

/**
 * What the kernel counts for one real server.
 *
 * @param activeConnections established now
 * @param inactiveConnections in any other state now
 * @param persistentConnections persistence templates now
 */
public record RealServerStats(
        RealServerKey key,
        long activeConnections,
        long inactiveConnections,
        long persistentConnections,
        TrafficStats traffic) {

    /** Returns what is said of a real server that the kernel does not have. */
    public static RealServerStats none(RealServerKey key) {
        return new RealServerStats(key, 0, 0, 0, TrafficStats.NONE);
    }
}
