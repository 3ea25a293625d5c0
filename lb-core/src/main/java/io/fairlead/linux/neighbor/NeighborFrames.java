package io.fairlead.linux.neighbor;

import io.fairlead.core.net.HardwareAddress;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.socket.PacketSocket.FilterInstruction;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Encodes announcements and questions as whole Ethernet frames, and reads answers. Everything in them is in network order.
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
 *
 *  question by ARP: a request from an          neighbour solicitation (RFC 4861 §4.3): the same with
 *  address of ours, or from 0.0.0.0            type 135, to ff02::1:ffXX:XXXX of the address, from one of
 *  (RFC 5227 §1.1), target hardware zero       ours with option 1: our hardware address, or from :: without
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
    private static final int ICMPV6 = 58;
    private static final int NEIGHBOR_SOLICITATION = 135;
    private static final int NEIGHBOR_ADVERTISEMENT = 136;
    private static final int FLAG_ROUTER = 0x8000_0000;
    private static final int FLAG_OVERRIDE = 0x2000_0000;
    private static final int OPTION_SOURCE_LINK_LAYER_ADDRESS = 1;
    private static final int OPTION_TARGET_LINK_LAYER_ADDRESS = 2;
    private static final int OPTION_BYTES = 8;
    private static final int HOP_LIMIT_MAX = 255;

    private static final int ETHERNET_BYTES = 14;
    private static final int ARP_OPERATION_AT = 20;
    private static final int ARP_SENDER_AT = 22;
    private static final int ARP_END = 42;
    private static final int IPV6_NEXT_HEADER_AT = 20;
    private static final int IPV6_HOP_LIMIT_AT = 21;
    private static final int ICMPV6_AT = ETHERNET_BYTES + IPV6_HEADER_BYTES;
    private static final int ND_TARGET_AT = ICMPV6_AT + 8;
    private static final int ND_OPTIONS_AT = ND_TARGET_AT + 16;

    /** The words of classic BPF, {@code linux/bpf_common.h}: load a byte, load two, compare, return. */
    private static final int LOAD_BYTE = 0x30;

    private static final int LOAD_HALF = 0x28;
    private static final int EQUALS = 0x15;
    private static final int RETURN = 0x06;
    private static final int WHOLE = 0xffff;

    /** Passes ARP replies, of frames of ARP. */
    static final List<FilterInstruction> ARP_REPLIES = List.of(
            new FilterInstruction(LOAD_HALF, 0, 0, ARP_OPERATION_AT),
            new FilterInstruction(EQUALS, 0, 1, ARP_REPLY),
            new FilterInstruction(RETURN, 0, 0, WHOLE),
            new FilterInstruction(RETURN, 0, 0, 0));

    /** Passes neighbour advertisements, of frames of IPv6: among them may be all that is balanced. */
    static final List<FilterInstruction> ADVERTISEMENTS = List.of(
            new FilterInstruction(LOAD_BYTE, 0, 0, IPV6_NEXT_HEADER_AT),
            new FilterInstruction(EQUALS, 0, 3, ICMPV6),
            new FilterInstruction(LOAD_BYTE, 0, 0, ICMPV6_AT),
            new FilterInstruction(EQUALS, 0, 1, NEIGHBOR_ADVERTISEMENT),
            new FilterInstruction(RETURN, 0, 0, WHOLE),
            new FilterInstruction(RETURN, 0, 0, 0));

    /** Who says to have an address. */
    record Answer(IpAddress address, HardwareAddress hardware) {}

    private NeighborFrames() {}

    /** An ARP announcement in the form of a request, as RFC 5227 §3 and RFC 9568 §8.1.2 have it. */
    static byte[] arpRequest(HardwareAddress hardware, IpAddress address) {
        return arp(ARP_REQUEST, hardware, address, 0, address);
    }

    /**
     * The same in the form of a reply, which some neighbours heed that ignore the request. The target is ourselves: Linux takes
     * a reply to others within a second of the last change for a late answer, and ignores it.
     */
    static byte[] arpReply(HardwareAddress hardware, IpAddress address) {
        return arp(ARP_REPLY, hardware, address, hardware.value(), address);
    }

    /**
     * A question who has {@code address}.
     *
     * @param source an address of ours that the other one could answer, or 0.0.0.0: it answers us all the same
     */
    static byte[] arpQuestion(HardwareAddress hardware, IpAddress source, IpAddress address) {
        return arp(ARP_REQUEST, hardware, source, 0, address);
    }

    private static byte[] arp(
            int operation, HardwareAddress hardware, IpAddress sender, long targetHardware, IpAddress target) {
        ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES_MIN);
        ethernet(frame, BROADCAST, hardware, ETH_P_ARP);
        frame.putShort((short) 1).putShort((short) 0x0800);
        frame.put((byte) 6).put((byte) 4).putShort((short) operation);
        put48(frame, hardware.value()).put(sender.toBytes());
        put48(frame, targetHardware).put(target.toBytes());
        return frame.array();
    }

    /**
     * An advertisement that overrides what neighbours remember (RFC 4861 §7.2.6).
     *
     * @param routing whether we forward packets: neighbours drop us as their router if we say that we do not
     */
    static byte[] neighborAdvertisement(HardwareAddress hardware, IpAddress address, boolean routing) {
        ByteBuffer frame = ByteBuffer.allocate(ND_OPTIONS_AT + OPTION_BYTES);
        ethernet(frame, ALL_NODES_HARDWARE, hardware, ETH_P_IPV6);
        ipv6(frame, address).putLong(0xff02L << 48).putLong(1);
        frame.put((byte) NEIGHBOR_ADVERTISEMENT).put((byte) 0).putShort((short) 0);
        frame.putInt(FLAG_OVERRIDE | (routing ? FLAG_ROUTER : 0));
        frame.put(address.toBytes());
        put48(frame.put((byte) OPTION_TARGET_LINK_LAYER_ADDRESS).put((byte) 1), hardware.value());
        frame.putShort(ICMPV6_AT + 2, checksum(frame));
        return frame.array();
    }

    /**
     * A question who has {@code address}.
     *
     * @param source an address of ours on the link, or ::, which a neighbour that is still looking whether its own address is
     *     taken would believe to take it
     */
    static byte[] neighborSolicitation(HardwareAddress hardware, IpAddress source, IpAddress address) {
        boolean named = source.high() != 0 || source.low() != 0;
        ByteBuffer frame = ByteBuffer.allocate(ND_OPTIONS_AT + (named ? OPTION_BYTES : 0));
        long last24 = address.low() & 0xff_ffffL;
        ethernet(frame, 0x3333_ff00_0000L | last24, hardware, ETH_P_IPV6);
        ipv6(frame, source).putLong(0xff02L << 48).putLong(0x1_ff00_0000L | last24);
        frame.put((byte) NEIGHBOR_SOLICITATION)
                .put((byte) 0)
                .putShort((short) 0)
                .putInt(0);
        frame.put(address.toBytes());
        if (named) {
            put48(frame.put((byte) OPTION_SOURCE_LINK_LAYER_ADDRESS).put((byte) 1), hardware.value());
        }
        frame.putShort(ICMPV6_AT + 2, checksum(frame));
        return frame.array();
    }

    /** Writes a header up to the source; the destination follows. */
    private static ByteBuffer ipv6(ByteBuffer frame, IpAddress source) {
        frame.putInt(6 << 28).putShort((short) (frame.capacity() - ICMPV6_AT));
        return frame.put((byte) ICMPV6).put((byte) HOP_LIMIT_MAX).put(source.toBytes());
    }

    /** Returns who answers in an ARP reply or a neighbour advertisement; empty if it is neither, or not one of the link. */
    static Optional<Answer> answer(ByteBuffer frame, IpFamily family) {
        return family == IpFamily.IPV4 ? arpAnswer(frame) : advertised(frame);
    }

    private static Optional<Answer> arpAnswer(ByteBuffer frame) {
        if (frame.limit() < ARP_END || frame.getShort(ARP_OPERATION_AT) != ARP_REPLY) {
            return Optional.empty();
        }
        return Optional.of(new Answer(
                IpAddress.ofBytes(bytes(frame, ARP_SENDER_AT + 6, 4)),
                HardwareAddress.ofBytes(bytes(frame, ARP_SENDER_AT, 6))));
    }

    /** A hop limit below the greatest has passed a router: RFC 4861 §7.1.2. */
    private static Optional<Answer> advertised(ByteBuffer frame) {
        if (frame.limit() < ND_OPTIONS_AT
                || frame.get(IPV6_NEXT_HEADER_AT) != ICMPV6
                || Byte.toUnsignedInt(frame.get(IPV6_HOP_LIMIT_AT)) != HOP_LIMIT_MAX
                || Byte.toUnsignedInt(frame.get(ICMPV6_AT)) != NEIGHBOR_ADVERTISEMENT) {
            return Optional.empty();
        }
        boolean says = frame.limit() >= ND_OPTIONS_AT + OPTION_BYTES
                && frame.get(ND_OPTIONS_AT) == OPTION_TARGET_LINK_LAYER_ADDRESS;
        return Optional.of(new Answer(
                IpAddress.ofBytes(bytes(frame, ND_TARGET_AT, 16)),
                HardwareAddress.ofBytes(bytes(frame, says ? ND_OPTIONS_AT + 2 : 6, 6))));
    }

    private static byte[] bytes(ByteBuffer frame, int at, int length) {
        byte[] bytes = new byte[length];
        frame.get(at, bytes);
        return bytes;
    }

    /** RFC 8200 §8.1: over both addresses, the length, the next header and the message. */
    private static short checksum(ByteBuffer frame) {
        int sum = frame.limit() - ICMPV6_AT + ICMPV6;
        for (int at = ICMPV6_AT - 32; at < frame.limit(); at += 2) {
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
