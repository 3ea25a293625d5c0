package io.fairlead.core.policy;

import io.fairlead.core.model.ConnectionThresholds;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey.FwmarkKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.ServerAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The way of a health check to one real server at a virtual address, as clients' packets go: a virtual server of a firewall
 * mark with nobody else in it. A packet of this host with that mark, whatever address and port it is for, is forwarded there
 * ({@code ip_vs_service_find} looks for the mark first; the hook for local packets is {@code ip_vs_local_request4}, Linux
 * 2.6.37). Pure.
 */
public final class CheckPath {

    private static final long DIRECT_ROUTE_MARKS = 0x2000_0000L;
    private static final long TUNNEL_MARKS = 0x3000_0000L;
    private static final long MARK_BITS = 0x0fff_ffffL;

    private CheckPath() {}

    /** Returns whether real servers have the virtual address themselves. */
    public static boolean exists(ForwardingMethod forwarding) {
        return forwarding == ForwardingMethod.DIRECT_ROUTE || forwarding == ForwardingMethod.TUNNEL;
    }

    /**
     * Returns the mark of the path to the real server at {@code address}: the last 28 bits of an IPv4 address, 28 bits of
     * FNV-1a of an IPv6 address, so that it is the same after a restart and on every peer.
     */
    public static long markOf(IpAddress address, ForwardingMethod forwarding) {
        long base = forwarding == ForwardingMethod.TUNNEL ? TUNNEL_MARKS : DIRECT_ROUTE_MARKS;
        long bits = 0;
        if (address.family() == IpFamily.IPV4) {
            for (byte each : address.toBytes()) {
                bits = (bits << 8) | (each & 0xff);
            }
        } else {
            bits = 0xcbf29ce484222325L;
            for (byte each : address.toBytes()) {
                bits = (bits ^ (each & 0xff)) * 0x100000001b3L;
            }
            bits ^= (bits >>> 28) ^ (bits >>> 56);
        }
        return base | (bits & MARK_BITS);
    }

    /**
     * Returns the virtual server that is the path. Each datagram is scheduled by itself, so that a port that a probe had is
     * not bound to its real server for minutes.
     *
     * @param family of the virtual address
     */
    public static VirtualServerSpec virtualServer(
            IpFamily family, IpAddress address, ForwardingMethod forwarding, long mark) {
        RealServer realServer = new RealServer(
                new RealServerKey(new ServerAddress(address, 0)), forwarding, 1, ConnectionThresholds.NONE);
        return new VirtualServerSpec(
                "check path " + address,
                new VirtualServer(new FwmarkKey(family, mark), Scheduler.ROUND_ROBIN, Set.of(), Optional.empty(), true),
                PoolPolicy.PLAIN.withDrainTimeout(Duration.ZERO),
                List.of(new RealServerSpec(address.toString(), realServer)));
    }
}
