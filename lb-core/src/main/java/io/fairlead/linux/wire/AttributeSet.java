package io.fairlead.linux.wire;

import io.fairlead.core.kernel.MalformedReplyException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The attributes of one message or nest, found by number. Their order does not matter; those we do not know are skipped;
 * the last of a number wins, as in the kernel's own parser.
 *
 * <p>A view: valid until the buffer it was parsed from is filled again.
 */
public final class AttributeSet {

    /** Attributes are numbered from 1; the families we speak have fewer than this. */
    private static final int ID_LIMIT = 32;

    private static final int TYPE_MASK = 0x3fff; // without NLA_F_NESTED and NLA_F_NET_BYTEORDER

    private final ByteBuffer buffer;
    private final int startBytes;
    private final int endBytes;
    private final int[] offsets = new int[ID_LIMIT]; // of the payload; 0: absent, because no payload starts at 0
    private final int[] lengths = new int[ID_LIMIT];

    private AttributeSet(ByteBuffer buffer, int startBytes, int endBytes) {
        this.buffer = buffer;
        this.startBytes = startBytes;
        this.endBytes = endBytes;
    }

    /**
     * Finds the attributes between two absolute positions of {@code buffer}.
     *
     * @throws MalformedReplyException if an attribute does not fit
     */
    public static AttributeSet parse(ByteBuffer buffer, int start, int end) {
        AttributeSet set = new AttributeSet(buffer, start, end);
        int at = start;
        while (at < end) {
            if (end - at < ByteLayout.ATTRIBUTE_HEADER_BYTES) {
                throw new MalformedReplyException("attribute header", at, (end - at) + " bytes left (expected: 4)");
            }
            int length = Short.toUnsignedInt(buffer.getShort(at));
            int id = Short.toUnsignedInt(buffer.getShort(at + 2)) & TYPE_MASK;
            if (length < ByteLayout.ATTRIBUTE_HEADER_BYTES || length > end - at) {
                throw new MalformedReplyException(
                        "attribute " + id, at, "length " + length + " (expected: 4.." + (end - at) + ")");
            }
            if (id < ID_LIMIT) {
                set.offsets[id] = at + ByteLayout.ATTRIBUTE_HEADER_BYTES;
                set.lengths[id] = length - ByteLayout.ATTRIBUTE_HEADER_BYTES;
            }
            at += ByteLayout.align(length);
        }
        return set;
    }

    /** Returns the value of {@code attr}. @throws MalformedReplyException if it is absent or of a wrong length */
    public <T> T require(Attr<T> attr) {
        if (!has(attr)) {
            throw new MalformedReplyException(attr.kernelName(), startBytes, "absent (expected: present)");
        }
        return read(attr);
    }

    /** Returns the value of {@code attr} if it is present. @throws MalformedReplyException if it is of a wrong length */
    public <T> Optional<T> find(Attr<T> attr) {
        return has(attr) ? Optional.of(read(attr)) : Optional.empty();
    }

    /** Returns every value of {@code attr}, in order: a list is an attribute that occurs several times. */
    public <T> List<T> all(Attr<T> attr) {
        List<T> values = new ArrayList<>();
        int at = startBytes;
        while (at < endBytes) { // parse() has seen that all of them fit
            int length = Short.toUnsignedInt(buffer.getShort(at));
            if ((Short.toUnsignedInt(buffer.getShort(at + 2)) & TYPE_MASK) == attr.id()) {
                values.add(attr.read(
                        buffer, at + ByteLayout.ATTRIBUTE_HEADER_BYTES, length - ByteLayout.ATTRIBUTE_HEADER_BYTES));
            }
            at += ByteLayout.align(length);
        }
        return values;
    }

    private boolean has(Attr<?> attr) {
        return offsets[attr.id()] != 0;
    }

    private <T> T read(Attr<T> attr) {
        return attr.read(buffer, offsets[attr.id()], lengths[attr.id()]);
    }
}
