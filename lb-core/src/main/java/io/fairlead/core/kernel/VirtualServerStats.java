package io.fairlead.core.kernel;

import io.fairlead.core.model.VirtualServerKey;

/**
 * What the kernel counts for one virtual server, from its creation or the last zeroing.
 *
 * @param connectionsPerSecond the kernel's own running estimate
 */
public record VirtualServerStats(
        VirtualServerKey key, long connections, long bytesIn, long bytesOut, long connectionsPerSecond) {}
