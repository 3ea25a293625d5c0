package io.fairlead.linux.neighbor;

import io.fairlead.core.net.HardwareAddress;
import io.fairlead.core.net.IpAddress;
import java.nio.ByteBuffer;

/**
 * Encodes announcements as whole Ethernet frames. Everything in them is in network order.
 *
 * <pre>
 *  gratuitous ARP (RFC 826, RFC 5227 §3)          unsolicited neighbour advertisement (RFC 4861 §4.4)
 *   0  6  to ff:ff:ff:ff:ff:ff                      0  6  to 33:33:00:00:00:01
 *   6  6  from our hardware address                 6  6  from our hardware address
 *  12  2  0x0806                                   12  2  0x86dd
 *  14  8  Ethernet, IPv4, lengths 6 and 4, op      14 40  IPv6: next header 58, hop limit 255,
 *  22  6  sender: our hardware address                    the address to ff02::1
 *  28  4  sender: the address                      54  8  type 136, code 0, checksum, flags R and O
 *  32  6  target: zero in a request,               62 16  the address
 *         our hardware address in a reply          78  8  option 2: our hardware address
 *  38  4  target: the address
 *  42 18  padding up to the least frame
 * </pre>
 */
final class NeighborFrames {

    static final int ETH_P_ARP = 0x0806;
    static final int ETH_P_IPV6 = 0x86dd;

    private static final int ARP_REQUEST = 1;
    private static final int ARP_REPLY = 2;

    /** Without the check sequence, which the interface adds. */
    private static final int FRAME_BYTES_MIN = 60;

    private static final long BROADCAST = 0xffff_ffff_ffffL;

    /** Where IPv6 multicast to ff02::1 goes: RFC 2464 §7. */
    private static final long ALL_NODES_HARDWARE = 0x3333_0000_0001L;

    private static final int IPV6_HEADER_BYTES = 40;
    private static final int ADVERTISEMENT_BYTES = 32;
    private static final int ICMPV6 = 58;
    private static final int NEIGHBOR_ADVERTISEMENT = 136;
    private static final int FLAG_ROUTER = 0x8000_0000;
    private static final int FLAG_OVERRIDE = 0x2000_0000;
    private static final int OPTION_TARGET_LINK_LAYER_ADDRESS = 2;

    private NeighborFrames() {}

    /** An ARP announcement in the form of a request, as RFC 5227 §3 and RFC 9568 §8.1.2 have it. */
    static byte[] arpRequest(HardwareAddress hardware, IpAddress address) {
        return arp(ARP_REQUEST, hardware, 0, address);
    }

    /**
     * The same in the form of a reply, which some neighbours heed that ignore the request. The target is ourselves: Linux takes
     * a reply to others within a second of the last change for a late answer, and ignores it.
     */
    static byte[] arpReply(HardwareAddress hardware, IpAddress address) {
        return arp(ARP_REPLY, hardware, hardware.value(), address);
    }

    private static byte[] arp(int operation, HardwareAddress hardware, long target, IpAddress address) {
        ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES_MIN);
        ethernet(frame, BROADCAST, hardware, ETH_P_ARP);
        frame.putShort((short) 1).putShort((short) 0x0800);
        frame.put((byte) 6).put((byte) 4).putShort((short) operation);
        put48(frame, hardware.value()).put(address.toBytes());
        put48(frame, target).put(address.toBytes());
        return frame.array();
    }

    /**
     * An advertisement that overrides what neighbours remember (RFC 4861 §7.2.6).
     *
     * @param routing whether we forward packets: neighbours drop us as their router if we say that we do not
     */
    static byte[] neighborAdvertisement(HardwareAddress hardware, IpAddress address, boolean routing) {
        ByteBuffer frame = ByteBuffer.allocate(14 + IPV6_HEADER_BYTES + ADVERTISEMENT_BYTES);
        ethernet(frame, ALL_NODES_HARDWARE, hardware, ETH_P_IPV6);
        frame.putInt(6 << 28).putShort((short) ADVERTISEMENT_BYTES);
        frame.put((byte) ICMPV6).put((byte) 255);
        int addresses = frame.position();
        frame.put(address.toBytes()).putLong(0xff02L << 48).putLong(1);
        int message = frame.position();
        frame.put((byte) NEIGHBOR_ADVERTISEMENT).put((byte) 0).putShort((short) 0);
        frame.putInt(FLAG_OVERRIDE | (routing ? FLAG_ROUTER : 0));
        frame.put(address.toBytes());
        frame.put((byte) OPTION_TARGET_LINK_LAYER_ADDRESS).put((byte) 1);
        put48(frame, hardware.value());
        frame.putShort(message + 2, checksum(frame, addresses));
        return frame.array();
    }

    /** RFC 8200 §8.1: over both addresses, the length, the next header and the message. */
    private static short checksum(ByteBuffer frame, int addresses) {
        int sum = ADVERTISEMENT_BYTES + ICMPV6;
        for (int at = addresses; at < frame.limit(); at += 2) {
            sum += Short.toUnsignedInt(frame.getShort(at));
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (short) ~sum;
    }

    private static void ethernet(ByteBuffer frame, long to, HardwareAddress from, int protocol) {
        put48(frame, to);
        put48(frame, from.value()).putShort((short) protocol);
    }

    private static ByteBuffer put48(ByteBuffer frame, long value) {
        return frame.putShort((short) (value >>> 32)).putInt((int) value);
    }
}
