package io.fairlead.linux.ipvs;

import static io.fairlead.linux.ipvs.IpvsAttributes.*;

import io.fairlead.core.kernel.MalformedReplyException;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.model.ConnectionThresholds;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.Tunnel;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.linux.wire.Attr;
import io.fairlead.linux.wire.AttributeSet;
import io.fairlead.linux.wire.MessageWriter;

/** Real servers as the kernel's destinations. */
final class DestinationCodec {

    private DestinationCodec() {}

    /**
     * Returns the attributes that identify a destination.
     *
     * @param parent those that identify its service
     */
    static Attr.Body identity(Attr.Body parent, RealServerKey key) {
        return out -> {
            parent.accept(out);
            out.nest(IPVS_CMD_ATTR_DEST, destination -> writeKey(destination, key));
        };
    }

    /**
     * Returns the attributes of a whole destination.
     *
     * @param parent those that identify its service
     */
    static Attr.Body entry(Attr.Body parent, RealServer realServer) {
        return out -> {
            parent.accept(out);
            out.nest(IPVS_CMD_ATTR_DEST, destination -> {
                writeKey(destination, realServer.key());
                destination.put(IPVS_DEST_ATTR_FWD_METHOD, (long)
                        realServer.forwarding().kernelValue());
                destination.put(IPVS_DEST_ATTR_WEIGHT, (long) realServer.weight());
                destination.put(IPVS_DEST_ATTR_U_THRESH, realServer.thresholds().upper());
                destination.put(IPVS_DEST_ATTR_L_THRESH, realServer.thresholds().lower());
                if (!realServer.tunnel().equals(Tunnel.IPIP)) {
                    writeTunnel(destination, realServer.tunnel());
                }
            });
        };
    }

    /** Not for IP in IP, which is what the kernel makes of a message without these, an update too. */
    private static void writeTunnel(MessageWriter destination, Tunnel tunnel) {
        destination.put(IPVS_DEST_ATTR_TUN_TYPE, tunnel.encapsulation().kernelValue());
        destination.put(IPVS_DEST_ATTR_TUN_PORT, tunnel.port());
        destination.put(IPVS_DEST_ATTR_TUN_FLAGS, tunnel.checksum().kernelValue());
    }

    private static void writeKey(MessageWriter destination, RealServerKey key) {
        destination.put(IPVS_DEST_ATTR_ADDR, key.address().address());
        destination.put(IPVS_DEST_ATTR_PORT, key.address().port());
        destination.put(
                IPVS_DEST_ATTR_ADDR_FAMILY,
                AddressFamily.familyNumber(key.address().address().family()));
    }

    /** Returns the real server in a reply to {@code GET_DEST}. */
    static RealServer decode(IpFamily serviceFamily, AttributeSet reply) {
        AttributeSet destination = reply.require(IPVS_CMD_ATTR_DEST);
        ForwardingMethod forwarding =
                forwarding(destination.require(IPVS_DEST_ATTR_FWD_METHOD).intValue());
        return new RealServer(
                key(serviceFamily, destination),
                forwarding,
                destination.require(IPVS_DEST_ATTR_WEIGHT).intValue(),
                new ConnectionThresholds(
                        destination.require(IPVS_DEST_ATTR_U_THRESH), destination.require(IPVS_DEST_ATTR_L_THRESH)),
                forwarding == ForwardingMethod.TUNNEL ? tunnel(destination) : Tunnel.IPIP);
    }

    /** What only others can have set, such as a port with GRE, of which the kernel takes no notice, is left out. */
    private static Tunnel tunnel(AttributeSet destination) {
        int type = destination.find(IPVS_DEST_ATTR_TUN_TYPE).orElse(0);
        int flags = destination.find(IPVS_DEST_ATTR_TUN_FLAGS).orElse(0);
        for (Tunnel.Encapsulation encapsulation : Tunnel.Encapsulation.values()) {
            if (encapsulation.kernelValue() == type) {
                Tunnel.Checksum found = Tunnel.Checksum.NONE;
                for (Tunnel.Checksum checksum : Tunnel.Checksum.values()) {
                    if ((flags & checksum.kernelValue()) != 0 && encapsulation.knows(checksum)) {
                        found = checksum;
                    }
                }
                int port = encapsulation == Tunnel.Encapsulation.GUE
                        ? destination.find(IPVS_DEST_ATTR_TUN_PORT).orElse(0)
                        : 0;
                return new Tunnel(encapsulation, port, found);
            }
        }
        throw new MalformedReplyException("IPVS_DEST_ATTR_TUN_TYPE", 0, type + " (expected: 0..2)");
    }

    private static RealServerKey key(IpFamily serviceFamily, AttributeSet destination) {
        IpFamily family = destination
                .find(IPVS_DEST_ATTR_ADDR_FAMILY)
                .map(number -> AddressFamily.family(number, "IPVS_DEST_ATTR_ADDR_FAMILY"))
                .orElse(serviceFamily);
        return new RealServerKey(new ServerAddress(
                AddressFamily.decode(family, destination.require(IPVS_DEST_ATTR_ADDR)),
                destination.require(IPVS_DEST_ATTR_PORT)));
    }

    private static ForwardingMethod forwarding(int connectionFlags) {
        int method = connectionFlags & IP_VS_CONN_F_FWD_MASK;
        for (ForwardingMethod forwarding : ForwardingMethod.values()) {
            if (forwarding.kernelValue() == method) {
                return forwarding;
            }
        }
        throw new MalformedReplyException("IPVS_DEST_ATTR_FWD_METHOD", 0, method + " (expected: 0..3)");
    }

    /** Returns the statistics in a reply to {@code GET_DEST}. */
    static RealServerStats decodeStats(IpFamily serviceFamily, AttributeSet reply) {
        AttributeSet destination = reply.require(IPVS_CMD_ATTR_DEST);
        Counters counters = Counters.decode(destination, IPVS_DEST_ATTR_STATS64, IPVS_DEST_ATTR_STATS);
        return new RealServerStats(
                key(serviceFamily, destination),
                destination.require(IPVS_DEST_ATTR_ACTIVE_CONNS),
                destination.require(IPVS_DEST_ATTR_INACT_CONNS),
                destination.require(IPVS_DEST_ATTR_PERSIST_CONNS),
                counters.traffic());
    }
}
