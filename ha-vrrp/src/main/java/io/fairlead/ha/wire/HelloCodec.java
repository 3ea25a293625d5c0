package io.fairlead.ha.wire;

import io.fairlead.ha.election.HelloRole;
import io.fairlead.ha.election.UnitHello;
import io.fairlead.ha.wire.HelloDecoding.Reason;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Hellos to bytes and back. All numbers in network order.
 *
 * <pre>
 * 0  u16 0xFA1D    u8 version    u8 lowest version that its reader must know
 * 4  u64 sent, nanoseconds of the sender's clock
 * 12 records until the end:  u8 type   u16 length of what follows   ...
 *      1  echo   u32 peer  u64 sent
 *      2  unit   u16 id  u8 role  u8 priority  u16 flags  u64 term  u32 target  u32 granted to  u64 grant term
 *                u64 interval, nanoseconds
 *    A known record may be longer than its reader knows: the rest is skipped, as is a record of an unknown type.
 * </pre>
 */
public final class HelloCodec {

    /** The version that is written. */
    public static final int VERSION = 1;

    /** The most bytes of a hello. */
    public static final int SIZE_MAX = 8192;

    /** The most units in one hello: what fits beside all echoes. */
    public static final int UNIT_COUNT_MAX = 160;

    /** The most echoes in one hello. */
    public static final int ECHO_COUNT_MAX = 16;

    private static final short MAGIC = (short) 0xFA1D;
    private static final int HEADER = 12;
    private static final int ECHO = 1;
    private static final int UNIT = 2;
    private static final int ECHO_LENGTH = 12;
    private static final int UNIT_LENGTH = 38;
    private static final long INTERVAL_MAX_NANOS = 40_950_000_000L;
    private static final HelloRole[] ROLES = HelloRole.values();

    private HelloCodec() {}

    /** Begins a hello at the position of {@code out}. Allocates nothing, like its siblings. */
    public static void begin(ByteBuffer out, long sentNanos) {
        out.putShort(MAGIC).put((byte) VERSION).put((byte) VERSION).putLong(sentNanos);
    }

    /** Adds what was heard of one peer. */
    public static void echo(ByteBuffer out, int peer, long sentNanos) {
        out.put((byte) ECHO).putShort((short) ECHO_LENGTH).putInt(peer).putLong(sentNanos);
    }

    /** Adds what is said of one unit. */
    @SuppressWarnings("EnumOrdinal") // the order is the number on the wire
    public static void unit(ByteBuffer out, UnitHello unit) {
        out.put((byte) UNIT).putShort((short) UNIT_LENGTH);
        out.putShort((short) unit.unit());
        out.put((byte) unit.role().ordinal()).put((byte) unit.priority()).putShort((short) unit.flags());
        out.putLong(unit.term()).putInt(unit.target()).putInt(unit.grantedTo()).putLong(unit.grantTerm());
        out.putLong(unit.intervalNanos());
    }

    /** Reads from position to limit of {@code in}, whatever it holds; never throws. */
    public static HelloDecoding decode(ByteBuffer in) {
        if (in.remaining() < HEADER) {
            return new HelloDecoding.Refused(Reason.TOO_SHORT);
        }
        if (in.remaining() > SIZE_MAX) {
            return new HelloDecoding.Refused(Reason.TOO_LONG);
        }
        if (in.getShort() != MAGIC) {
            return new HelloDecoding.Refused(Reason.NOT_A_HELLO);
        }
        in.get(); // the writer's own version is for the log
        if ((in.get() & 0xff) > VERSION) {
            return new HelloDecoding.Refused(Reason.VERSION);
        }
        try {
            return decodeRecords(in, in.getLong());
        } catch (BufferUnderflowException e) {
            return new HelloDecoding.Refused(Reason.TRUNCATED);
        }
    }

    private static HelloDecoding decodeRecords(ByteBuffer in, long sentNanos) {
        List<Hello.Echo> echoes = new ArrayList<>(4);
        List<UnitHello> units = new ArrayList<>(4);
        while (in.hasRemaining()) {
            int type = in.get() & 0xff;
            int length = in.getShort() & 0xffff;
            if (length > in.remaining()) {
                return new HelloDecoding.Refused(Reason.TRUNCATED);
            }
            int end = in.position() + length;
            if ((type == ECHO && length < ECHO_LENGTH) || (type == UNIT && length < UNIT_LENGTH)) {
                return new HelloDecoding.Refused(Reason.TRUNCATED);
            }
            if (type == ECHO) {
                echoes.add(new Hello.Echo(in.getInt(), in.getLong()));
            } else if (type == UNIT && !decodeUnit(in, units)) {
                return new HelloDecoding.Refused(Reason.VALUE_OUT_OF_RANGE);
            }
            if (echoes.size() > ECHO_COUNT_MAX || units.size() > UNIT_COUNT_MAX) {
                return new HelloDecoding.Refused(Reason.TOO_MANY);
            }
            in.position(end);
        }
        return new HelloDecoding.Decoded(new Hello(sentNanos, echoes, units));
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
        if (id == 0
                || role >= ROLES.length
                || term < 0
                || term > UnitHello.TERM_MAX
                || grantTerm < 0
                || grantTerm > UnitHello.TERM_MAX
                || interval <= 0
                || interval > INTERVAL_MAX_NANOS) {
            return false;
        }
        units.add(new UnitHello(id, ROLES[role], term, priority, flags, target, grantedTo, grantTerm, interval));
        return true;
    }
}
