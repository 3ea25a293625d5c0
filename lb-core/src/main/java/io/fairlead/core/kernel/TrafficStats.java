package io.fairlead.core.kernel;

/**
 * What the kernel counts of the traffic of a virtual server or real server, from its creation or the last zeroing.
 *
 * @param connections scheduled in all
 * @param packetsIn from clients
 * @param packetsOut to clients; only what comes back through this host, so none with direct routing and tunnels
 */
public record TrafficStats(long connections, long packetsIn, long packetsOut, long bytesIn, long bytesOut) {

    public static final TrafficStats NONE = new TrafficStats(0, 0, 0, 0, 0);
}
