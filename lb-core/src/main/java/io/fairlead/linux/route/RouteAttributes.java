package io.fairlead.linux.route;

import io.fairlead.core.net.IpAddress;
import io.fairlead.linux.wire.Attr;
import io.fairlead.linux.wire.AttributeSet;

/** Types, flags and attributes of rtnetlink, from {@code rtnetlink.h}, {@code if_link.h}, {@code if_addr.h} and {@code if.h}. */
final class RouteAttributes {

    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_GETLINK = 18;
    static final int RTM_NEWADDR = 20;
    static final int RTM_DELADDR = 21;
    static final int RTM_GETADDR = 22;

    static final int NLM_F_REPLACE = 0x100;
    static final int NLM_F_EXCL = 0x200;
    static final int NLM_F_CREATE = 0x400;

    /** {@code struct ifinfomsg}: family, pad, type (2), index (4), flags (4), change (4). */
    static final int LINK_HEADER_BYTES = 16;

    /** {@code struct ifaddrmsg}: family, prefix length, flags, scope, index (4). */
    static final int ADDRESS_HEADER_BYTES = 8;

    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    /** {@code ifi_type} of Ethernet and all that looks like it. */
    static final int ARPHRD_ETHER = 1;

    static final int IFF_UP = 0x1;
    static final int IFF_LOOPBACK = 0x8;
    static final int IFF_NOARP = 0x80;
    static final int IFF_LOWER_UP = 0x10000;

    static final Attr<byte[]> IFLA_ADDRESS = Attr.binary(1, "IFLA_ADDRESS");
    static final Attr<String> IFLA_IFNAME = Attr.string(3, "IFLA_IFNAME");
    static final Attr<Long> IFLA_MTU_BYTES = Attr.u32Host(4, "IFLA_MTU");
    static final Attr<AttributeSet> IFLA_LINKINFO = Attr.nested(18, "IFLA_LINKINFO");
    static final Attr<String> IFLA_INFO_KIND = Attr.string(1, "IFLA_INFO_KIND");

    static final Attr<IpAddress> IFA_ADDRESS = Attr.ipAddress(1, "IFA_ADDRESS");
    static final Attr<IpAddress> IFA_LOCAL = Attr.ipAddress(2, "IFA_LOCAL");
    static final Attr<String> IFA_LABEL = Attr.string(3, "IFA_LABEL");
    /** {@code struct ifa_cacheinfo}: preferred and valid lifetime in seconds, created and updated: 4 bytes each. */
    static final Attr<byte[]> IFA_CACHEINFO = Attr.bytes(6, "IFA_CACHEINFO", 16);

    static final Attr<Long> IFA_FLAGS = Attr.u32Host(8, "IFA_FLAGS");
    static final Attr<Integer> IFA_PROTO = Attr.u8(11, "IFA_PROTO");

    static final int RT_SCOPE_UNIVERSE = 0;
    static final int RT_SCOPE_LINK = 253;
    static final int RT_SCOPE_HOST = 254;

    static final long IFA_F_NODAD = 0x02;
    static final long IFA_F_DADFAILED = 0x08;
    static final long IFA_F_TENTATIVE = 0x40;
    static final long IFA_F_NOPREFIXROUTE = 0x200;

    private RouteAttributes() {}
}
