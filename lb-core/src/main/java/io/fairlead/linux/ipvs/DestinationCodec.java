package io.fairlead.linux.ipvs;

import static io.fairlead.linux.ipvs.IpvsAttributes.*;

import io.fairlead.core.kernel.MalformedReplyException;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.model.ConnectionThresholds;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
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
            });
        };
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
        return new RealServer(
                key(serviceFamily, destination),
                forwarding(destination.require(IPVS_DEST_ATTR_FWD_METHOD).intValue()),
                destination.require(IPVS_DEST_ATTR_WEIGHT).intValue(),
                new ConnectionThresholds(
                        destination.require(IPVS_DEST_ATTR_U_THRESH), destination.require(IPVS_DEST_ATTR_L_THRESH)));
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
                counters.connections(),
                counters.bytesIn(),
                counters.bytesOut());
    }
}
