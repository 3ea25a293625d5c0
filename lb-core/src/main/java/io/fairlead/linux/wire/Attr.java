package io.fairlead.linux.wire;

import io.fairlead.core.kernel.MalformedReplyException;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
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
        void write(MessageWriter out, T value);

        T read(ByteBuffer in, int offset, int length);
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
            public void write(MessageWriter out, Integer value) {
                out.u8(value);
            }

            @Override
            public Integer read(ByteBuffer in, int offset, int length) {
                return Byte.toUnsignedInt(in.get(offset));
            }
        });
    }

    /** Two bytes in host order. */
    public static Attr<Integer> u16Host(int id, String kernelName) {
        return new Attr<>(id, kernelName, 2, new Codec<>() {
            @Override
            public void write(MessageWriter out, Integer value) {
                out.u16(value);
            }

            @Override
            public Integer read(ByteBuffer in, int offset, int length) {
                return Short.toUnsignedInt(in.getShort(offset));
            }
        });
    }

    /** Two bytes in network order. */
    public static Attr<Integer> u16Network(int id, String kernelName) {
        return new Attr<>(id, kernelName, 2, new Codec<>() {
            @Override
            public void write(MessageWriter out, Integer value) {
                out.u16(ByteLayout.network(value.shortValue()));
            }

            @Override
            public Integer read(ByteBuffer in, int offset, int length) {
                return Short.toUnsignedInt(ByteLayout.network(in.getShort(offset)));
            }
        });
    }

    /** Four bytes in host order, unsigned. */
    public static Attr<Long> u32Host(int id, String kernelName) {
        return new Attr<>(id, kernelName, 4, new Codec<>() {
            @Override
            public void write(MessageWriter out, Long value) {
                out.u32(value.intValue());
            }

            @Override
            public Long read(ByteBuffer in, int offset, int length) {
                return Integer.toUnsignedLong(in.getInt(offset));
            }
        });
    }

    /** Eight bytes in host order. */
    public static Attr<Long> u64Host(int id, String kernelName) {
        return new Attr<>(id, kernelName, 8, new Codec<>() {
            @Override
            public void write(MessageWriter out, Long value) {
                out.u64(value);
            }

            @Override
            public Long read(ByteBuffer in, int offset, int length) {
                return in.getLong(offset);
            }
        });
    }

    /** Four bytes in network order, unsigned. */
    public static Attr<Long> u32Network(int id, String kernelName) {
        return new Attr<>(id, kernelName, 4, new Codec<>() {
            @Override
            public void write(MessageWriter out, Long value) {
                out.u32(ByteLayout.network(value.intValue()));
            }

            @Override
            public Long read(ByteBuffer in, int offset, int length) {
                return Integer.toUnsignedLong(ByteLayout.network(in.getInt(offset)));
            }
        });
    }

    /** Bytes of any length, in the order they stand. */
    public static Attr<byte[]> binary(int id, String kernelName) {
        return new Attr<>(id, kernelName, -1, new Codec<>() {
            @Override
            public void write(MessageWriter out, byte[] value) {
                out.bytes(value);
            }

            @Override
            public byte[] read(ByteBuffer in, int offset, int length) {
                byte[] value = new byte[length];
                in.get(offset, value);
                return value;
            }
        });
    }

    /** Bytes of exactly this length, in the order they stand. */
    public static Attr<byte[]> bytes(int id, String kernelName, int lengthBytes) {
        return new Attr<>(id, kernelName, lengthBytes, new Codec<>() {
            @Override
            public void write(MessageWriter out, byte[] value) {
                if (value.length != lengthBytes) {
                    throw new IllegalArgumentException(
                            kernelName + " of " + value.length + " bytes (expected: " + lengthBytes + ")");
                }
                out.bytes(value);
            }

            @Override
            public byte[] read(ByteBuffer in, int offset, int length) {
                byte[] value = new byte[length];
                in.get(offset, value);
                return value;
            }
        });
    }

    /**
     * An address as {@code union nf_inet_addr}: 16 bytes for both families, of which IPv4 takes the first 4. The payload does
     * not say which family it is, so reading gives the 16 bytes as IPv6 for the caller to narrow down.
     */
    public static Attr<IpAddress> inetAddress(int id, String kernelName) {
        return new Attr<>(id, kernelName, 16, new Codec<>() {
            @Override
            public void write(MessageWriter out, IpAddress value) {
                if (value.family() == IpFamily.IPV4) {
                    out.u64(ByteLayout.network(value.low() << 32));
                    out.u64(0);
                } else {
                    out.u64(ByteLayout.network(value.high()));
                    out.u64(ByteLayout.network(value.low()));
                }
            }

            @Override
            public IpAddress read(ByteBuffer in, int offset, int length) {
                return new IpAddress(
                        IpFamily.IPV6,
                        ByteLayout.network(in.getLong(offset)),
                        ByteLayout.network(in.getLong(offset + 8)));
            }
        });
    }

    /** An address of 4 or 16 bytes, whose length says its family. */
    public static Attr<IpAddress> ipAddress(int id, String kernelName) {
        return new Attr<>(id, kernelName, -1, new Codec<>() {
            @Override
            public void write(MessageWriter out, IpAddress value) {
                out.bytes(value.toBytes());
            }

            @Override
            public IpAddress read(ByteBuffer in, int offset, int length) {
                if (length != 4 && length != 16) {
                    throw new MalformedReplyException(kernelName, offset, length + " bytes (expected: 4 or 16)");
                }
                byte[] value = new byte[length];
                in.get(offset, value);
                return IpAddress.ofBytes(value);
            }
        });
    }

    /** Text, written with its closing NUL and read up to the first one. */
    public static Attr<String> string(int id, String kernelName) {
        return new Attr<>(id, kernelName, -1, new Codec<>() {
            @Override
            public void write(MessageWriter out, String value) {
                out.bytes(value.getBytes(StandardCharsets.US_ASCII));
                out.u8(0);
            }

            @Override
            public String read(ByteBuffer in, int offset, int length) {
                byte[] value = new byte[length];
                in.get(offset, value);
                int end = 0;
                while (end < value.length && value[end] != 0) {
                    end++;
                }
                return new String(value, 0, end, StandardCharsets.US_ASCII);
            }
        });
    }

    /** Attributes within an attribute: read as a set; written by {@link MessageWriter#nest}. */
    public static Attr<AttributeSet> nested(int id, String kernelName) {
        return new Attr<>(id, kernelName, -1, new Codec<>() {
            @Override
            public void write(MessageWriter out, AttributeSet value) {
                throw new UnsupportedOperationException("a nested attribute is written by MessageWriter.nest");
            }

            @Override
            public AttributeSet read(ByteBuffer in, int offset, int length) {
                return AttributeSet.parse(in, offset, offset + length);
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

    void write(MessageWriter out, T value) {
        codec.write(out, value);
    }

    /** Reads a payload. */
    T read(ByteBuffer in, int offset, int length) {
        if (lengthBytes >= 0 && length != lengthBytes) {
            throw new MalformedReplyException(kernelName, offset, length + " bytes (expected: " + lengthBytes + ")");
        }
        return codec.read(in, offset, length);
    }

    /** The part of a message that writes its attributes. */
    public interface Body extends Consumer<MessageWriter> {}

    @Override
    public String toString() {
        return kernelName + " (" + id + ")";
    }
}
