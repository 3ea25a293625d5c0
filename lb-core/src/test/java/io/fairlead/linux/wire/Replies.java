package io.fairlead.linux.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes a kernel's answers byte by byte, apart from the code under test. */
public final class Replies {

    private static final int CAPPED_ECHO_BYTES = 16;

    private Replies() {}

    /** Several messages in one datagram. */
    public static byte[] datagram(byte[]... messages) {
        return concat(messages);
    }

    /** A generic netlink message. */
    public static byte[] message(int type, int flags, int sequence, byte[]... attributes) {
        byte[] body = concat(attributes);
        return concat(header(20 + body.length, type, flags, sequence), new byte[] {1, 1, 0, 0}, body);
    }

    /** The end of a dump. */
    public static byte[] done(int sequence) {
        return concat(header(20, MessageFlags.NLMSG_DONE, 2, sequence), u32(0));
    }

    /** The end of a dump that failed. */
    public static byte[] doneWithError(int sequence, int errno) {
        return concat(header(20, MessageFlags.NLMSG_DONE, 2, sequence), u32(-errno));
    }

    /** An acknowledgement, or with an error number a refusal, with the request's header alone. */
    public static byte[] error(int sequence, int errno) {
        return concat(
                header(36, MessageFlags.NLMSG_ERROR, MessageFlags.NLM_F_CAPPED, sequence),
                u32(-errno),
                header(20, 21, 5, sequence));
    }

    /** A refusal with the kernel's words, and the request's header alone. */
    public static byte[] errorCapped(int sequence, int errno, String text) {
        byte[] message = text(1, text);
        return concat(
                header(
                        20 + CAPPED_ECHO_BYTES + message.length,
                        MessageFlags.NLMSG_ERROR,
                        MessageFlags.NLM_F_CAPPED | MessageFlags.NLM_F_ACK_TLVS,
                        sequence),
                u32(-errno),
                header(96, 21, 5, sequence),
                message);
    }

    /** A refusal with the kernel's words after the whole request. */
    public static byte[] errorWithEcho(int sequence, int errno, byte[] request, String text) {
        byte[] message = text(1, text);
        return concat(
                header(
                        20 + request.length + message.length,
                        MessageFlags.NLMSG_ERROR,
                        MessageFlags.NLM_F_ACK_TLVS,
                        sequence),
                u32(-errno),
                request,
                message);
    }

    /** {@code struct nlmsghdr}. */
    public static byte[] header(int length, int type, int flags, int sequence) {
        return host(16).putInt(length)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(sequence)
                .putInt(4711)
                .array();
    }

    /** An attribute with its padding. */
    public static byte[] attribute(int id, byte[]... content) {
        byte[] value = concat(content);
        byte[] padding = new byte[-value.length & 3];
        return concat(u16(4 + value.length), u16(id), value, padding);
    }

    /** An attribute that holds attributes. */
    public static byte[] nest(int id, byte[]... attributes) {
        return attribute(id | 0x8000, attributes);
    }

    public static byte[] text(int id, String text) {
        return attribute(id, (text + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    public static byte[] u16(int value) {
        return host(2).putShort((short) value).array();
    }

    public static byte[] u16Network(int value) {
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    public static byte[] u32(long value) {
        return host(4).putInt((int) value).array();
    }

    public static byte[] u64(long value) {
        return host(8).putLong(value).array();
    }

    private static ByteBuffer host(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    }

    public static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
