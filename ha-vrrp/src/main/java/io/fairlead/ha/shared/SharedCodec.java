package io.fairlead.ha.shared;

import io.fairlead.ha.shared.HealthClaim.Health;
import io.fairlead.ha.shared.Wish.Service;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Shared state to bytes and back, for the group and for a file. All numbers in network order.
 *
 * <pre>
 * u16 0xFA57   u8 version   u8 type
 * 1 wishes  u16 peers: (u32 number  u64 changes)   u16 subjects: (text  u8 wishes: (wish))
 *           wish: u32 peer  u64 change  u8 service  i32 weight, -1: none  i64 drain timeout in seconds, -1: none
 * 2 all claims, 3 changed claims   u16 subjects: (text  u8 health  u64 ago  i64 slow start began ago, -1: none)
 *           ago: nanoseconds before the sending
 * text: u16 length, UTF-8
 * </pre>
 */
public final class SharedCodec {

    private static final int MAGIC = 0xFA57;
    private static final int VERSION = 1;
    private static final int WISHES = 1;
    private static final int ALL_CLAIMS = 2;
    private static final int CHANGED_CLAIMS = 3;
    private static final Service[] SERVICES = Service.values();
    private static final Health[] HEALTHS = Health.values();

    private SharedCodec() {}

    /** @param nowNanos the clock that claims are on */
    @SuppressWarnings("EnumOrdinal") // the order is the number on the wire
    public static byte[] encode(SharedMessage message, long nowNanos) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeShort(MAGIC);
            out.writeByte(VERSION);
            switch (message) {
                case SharedMessage.AllWishes(Wishes wishes) -> {
                    out.writeByte(WISHES);
                    writeWishes(out, wishes);
                }
                case SharedMessage.Health(boolean all, Map<String, HealthClaim> claims) -> {
                    out.writeByte(all ? ALL_CLAIMS : CHANGED_CLAIMS);
                    out.writeShort(claims.size());
                    for (Map.Entry<String, HealthClaim> each : claims.entrySet()) {
                        HealthClaim claim = each.getValue();
                        writeText(out, each.getKey());
                        out.writeByte(claim.health().ordinal());
                        out.writeLong(nowNanos - claim.sinceNanos());
                        out.writeLong(
                                claim.startedNanos().isPresent()
                                        ? Math.max(
                                                0,
                                                nowNanos - claim.startedNanos().getAsLong())
                                        : -1);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    @SuppressWarnings("EnumOrdinal") // the order is the number on the wire
    private static void writeWishes(DataOutputStream out, Wishes wishes) throws IOException {
        out.writeShort(wishes.seen().size());
        for (Map.Entry<Integer, Long> each : wishes.seen().entrySet()) {
            out.writeInt(each.getKey());
            out.writeLong(each.getValue());
        }
        out.writeShort(wishes.wishes().size());
        for (Map.Entry<String, List<Wishes.Dotted>> each : wishes.wishes().entrySet()) {
            writeText(out, each.getKey());
            out.writeByte(each.getValue().size());
            for (Wishes.Dotted dotted : each.getValue()) {
                out.writeInt(dotted.dot().replica());
                out.writeLong(dotted.dot().count());
                out.writeByte(dotted.wish().service().ordinal());
                out.writeInt(dotted.wish().weight().orElse(-1));
                out.writeLong(dotted.wish().drainTimeoutSeconds().orElse(-1));
            }
        }
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    /**
     * Reads a message, whatever it holds; empty if that is none, or one beyond the bounds.
     *
     * @param nowNanos the clock that claims are to be on
     */
    public static Optional<SharedMessage> decode(byte[] message, long nowNanos) {
        try (var in = new DataInputStream(new ByteArrayInputStream(message))) {
            if (in.readUnsignedShort() != MAGIC || in.readUnsignedByte() != VERSION) {
                return Optional.empty();
            }
            return switch (in.readUnsignedByte()) {
                case WISHES -> Optional.of(new SharedMessage.AllWishes(readWishes(in)));
                case ALL_CLAIMS -> Optional.of(new SharedMessage.Health(true, readClaims(in, nowNanos)));
                case CHANGED_CLAIMS -> Optional.of(new SharedMessage.Health(false, readClaims(in, nowNanos)));
                default -> Optional.empty();
            };
        } catch (IOException | IllegalArgumentException _) { // counted by the caller
            return Optional.empty();
        }
    }

    private static Wishes readWishes(DataInputStream in) throws IOException {
        Map<Integer, Long> seen = new HashMap<>();
        for (int left = bounded(in.readUnsignedShort(), Wishes.REPLICA_COUNT_MAX); left > 0; left--) {
            seen.put(in.readInt(), in.readLong());
        }
        SortedMap<String, List<Wishes.Dotted>> wishes = new TreeMap<>();
        for (int left = bounded(in.readUnsignedShort(), Wishes.SUBJECT_COUNT_MAX); left > 0; left--) {
            String subject = readText(in);
            List<Wishes.Dotted> dotted = new ArrayList<>();
            for (int each = bounded(in.readUnsignedByte(), Wishes.REPLICA_COUNT_MAX); each > 0; each--) {
                dotted.add(readDotted(in));
            }
            dotted.sort(Comparator.comparing(Wishes.Dotted::dot));
            if (!dotted.isEmpty()) {
                wishes.put(subject, dotted);
            }
        }
        return new Wishes(seen, wishes);
    }

    private static Wishes.Dotted readDotted(DataInputStream in) throws IOException {
        var dot = new Dot(in.readInt(), in.readLong());
        Service service = SERVICES[bounded(in.readUnsignedByte(), SERVICES.length - 1)];
        int weight = in.readInt();
        long drain = in.readLong();
        return new Wishes.Dotted(
                dot,
                new Wish(
                        service,
                        weight < 0 ? OptionalInt.empty() : OptionalInt.of(weight),
                        drain < 0 ? OptionalLong.empty() : OptionalLong.of(drain)));
    }

    private static Map<String, HealthClaim> readClaims(DataInputStream in, long nowNanos) throws IOException {
        Map<String, HealthClaim> claims = new HashMap<>();
        for (int left = bounded(in.readUnsignedShort(), HealthClaims.SUBJECT_COUNT_MAX); left > 0; left--) {
            String subject = readText(in);
            Health health = HEALTHS[bounded(in.readUnsignedByte(), HEALTHS.length - 1)];
            long since = nowNanos - in.readLong();
            long started = in.readLong();
            claims.put(
                    subject,
                    new HealthClaim(
                            health, since, started < 0 ? OptionalLong.empty() : OptionalLong.of(nowNanos - started)));
        }
        return claims;
    }

    private static String readText(DataInputStream in) throws IOException {
        byte[] bytes = new byte[bounded(in.readUnsignedShort(), Wishes.SUBJECT_BYTES_MAX)];
        in.readFully(bytes);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("text that is not UTF-8", e);
        }
    }

    private static int bounded(int value, int max) {
        if (value > max) {
            throw new IllegalArgumentException(value + " (expected: at most " + max + ")");
        }
        return value;
    }
}
