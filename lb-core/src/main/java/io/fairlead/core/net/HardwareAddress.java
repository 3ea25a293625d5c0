package io.fairlead.core.net;

import java.util.HexFormat;

/**
 * The address of an Ethernet interface.
 *
 * @param value its 6 bytes, the first one the most significant
 */
public record HardwareAddress(long value) {

    private static final int LENGTH_BYTES = 6;

    public HardwareAddress {
        if (value >>> 48 != 0) {
            throw new IllegalArgumentException("hardware address longer than 48 bits");
        }
    }

    /** Returns the address held in 6 bytes. */
    public static HardwareAddress ofBytes(byte[] bytes) {
        if (bytes.length != LENGTH_BYTES) {
            throw new IllegalArgumentException("hardware address of " + bytes.length + " bytes (expected: 6)");
        }
        long value = 0;
        for (byte b : bytes) {
            value = value << 8 | Byte.toUnsignedLong(b);
        }
        return new HardwareAddress(value);
    }

    /** Returns the 6 bytes of the address. */
    public byte[] toBytes() {
        byte[] bytes = new byte[LENGTH_BYTES];
        for (int i = 0; i < LENGTH_BYTES; i++) {
            bytes[i] = (byte) (value >>> (8 * (LENGTH_BYTES - 1 - i)));
        }
        return bytes;
    }

    /** Returns for example {@code 02:00:5e:10:00:ff}. */
    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(toBytes());
    }
}
