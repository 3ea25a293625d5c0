package io.fairlead.linux.ipvs;

import io.fairlead.core.net.IpAddress;
import io.fairlead.linux.wire.Attr;
import io.fairlead.linux.wire.AttributeSet;

/**
 * The IPVS family as {@code include/uapi/linux/ip_vs.h} has it, each attribute once. The kernel says <em>service</em> for a
 * virtual server and <em>destination</em> for a real server.
 */
final class IpvsAttributes {

    static final String FAMILY = "IPVS";
    static final int VERSION = 1;
    static final String MODULE = "ip_vs";

    static final int IPVS_CMD_NEW_SERVICE = 1;
    static final int IPVS_CMD_SET_SERVICE = 2;
    static final int IPVS_CMD_DEL_SERVICE = 3;
    static final int IPVS_CMD_GET_SERVICE = 4;
    static final int IPVS_CMD_NEW_DEST = 5;
    static final int IPVS_CMD_SET_DEST = 6;
    static final int IPVS_CMD_DEL_DEST = 7;
    static final int IPVS_CMD_GET_DEST = 8;
    static final int IPVS_CMD_NEW_DAEMON = 9;
    static final int IPVS_CMD_DEL_DAEMON = 10;
    static final int IPVS_CMD_GET_DAEMON = 11;
    static final int IPVS_CMD_SET_CONFIG = 12;
    static final int IPVS_CMD_GET_CONFIG = 13;
    static final int IPVS_CMD_GET_INFO = 15;
    static final int IPVS_CMD_ZERO = 16;
    static final int IPVS_CMD_FLUSH = 17;

    static final Attr<AttributeSet> IPVS_CMD_ATTR_SERVICE = Attr.nested(1, "IPVS_CMD_ATTR_SERVICE");
    static final Attr<AttributeSet> IPVS_CMD_ATTR_DEST = Attr.nested(2, "IPVS_CMD_ATTR_DEST");
    static final Attr<AttributeSet> IPVS_CMD_ATTR_DAEMON = Attr.nested(3, "IPVS_CMD_ATTR_DAEMON");
    static final Attr<Long> IPVS_CMD_ATTR_TIMEOUT_TCP_SECONDS = Attr.u32Host(4, "IPVS_CMD_ATTR_TIMEOUT_TCP");
    static final Attr<Long> IPVS_CMD_ATTR_TIMEOUT_TCP_FIN_SECONDS = Attr.u32Host(5, "IPVS_CMD_ATTR_TIMEOUT_TCP_FIN");
    static final Attr<Long> IPVS_CMD_ATTR_TIMEOUT_UDP_SECONDS = Attr.u32Host(6, "IPVS_CMD_ATTR_TIMEOUT_UDP");

    static final Attr<Long> IPVS_INFO_ATTR_VERSION = Attr.u32Host(1, "IPVS_INFO_ATTR_VERSION");
    static final Attr<Long> IPVS_INFO_ATTR_CONN_TAB_SIZE = Attr.u32Host(2, "IPVS_INFO_ATTR_CONN_TAB_SIZE");

    static final Attr<Integer> IPVS_SVC_ATTR_AF = Attr.u16Host(1, "IPVS_SVC_ATTR_AF");
    static final Attr<Integer> IPVS_SVC_ATTR_PROTOCOL = Attr.u16Host(2, "IPVS_SVC_ATTR_PROTOCOL");
    static final Attr<IpAddress> IPVS_SVC_ATTR_ADDR = Attr.inetAddress(3, "IPVS_SVC_ATTR_ADDR");

    static final Attr<Integer> IPVS_SVC_ATTR_PORT = Attr.u16Network(4, "IPVS_SVC_ATTR_PORT");
    /** Present instead of protocol, address and port. */
    static final Attr<Long> IPVS_SVC_ATTR_FWMARK = Attr.u32Host(5, "IPVS_SVC_ATTR_FWMARK");

