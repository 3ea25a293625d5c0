package io.fairlead.linux.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

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

    private final ByteBuffer buffer;
    private int messageStart = -1;

    /** @param buffer cleared and set to host order; a direct one can be sent without a copy */
    public MessageWriter(ByteBuffer buffer) {
        this.buffer = buffer.order(ByteOrder.nativeOrder());
        clear();
    }

    /** Forgets everything written. */
    public MessageWriter clear() {
        buffer.clear();
        messageStart = -1;
        return this;
    }

    /** Starts a generic netlink message; flags by {@link MessageFlags}. */
    public MessageWriter begin(int type, int flags, int sequence, int command, int version) {
        messageStart = buffer.position();
        buffer.putInt(0)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(sequence)
                .putInt(0);
        buffer.put((byte) command).put((byte) version).putShort((short) 0);
        return this;
    }

    /** Writes one attribute. @throws BufferOverflowException if it does not fit */
    public <T> MessageWriter put(Attr<T> attr, T value) {
        int start = header(attr.id());
        attr.write(buffer, value);
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

    /** Writes attributes that were encoded before: whole ones, with their padding. */
    public MessageWriter encoded(byte[] attributes) {
        buffer.put(attributes);
        return this;
    }

    /** Completes the message that was begun. */
    public MessageWriter end() {
        buffer.putInt(messageStart, buffer.position() - messageStart);
        messageStart = -1;
        return this;
    }

    /** Sets a flag of the message that starts at {@code offset}, after the fact. */
    public void addFlag(int offset, int flag) {
        buffer.putShort(offset + 6, (short) (buffer.getShort(offset + 6) | flag));
    }

    /** Returns how many bytes have been written: the offset of the next message. */
    public int length() {
        return buffer.position();
    }

    /** Returns how many bytes still fit. */
    public int remaining() {
        return buffer.remaining();
    }

    /** Returns the messages from position 0 to the limit; valid until the next write. */
    public ByteBuffer toSend() {
        return buffer.duplicate().order(buffer.order()).flip();
    }

    private int header(int id) {
        int start = buffer.position();
        buffer.putShort((short) 0).putShort((short) id);
        return start;
    }

    private void close(int start) {
        buffer.putShort(start, (short) (buffer.position() - start));
        while ((buffer.position() & 3) != 0) {
            buffer.put((byte) 0);
        }
    }
}
