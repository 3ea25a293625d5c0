package io.fairlead.ha.wire;

import io.fairlead.ha.election.HelloRole;
import io.fairlead.ha.election.UnitHello;
import io.fairlead.ha.wire.HelloDecoding.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hellos to bytes and back. All numbers in network order.
 *
 * <pre>
 * 0  u16 0xFA1D    u8 version    u8 lowest version that its reader must know
 * 4  u64 sent, nanoseconds of the sender's clock
 * 12 records until the end:  u8 type   u16 length of what follows   ...
 *      3  core   u16 id  u8 1: holds the addresses, 0: does not  u64 term  u64 interval, nanoseconds
 *      1  echo   u32 peer  u64 sent
 *      2  unit   u16 id  u8 role  u8 priority  u16 flags  u64 term  u32 target  u32 granted to  u64 grant term
 *                u64 interval, nanoseconds
 *    A known record may be longer than its reader knows: the rest is skipped, as is a record of an unknown type.
 * </pre>
 *
 * <p>Header, form of the records, and the core of each unit stay as they are in every version: who cannot read a hello knows by
 * them who lives and who holds the addresses. Either both of two releases can read each other or neither: who is older than
 * what the other can read is not read by it.
 */
public final class HelloCodec {

    /** The version that is written. */
    public static final int VERSION = 1;

    /** The lowest version that is read, and whose readers can read this one. */
    static final int VERSION_MIN = 1;

    /** The most bytes of a hello. */
    public static final int SIZE_MAX = 8192;

    /** The most units in one hello: what fits beside all echoes. */
    public static final int UNIT_COUNT_MAX = 126;

    /** The most echoes in one hello. */
    public static final int ECHO_COUNT_MAX = 16;

    private static final short MAGIC = (short) 0xFA1D;
    private static final int HEADER = 12;
    private static final int RECORD_HEADER = 3;
    private static final int ECHO = 1;
    private static final int UNIT = 2;
    private static final int CORE = 3;
    private static final int ECHO_LENGTH = 12;
    private static final int UNIT_LENGTH = 38;
    private static final int CORE_LENGTH = 19;
    private static final long INTERVAL_MAX_NANOS = 40_950_000_000L;
    private static final HelloRole[] ROLES = HelloRole.values();

    private HelloCodec() {}

    /** Begins a hello at the position of {@code out}. Allocates nothing, like its siblings. */
    public static void begin(ByteBuffer out, long sentNanos) {
        out.putShort(MAGIC).put((byte) VERSION).put((byte) VERSION_MIN).putLong(sentNanos);
    }

    /** Adds what was heard of one peer. */
    public static void echo(ByteBuffer out, int peer, long sentNanos) {
        out.put((byte) ECHO).putShort((short) ECHO_LENGTH).putInt(peer).putLong(sentNanos);
    }

    /** Adds what is said of one unit. */
    @SuppressWarnings("EnumOrdinal") // the order is the number on the wire
    public static void unit(ByteBuffer out, UnitHello unit) {
        out.put((byte) CORE).putShort((short) CORE_LENGTH);
        out.putShort((short) unit.unit()).put((byte) (unit.role().claims() ? 1 : 0));
        out.putLong(unit.term()).putLong(unit.intervalNanos());
        out.put((byte) UNIT).putShort((short) UNIT_LENGTH);
        out.putShort((short) unit.unit());
        out.put((byte) unit.role().ordinal()).put((byte) unit.priority()).putShort((short) unit.flags());
        out.putLong(unit.term()).putInt(unit.target()).putInt(unit.grantedTo()).putLong(unit.grantTerm());
        out.putLong(unit.intervalNanos());
    }

