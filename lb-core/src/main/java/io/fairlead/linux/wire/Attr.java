package io.fairlead.linux.wire;

import io.fairlead.core.kernel.MalformedReplyException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * A netlink attribute, declared once: its number, its name in the kernel's headers, and how its value is laid out. The same
 * declaration writes requests and reads replies.
 *
 * @param <T> the type of its value
 */
public final class Attr<T> {

    private final int id;
    private final String kernelName;
    private final int lengthBytes;
    private final Codec<T> codec;

    /** How a value stands in the payload of an attribute. The buffer is in host order. */
    private interface Codec<T> {
        void write(ByteBuffer out, T value);

        T read(ByteBuffer in);
    }

    private Attr(int id, String kernelName, int lengthBytes, Codec<T> codec) {
        this.id = id;
        this.kernelName = kernelName;
        this.lengthBytes = lengthBytes;
        this.codec = codec;
    }

    /** A byte. */
    public static Attr<Integer> u8(int id, String kernelName) {
        return new Attr<>(id, kernelName, 1, new Codec<>() {
            @Override
            public void write(ByteBuffer out, Integer value) {
                out.put(value.byteValue());
            }

            @Override
            public Integer read(ByteBuffer in) {
                return Byte.toUnsignedInt(in.get());
            }
        });
    }

    /** Two bytes in host order. */
    public static Attr<Integer> u16Host(int id, String kernelName) {
        return new Attr<>(id, kernelName, 2, new Codec<>() {
            @Override
            public void write(ByteBuffer out, Integer value) {
                out.putShort(value.shortValue());
            }

            @Override
            public Integer read(ByteBuffer in) {
                return Short.toUnsignedInt(in.getShort());
            }
        });
    }

    /** Two bytes in network order. */
    public static Attr<Integer> u16Network(int id, String kernelName) {
        return new Attr<>(id, kernelName, 2, new Codec<>() {
            @Override
            public void write(ByteBuffer out, Integer value) {
                out.putShort(ByteLayout.network(value.shortValue()));
            }

            @Override
            public Integer read(ByteBuffer in) {
                return Short.toUnsignedInt(ByteLayout.network(in.getShort()));
            }
        });
    }

    /** Four bytes in host order, unsigned. */
    public static Attr<Long> u32Host(int id, String kernelName) {
        return new Attr<>(id, kernelName, 4, new Codec<>() {
            @Override
            public void write(ByteBuffer out, Long value) {
                out.putInt(value.intValue());
            }

            @Override
            public Long read(ByteBuffer in) {
                return Integer.toUnsignedLong(in.getInt());
            }
        });
    }

    /** Eight bytes in host order. */
    public static Attr<Long> u64Host(int id, String kernelName) {
        return new Attr<>(id, kernelName, 8, new Codec<>() {
            @Override
            public void write(ByteBuffer out, Long value) {
                out.putLong(value);
            }

            @Override
            public Long read(ByteBuffer in) {
                return in.getLong();
            }
        });
    }

    /** Bytes of exactly this length, in the order they stand. */
    public static Attr<byte[]> bytes(int id, String kernelName, int lengthBytes) {
        return new Attr<>(id, kernelName, lengthBytes, new Codec<>() {
            @Override
            public void write(ByteBuffer out, byte[] value) {
                if (value.length != lengthBytes) {
                    throw new IllegalArgumentException(
                            kernelName + " of " + value.length + " bytes (expected: " + lengthBytes + ")");
                }
                out.put(value);
            }

            @Override
            public byte[] read(ByteBuffer in) {
                byte[] value = new byte[in.remaining()];
                in.get(value);
                return value;
            }
        });
    }

    /** Text, written with its closing NUL and read up to the first one. */
    public static Attr<String> string(int id, String kernelName) {
        return new Attr<>(id, kernelName, -1, new Codec<>() {
            @Override
            public void write(ByteBuffer out, String value) {
                out.put(value.getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
            }

            @Override
            public String read(ByteBuffer in) {
                byte[] value = new byte[in.remaining()];
                in.get(value);
                int length = 0;
                while (length < value.length && value[length] != 0) {
                    length++;
                }
                return new String(value, 0, length, StandardCharsets.US_ASCII);
            }
        });
    }

    /** Attributes within an attribute: read as a set; written by {@link MessageWriter#nest}. */
    public static Attr<AttributeSet> nested(int id, String kernelName) {
        return new Attr<>(id, kernelName, -1, new Codec<>() {
            @Override
            public void write(ByteBuffer out, AttributeSet value) {
                throw new UnsupportedOperationException("a nested attribute is written by MessageWriter.nest");
            }

            @Override
            public AttributeSet read(ByteBuffer in) {
                return AttributeSet.parse(in, in.position(), in.limit());
            }
        });
    }

    /** Returns the number of the attribute. */
    public int id() {
        return id;
    }

    /** Returns its name in the kernel's headers. */
    public String kernelName() {
        return kernelName;
    }

    void write(ByteBuffer out, T value) {
        codec.write(out, value);
    }

    /** Reads a payload that lies from position to limit of {@code in}. */
    T read(ByteBuffer in) {
        int start = in.position();
        if (lengthBytes >= 0 && in.remaining() != lengthBytes) {
            throw new MalformedReplyException(
                    kernelName, start, in.remaining() + " bytes (expected: " + lengthBytes + ")");
        }
        return codec.read(in);
    }

    /** The part of a message that writes its attributes. */
    public interface Body extends Consumer<MessageWriter> {}

    @Override
    public String toString() {
        return kernelName + " (" + id + ")";
    }
}