    static final Attr<String> IPVS_SVC_ATTR_SCHED_NAME = Attr.string(6, "IPVS_SVC_ATTR_SCHED_NAME");
    /** {@code struct ip_vs_flags}: the flags, then a mask of those that are meant. */
    static final Attr<byte[]> IPVS_SVC_ATTR_FLAGS = Attr.bytes(7, "IPVS_SVC_ATTR_FLAGS", 8);

    static final Attr<Long> IPVS_SVC_ATTR_TIMEOUT_SECONDS = Attr.u32Host(8, "IPVS_SVC_ATTR_TIMEOUT");
    /** IPv4: the mask itself in network order. IPv6: the length of the prefix in host order. */
    static final Attr<byte[]> IPVS_SVC_ATTR_NETMASK = Attr.bytes(9, "IPVS_SVC_ATTR_NETMASK", 4);

    static final Attr<AttributeSet> IPVS_SVC_ATTR_STATS = Attr.nested(10, "IPVS_SVC_ATTR_STATS");
    /** Linux 4.1+; the 32-bit statistics beside it wrap. */
    static final Attr<AttributeSet> IPVS_SVC_ATTR_STATS64 = Attr.nested(12, "IPVS_SVC_ATTR_STATS64");

    /** Linux 2.6.37+. Not there without an engine. */
    static final Attr<String> IPVS_SVC_ATTR_PE_NAME = Attr.string(11, "IPVS_SVC_ATTR_PE_NAME");

    static final int IP_VS_SVC_F_PERSISTENT = 0x01;
    static final int IP_VS_SVC_F_ONEPACKET = 0x04;

    static final Attr<IpAddress> IPVS_DEST_ATTR_ADDR = Attr.inetAddress(1, "IPVS_DEST_ATTR_ADDR");

    static final Attr<Integer> IPVS_DEST_ATTR_PORT = Attr.u16Network(2, "IPVS_DEST_ATTR_PORT");
    static final Attr<Long> IPVS_DEST_ATTR_FWD_METHOD = Attr.u32Host(3, "IPVS_DEST_ATTR_FWD_METHOD");
    static final Attr<Long> IPVS_DEST_ATTR_WEIGHT = Attr.u32Host(4, "IPVS_DEST_ATTR_WEIGHT");
    static final Attr<Long> IPVS_DEST_ATTR_U_THRESH = Attr.u32Host(5, "IPVS_DEST_ATTR_U_THRESH");
    static final Attr<Long> IPVS_DEST_ATTR_L_THRESH = Attr.u32Host(6, "IPVS_DEST_ATTR_L_THRESH");
    static final Attr<Long> IPVS_DEST_ATTR_ACTIVE_CONNS = Attr.u32Host(7, "IPVS_DEST_ATTR_ACTIVE_CONNS");
    static final Attr<Long> IPVS_DEST_ATTR_INACT_CONNS = Attr.u32Host(8, "IPVS_DEST_ATTR_INACT_CONNS");
    static final Attr<Long> IPVS_DEST_ATTR_PERSIST_CONNS = Attr.u32Host(9, "IPVS_DEST_ATTR_PERSIST_CONNS");
    static final Attr<AttributeSet> IPVS_DEST_ATTR_STATS = Attr.nested(10, "IPVS_DEST_ATTR_STATS");
    /** Linux 3.18+; before that a destination has the family of its service. */
    static final Attr<Integer> IPVS_DEST_ATTR_ADDR_FAMILY = Attr.u16Host(11, "IPVS_DEST_ATTR_ADDR_FAMILY");

    /** Linux 4.1+. */
    static final Attr<AttributeSet> IPVS_DEST_ATTR_STATS64 = Attr.nested(12, "IPVS_DEST_ATTR_STATS64");

    /** Linux 5.2+; older kernels pass over it and use IP in IP. */
    static final Attr<Integer> IPVS_DEST_ATTR_TUN_TYPE = Attr.u8(13, "IPVS_DEST_ATTR_TUN_TYPE");