    /** Reads from position to limit of {@code in}, whatever it holds; never throws. */
    public static HelloDecoding decode(ByteBuffer in) {
        if (in.remaining() < HEADER) {
            return new HelloDecoding.Refused(Reason.TOO_SHORT, HelloCore.ILLEGIBLE);
        }
        if (in.remaining() > SIZE_MAX) {
            return new HelloDecoding.Refused(Reason.TOO_LONG, HelloCore.ILLEGIBLE);
        }
        if (in.getShort() != MAGIC) {
            return new HelloDecoding.Refused(Reason.NOT_A_HELLO, HelloCore.ILLEGIBLE);
        }
        int version = in.get() & 0xff;
        int lowest = in.get() & 0xff;
        long sentNanos = in.getLong();
        int records = in.position();
        List<Hello.Echo> echoes = new ArrayList<>(4);
        List<UnitHello> units = new ArrayList<>(4);
        Optional<Reason> refusal = lowest > VERSION || version < VERSION_MIN
                ? Optional.of(Reason.VERSION)
                : decodeRecords(in, echoes, units);
        return refusal.isPresent()
                ? new HelloDecoding.Refused(refusal.get(), core(in.position(records), sentNanos))
                : new HelloDecoding.Decoded(new Hello(sentNanos, echoes, units));
    }

    private static Optional<Reason> decodeRecords(ByteBuffer in, List<Hello.Echo> echoes, List<UnitHello> units) {
        while (in.hasRemaining()) {
            int end = endOfRecord(in);
            if (end < 0) {
                return Optional.of(Reason.TRUNCATED);
            }
            int type = in.get() & 0xff;
            int length = in.getShort() & 0xffff;
            if ((type == ECHO && length < ECHO_LENGTH) || (type == UNIT && length < UNIT_LENGTH)) {
                return Optional.of(Reason.TRUNCATED);
            }
            if (type == ECHO) {
                echoes.add(new Hello.Echo(in.getInt(), in.getLong()));
            } else if (type == UNIT && !decodeUnit(in, units)) {
                return Optional.of(Reason.VALUE_OUT_OF_RANGE);
            }
            if (echoes.size() > ECHO_COUNT_MAX || units.size() > UNIT_COUNT_MAX) {
                return Optional.of(Reason.TOO_MANY);
            }
            in.position(end);
        }
        return Optional.empty();
    }

    /** Returns where the record at the position ends, or -1 if that is not within the hello. */
    private static int endOfRecord(ByteBuffer in) {
        int content = in.position() + RECORD_HEADER;
        if (content > in.limit()) {
            return -1;
        }
        int end = content + (in.getShort(content - Short.BYTES) & 0xffff);
        return end > in.limit() ? -1 : end;
    }

    /** All that is legible, or nothing: half of it could hide who holds the addresses. */
    private static HelloCore core(ByteBuffer in, long sentNanos) {
        List<HelloCore.UnitCore> units = new ArrayList<>(4);
        while (in.hasRemaining()) {
            int end = endOfRecord(in);
            if (end < 0 || units.size() > UNIT_COUNT_MAX) {
                return HelloCore.ILLEGIBLE;
            }
            int type = in.get() & 0xff;
            int length = in.getShort() & 0xffff;
            if (type == CORE) {
                if (length < CORE_LENGTH) {
                    return HelloCore.ILLEGIBLE;
                }
                int id = in.getShort() & 0xffff;
                boolean holds = in.get() != 0;
                long term = in.getLong();
                long interval = in.getLong();
                if (!isTerm(term) || !isInterval(interval)) {
                    return HelloCore.ILLEGIBLE;
                }
                units.add(new HelloCore.UnitCore(id, holds, term, interval));
            }
            in.position(end);
        }
        return new HelloCore(sentNanos, units);
    }

    private static boolean isTerm(long term) {
        return term >= 0 && term <= UnitHello.TERM_MAX;
    }

    private static boolean isInterval(long nanos) {
        return nanos > 0 && nanos <= INTERVAL_MAX_NANOS;
    }

    private static boolean decodeUnit(ByteBuffer in, List<UnitHello> units) {
        int id = in.getShort() & 0xffff;
        int role = in.get() & 0xff;
        int priority = in.get() & 0xff;
        int flags = in.getShort() & 0xffff;
        long term = in.getLong();
        int target = in.getInt();
        int grantedTo = in.getInt();
        long grantTerm = in.getLong();
        long interval = in.getLong();
        if (id == 0 || role >= ROLES.length || !isTerm(term) || !isTerm(grantTerm) || !isInterval(interval)) {
            return false;
        }
        units.add(new UnitHello(id, ROLES[role], term, priority, flags, target, grantedTo, grantTerm, interval));
        return true;
    }
}
