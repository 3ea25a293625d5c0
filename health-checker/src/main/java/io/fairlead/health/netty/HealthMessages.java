package io.fairlead.health.netty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * The two messages of {@code grpc.health.v1}, each of one field, in gRPC's frame.
 *
 * <pre>
 * 0          1         5                    frame: PROTOCOL-HTTP2.md, Length-Prefixed-Message
 * | 0 (flat) | length  | message ... |
 *
 * HealthCheckRequest   string service = 1;  0x0a, length as a varint, UTF-8; nothing if empty
 * HealthCheckResponse  enum status = 1;     0x08, number as a varint; nothing if 0
 * </pre>
 */
final class HealthMessages {

    /** With room for fields that a later version of the message may add. */
    static final int ANSWER_BYTES_MAX = 1024;

    private static final int FRAME_BYTES = 5;
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private HealthMessages() {}

    static byte[] request(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        ByteBuffer message = ByteBuffer.allocate(FRAME_BYTES + 6 + name.length);
        message.position(FRAME_BYTES);
        if (name.length > 0) {
            message.put((byte) (1 << 3 | LENGTH_DELIMITED));
            int rest = name.length;
            while (rest > 0x7f) {
                message.put((byte) (rest | 0x80));
                rest >>>= 7;
            }
            message.put((byte) rest).put(name);
        }
        message.putInt(1, message.position() - FRAME_BYTES);
        byte[] bytes = new byte[message.position()];
        message.get(0, bytes);
        return bytes;
    }

    /** Returns the number of the status in {@code answer}; empty if that is not one whole message, uncompressed. */
    static OptionalInt status(byte[] answer) {
        ByteBuffer message = ByteBuffer.wrap(answer);
        if (answer.length < FRAME_BYTES || message.get() != 0 || message.getInt() != answer.length - FRAME_BYTES) {
            return OptionalInt.empty();
        }
        long status = 0;
        try {
            while (message.hasRemaining()) {
                long key = varint(message);
                switch ((int) (key & 7)) {
                    case VARINT -> {
                        long value = varint(message);
                        status = key >> 3 == 1 ? value : status;
                    }
                    case FIXED64 -> skip(message, 8);
                    case LENGTH_DELIMITED -> skip(message, varint(message));
                    case FIXED32 -> skip(message, 4);
                    default -> {
                        return OptionalInt.empty();
                    }
                }
            }
        } catch (IllegalArgumentException _) {
            return OptionalInt.empty();
        }
        return OptionalInt.of((int) status);
    }

    private static long varint(ByteBuffer message) {
        long value = 0;
        for (int shift = 0; shift < 64 && message.hasRemaining(); shift += 7) {
            byte next = message.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a varint without an end");
    }

    private static void skip(ByteBuffer message, long bytes) {
        if (bytes < 0 || bytes > message.remaining()) {
            throw new IllegalArgumentException("a field of " + bytes + " bytes");
        }
        message.position(message.position() + (int) bytes);
    }
}