    static final Attr<Integer> IPVS_DEST_ATTR_TUN_PORT = Attr.u16Network(14, "IPVS_DEST_ATTR_TUN_PORT");
    /** Linux 5.3+. */
    static final Attr<Integer> IPVS_DEST_ATTR_TUN_FLAGS = Attr.u16Host(15, "IPVS_DEST_ATTR_TUN_FLAGS");

    static final int IP_VS_CONN_F_FWD_MASK = 0x07;

    static final Attr<Long> IPVS_STATS_ATTR_CONNS_64 = Attr.u64Host(1, "IPVS_STATS_ATTR_CONNS");
    static final Attr<Long> IPVS_STATS_ATTR_CONNS_32 = Attr.u32Host(1, "IPVS_STATS_ATTR_CONNS");
    static final Attr<Long> IPVS_STATS_ATTR_INPKTS_64 = Attr.u64Host(2, "IPVS_STATS_ATTR_INPKTS");
    static final Attr<Long> IPVS_STATS_ATTR_INPKTS_32 = Attr.u32Host(2, "IPVS_STATS_ATTR_INPKTS");
    static final Attr<Long> IPVS_STATS_ATTR_OUTPKTS_64 = Attr.u64Host(3, "IPVS_STATS_ATTR_OUTPKTS");
    static final Attr<Long> IPVS_STATS_ATTR_OUTPKTS_32 = Attr.u32Host(3, "IPVS_STATS_ATTR_OUTPKTS");
    static final Attr<Long> IPVS_STATS_ATTR_INBYTES = Attr.u64Host(4, "IPVS_STATS_ATTR_INBYTES");
    static final Attr<Long> IPVS_STATS_ATTR_OUTBYTES = Attr.u64Host(5, "IPVS_STATS_ATTR_OUTBYTES");
    static final Attr<Long> IPVS_STATS_ATTR_CPS_64 = Attr.u64Host(6, "IPVS_STATS_ATTR_CPS");
    static final Attr<Long> IPVS_STATS_ATTR_CPS_32 = Attr.u32Host(6, "IPVS_STATS_ATTR_CPS");

    static final Attr<Long> IPVS_DAEMON_ATTR_STATE = Attr.u32Host(1, "IPVS_DAEMON_ATTR_STATE");
    static final Attr<String> IPVS_DAEMON_ATTR_MCAST_IFN = Attr.string(2, "IPVS_DAEMON_ATTR_MCAST_IFN");
    static final Attr<Long> IPVS_DAEMON_ATTR_SYNC_ID = Attr.u32Host(3, "IPVS_DAEMON_ATTR_SYNC_ID");
    // Linux 4.3+, these and what follows.
    static final Attr<Integer> IPVS_DAEMON_ATTR_SYNC_MAXLEN_BYTES = Attr.u16Host(4, "IPVS_DAEMON_ATTR_SYNC_MAXLEN");
    /** 4 bytes, unlike the addresses of services. */
    static final Attr<IpAddress> IPVS_DAEMON_ATTR_MCAST_GROUP = Attr.ipAddress(5, "IPVS_DAEMON_ATTR_MCAST_GROUP");

    static final Attr<IpAddress> IPVS_DAEMON_ATTR_MCAST_GROUP6 = Attr.ipAddress(6, "IPVS_DAEMON_ATTR_MCAST_GROUP6");
    /** In host order, unlike the ports of services. */
    static final Attr<Integer> IPVS_DAEMON_ATTR_MCAST_PORT = Attr.u16Host(7, "IPVS_DAEMON_ATTR_MCAST_PORT");

    static final Attr<Integer> IPVS_DAEMON_ATTR_MCAST_TTL = Attr.u8(8, "IPVS_DAEMON_ATTR_MCAST_TTL");

    private IpvsAttributes() {}
}
