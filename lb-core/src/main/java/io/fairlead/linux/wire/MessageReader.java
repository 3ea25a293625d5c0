package io.fairlead.linux.wire;

import io.fairlead.core.kernel.MalformedReplyException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Walks the netlink messages of one datagram: {@code while (reader.next()) ...}. The accessors speak of the present message.
 */
public final class MessageReader {

    private static final Attr<String> NLMSGERR_ATTR_MSG = Attr.string(1, "NLMSGERR_ATTR_MSG");

    private final ByteBuffer buffer;
    private int start;
    private int nextStart;
    private int end;

    /** @param datagram its messages lie from position 0 to the limit; not changed */
    public MessageReader(ByteBuffer datagram) {
        buffer = datagram.duplicate().order(ByteOrder.nativeOrder());
    }

    /** Moves to the next message; false at the end. @throws MalformedReplyException if a message does not fit */
    public boolean next() {
        int left = buffer.limit() - nextStart;
        if (left <= 0) {
            return false;
        }
        if (left < ByteLayout.MESSAGE_HEADER_BYTES) {
            throw new MalformedReplyException("nlmsghdr", nextStart, left + " bytes left (expected: 16)");
        }
        int length = buffer.getInt(nextStart);
        if (length < ByteLayout.MESSAGE_HEADER_BYTES || length > left) {
            throw new MalformedReplyException(
                    "nlmsghdr", nextStart, "length " + length + " (expected: 16.." + left + ")");
        }
        start = nextStart;
        end = start + length;
        nextStart = start + ByteLayout.align(length);
        return true;
    }

    /** Returns the type: one of {@link MessageFlags}, or a family's number. */
    public int type() {
        return Short.toUnsignedInt(buffer.getShort(start + 4));
    }

    /** Returns the flags. */
    public int flags() {
        return Short.toUnsignedInt(buffer.getShort(start + 6));
    }

    /** Returns the sequence number of the request that this answers. */
    public int sequence() {
        return buffer.getInt(start + 8);
    }

    /** Returns the attributes behind the generic netlink header. */
    public AttributeSet attributes() {
        int attributes = start + ByteLayout.MESSAGE_HEADER_BYTES + ByteLayout.GENERIC_HEADER_BYTES;
        if (attributes > end) {
            throw new MalformedReplyException("genlmsghdr", start, (end - start) + " bytes (expected: 20 or more)");
        }
        return AttributeSet.parse(buffer, attributes, end);
    }

    /** Returns a family's own header, in host order; a view. @throws MalformedReplyException if the message is shorter */
    public ByteBuffer header(int lengthBytes) {
        int at = start + ByteLayout.MESSAGE_HEADER_BYTES;
        if (end - at < lengthBytes) {
            throw new MalformedReplyException("header", at, (end - at) + " bytes (expected: " + lengthBytes + ")");
        }
        return buffer.slice(at, lengthBytes).order(ByteOrder.nativeOrder());
    }

    /** Returns the attributes behind a family's own header of that many bytes, a multiple of 4. */
    public AttributeSet attributesAfter(int headerBytes) {
        header(headerBytes);
        return AttributeSet.parse(buffer, start + ByteLayout.MESSAGE_HEADER_BYTES + headerBytes, end);
    }

    /** Returns the error number, positive or zero, of a message of type {@code NLMSG_ERROR} or {@code NLMSG_DONE}. */
    public int errno() {
        int at = start + ByteLayout.MESSAGE_HEADER_BYTES;
        if (end - at < 4) {
            if (type() == MessageFlags.NLMSG_DONE) {
                return 0; // the kernel may leave the number out of a DONE
            }
            throw new MalformedReplyException("nlmsgerr", at, (end - at) + " bytes (expected: 4 or more)");
        }
        int errno = -buffer.getInt(at);
        if (errno < 0) {
            throw new MalformedReplyException("nlmsgerr", at, "error " + -errno + " (expected: zero or negative)");
        }
        return errno;
    }

    /** Returns what the kernel said beyond the number of an {@code NLMSG_ERROR} (Linux 4.12+); empty if nothing. */
    public String kernelText() {
        if ((flags() & MessageFlags.NLM_F_ACK_TLVS) == 0) {
            return "";
        }
        int echo = start + ByteLayout.MESSAGE_HEADER_BYTES + 4;
        if (end - echo < ByteLayout.MESSAGE_HEADER_BYTES) {
            throw new MalformedReplyException(
                    "nlmsgerr", echo, (end - echo) + " bytes (expected: the request's header)");
        }
        boolean capped = (flags() & MessageFlags.NLM_F_CAPPED) != 0;
        int echoLength = capped ? ByteLayout.MESSAGE_HEADER_BYTES : buffer.getInt(echo);
        if (echoLength < ByteLayout.MESSAGE_HEADER_BYTES
                || echoLength > end - echo
                || ByteLayout.align(echoLength) > end - echo) {
            throw new MalformedReplyException("nlmsgerr", echo, "echo of " + echoLength + " bytes does not fit");
        }
        return AttributeSet.parse(buffer, echo + ByteLayout.align(echoLength), end)
                .find(NLMSGERR_ATTR_MSG)
                .orElse("");
    }
}
