package io.fairlead.linux.wire;

import static io.fairlead.linux.wire.ByteLayout.ATTRIBUTE_HEADER_BYTES;
import static io.fairlead.linux.wire.ByteLayout.LITTLE_ENDIAN;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Writes netlink messages one after another into a buffer of fixed size, ready for one send.
 *
 * <pre>
 *  0               2               4               6               8
 *  +-------------------------------+---------------+---------------+
 *  | length with this header       | type          | flags         |   struct nlmsghdr
 *  +-------------------------------+---------------+---------------+
 *  | sequence number               | port id, 0 when we send       |
 *  +-------+-------+---------------+-------------------------------+
 *  | command|version| 0            | attributes ...                    struct genlmsghdr
 * </pre>
 */
public final class MessageWriter {

    /** Where the halves of a number stand within it. */
    private static final int LOW = LITTLE_ENDIAN ? 0 : 1;

    private static final int HIGH = 1 - LOW;

    /** An array, and a copy of it at the end: twice as fast as writing each number into a direct buffer. */
    private final byte[] bytes;

    private final ByteBuffer outgoing;
    private int at;
    private int messageStart = -1;

    /** @param capacityBytes of all messages together */
    public MessageWriter(int capacityBytes) {
        bytes = new byte[capacityBytes];
        outgoing = ByteBuffer.allocateDirect(capacityBytes).order(ByteOrder.nativeOrder());
    }

    /** Forgets everything written. */
    public MessageWriter clear() {
        at = 0;
        messageStart = -1;
        return this;
    }

    /** Starts a message whose family's own header, if any, is written next; flags by {@link MessageFlags}. */
    public MessageWriter begin(int type, int flags, int sequence) {
        messageStart = at;
        u32(0);
        u16(type);
        u16(flags);
        u32(sequence);
        u32(0);
        return this;
    }

    /** Starts a generic netlink message; flags by {@link MessageFlags}. */
    public MessageWriter begin(int type, int flags, int sequence, int command, int version) {
        begin(type, flags, sequence);
        u8(command);
        u8(version);
        u16(0);
        return this;
    }

    /**
     * Starts a netfilter message, whose header ({@code struct nfgenmsg}) is as long as the generic one.
     *
     * @param family a netfilter protocol family, such as {@code NFPROTO_INET}
     * @param resource whom the message is for where its type does not say; written in network order
     */
    public MessageWriter beginNetfilter(int type, int flags, int sequence, int family, int resource) {
        begin(type, flags, sequence, family, 0);
        setU16(at - 2, ByteLayout.network((short) resource));
        return this;
    }

    /** Writes one attribute. @throws BufferOverflowException if it does not fit */
    public <T> MessageWriter put(Attr<T> attr, T value) {
        int start = header(attr.id());
        attr.write(this, value);
        close(start);
        return this;
    }

    /** Writes a nested attribute whose content {@code body} writes. */
    public MessageWriter nest(Attr<AttributeSet> attr, Attr.Body body) {
        int start = header(attr.id() | 0x8000); // NLA_F_NESTED
        body.accept(this);
        close(start);
        return this;
    }

    /** Writes what was encoded before: a family's header, or whole attributes with their padding. */
    public MessageWriter encoded(byte[] attributes) {
        bytes(attributes);
        return this;
    }

    /** Completes the message that was begun. */
    public MessageWriter end() {
        setU32(messageStart, at - messageStart);
        messageStart = -1;
        return this;
    }

    /** Sets a flag of the message that starts at {@code offset}, after the fact. */
    public void addFlag(int offset, int flag) {
        bytes[offset + 6 + LOW] |= (byte) flag;
        bytes[offset + 6 + HIGH] |= (byte) (flag >> 8);
    }

    /** Returns how many bytes have been written: the offset of the next message. */
    public int length() {
        return at;
    }

    /** Returns how many bytes still fit. */
    public int remaining() {
        return bytes.length - at;
    }

    /** Returns the messages from position 0 to the limit, in a direct buffer; valid until the next call. */
    public ByteBuffer toSend() {
        return outgoing.clear().put(bytes, 0, at).flip();
    }

    /** Returns a copy of what has been written. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, at);
    }

    private int header(int id) {
        int start = claim(ATTRIBUTE_HEADER_BYTES);
        setU16(start + 2, id);
        return start;
    }

    /** Says how long the attribute became, now that it is known. */
    private void close(int start) {
        setU16(start, at - start);
        while ((at & 3) != 0) {
            u8(0);
        }
    }

    // What follows writes numbers in host order; Attr turns those that the kernel wants in network order.

    void u8(int value) {
        bytes[claim(1)] = (byte) value;
    }

    void u16(int value) {
        setU16(claim(2), value);
    }

    void u32(int value) {
        setU32(claim(4), value);
    }

    void u64(long value) {
        u32((int) (LITTLE_ENDIAN ? value : value >>> 32));
        u32((int) (LITTLE_ENDIAN ? value >>> 32 : value));
    }

    void bytes(byte[] value) {
        System.arraycopy(value, 0, bytes, claim(value.length), value.length);
    }

    private int claim(int lengthBytes) {
        int start = at;
        if (lengthBytes > bytes.length - start) {
            throw new BufferOverflowException();
        }
        at = start + lengthBytes;
        return start;
    }

    private void setU16(int offset, int value) {
        bytes[offset + LOW] = (byte) value;
        bytes[offset + HIGH] = (byte) (value >> 8);
    }

    private void setU32(int offset, int value) {
        int step = HIGH - LOW;
        int low = offset + 3 * LOW;
        bytes[low] = (byte) value;
        bytes[low + step] = (byte) (value >> 8);
        bytes[low + 2 * step] = (byte) (value >> 16);
        bytes[low + 3 * step] = (byte) (value >> 24);
    }
}
