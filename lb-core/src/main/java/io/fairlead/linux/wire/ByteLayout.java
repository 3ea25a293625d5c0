package io.fairlead.linux.wire;

import java.nio.ByteOrder;

/** Sizes and byte orders of netlink ({@code linux/netlink.h}), which speaks the host's order except where it says otherwise. */
final class ByteLayout {

    static final int MESSAGE_HEADER_BYTES = 16;
    static final int GENERIC_HEADER_BYTES = 4;
    static final int ATTRIBUTE_HEADER_BYTES = 4;

    static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private ByteLayout() {}

    /** Rounds up to the 4 bytes that messages and attributes are aligned to. */
    static int align(int lengthBytes) {
        return (lengthBytes + 3) & ~3;
    }

    /** Turns host order into network order, or back. */
    static short network(short host) {
        return LITTLE_ENDIAN ? Short.reverseBytes(host) : host;
    }

    /** Turns host order into network order, or back. */
    static int network(int host) {
        return LITTLE_ENDIAN ? Integer.reverseBytes(host) : host;
    }

    /** Turns host order into network order, or back. */
    static long network(long host) {
        return LITTLE_ENDIAN ? Long.reverseBytes(host) : host;
    }
}
