package io.fairlead.core.kernel;

import io.fairlead.core.model.RealServerKey;

/**
 * What the kernel counts for one real server. Counters grow from its creation or the last zeroing.
 *
 * @param activeConnections established now
 * @param inactiveConnections in any other state now
 * @param persistentConnections persistence templates now
 * @param connections scheduled in all
 */
public record RealServerStats(
        RealServerKey key,
        long activeConnections,
        long inactiveConnections,
        long persistentConnections,
        long connections,
        long bytesIn,
        long bytesOut) {}
