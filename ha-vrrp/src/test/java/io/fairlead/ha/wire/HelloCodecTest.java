package io.fairlead.ha.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.ha.election.HelloRole;
import io.fairlead.ha.election.UnitHello;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HelloCodecTest {

    private static final List<HelloRole> ROLES = List.of(HelloRole.values());

    private static final UnitHello UNIT =
            new UnitHello(51, HelloRole.MASTER, 7, 150, UnitHello.ELIGIBLE, 3, 2, 7, 100_000_000L);
    private static final HelloCore CORE =
            new HelloCore(123_456_789_000L, List.of(new HelloCore.UnitCore(51, true, 7, 100_000_000L)));
    private static final Hello HELLO = new Hello(123_456_789_000L, List.of(new Hello.Echo(2, 99)), List.of(UNIT));

    private static ByteBuffer encode(Hello hello) {
        ByteBuffer out = ByteBuffer.allocate(HelloCodec.SIZE_MAX);
        HelloCodec.begin(out, hello.sentNanos());
        hello.echoes().forEach(echo -> HelloCodec.echo(out, echo.peer(), echo.sentNanos()));
        hello.units().forEach(unit -> HelloCodec.unit(out, unit));
        return out.flip();
    }

    @Test
    void readsWhatItWrote() {
        assertThat(HelloCodec.decode(encode(HELLO))).isEqualTo(new HelloDecoding.Decoded(HELLO));
        assertThat(HELLO.echoFor(2)).isEqualTo(99);
        assertThat(HELLO.echoFor(1)).isZero();
    }

    @Test
    void readsRandomHellosBack() {
        Random random = new Random(5);
        for (int round = 0; round < 1_000; round++) {
            UnitHello unit = new UnitHello(
                    1 + random.nextInt(0xffff),
                    ROLES.get(random.nextInt(ROLES.size())),
                    random.nextLong() >>> 4,
                    random.nextInt(256),
                    random.nextInt(0x10000),
                    random.nextInt(),
                    random.nextInt(),
                    random.nextLong() >>> 4,
                    1 + random.nextInt());
            if (unit.intervalNanos() > 0) {
                Hello hello = new Hello(random.nextLong(), List.of(), List.of(unit, UNIT));
                assertThat(HelloCodec.decode(encode(hello))).isEqualTo(new HelloDecoding.Decoded(hello));
            }
        }
    }

    @Test
    void skipsRecordsItDoesNotKnow() {
        ByteBuffer out = ByteBuffer.allocate(200).put(encode(HELLO));
        out.put((byte) 77).putShort((short) 3).put(new byte[3]);

        assertThat(HelloCodec.decode(out.flip())).isEqualTo(new HelloDecoding.Decoded(HELLO));
    }

    @Test
    void refusesWhatNeedsALaterReader() {
        ByteBuffer bytes = encode(HELLO);
        bytes.put(3, (byte) (HelloCodec.VERSION + 1));

        assertThat(HelloCodec.decode(bytes)).isEqualTo(new HelloDecoding.Refused(HelloDecoding.Reason.VERSION, CORE));
    }

    @Test
    void refusesATermThatNoElectionReaches() {
        UnitHello hostile = new UnitHello(51, HelloRole.MASTER, Long.MAX_VALUE, 150, 0, 0, 0, 0, 1);

        assertThat(HelloCodec.decode(encode(new Hello(1, List.of(), List.of(hostile)))))
                .isEqualTo(new HelloDecoding.Refused(
                        HelloDecoding.Reason.VALUE_OUT_OF_RANGE, new HelloCore(0, List.of())));
    }

    /** Or the one would decide by what it reads, and the other by what it cannot. */
    @Test
    void refusesWhoCannotReadItsAnswer() {
        ByteBuffer bytes = encode(HELLO);
        bytes.put(2, (byte) (HelloCodec.VERSION_MIN - 1)).put(3, (byte) (HelloCodec.VERSION_MIN - 1));

        assertThat(HelloCodec.decode(bytes)).isEqualTo(new HelloDecoding.Refused(HelloDecoding.Reason.VERSION, CORE));
    }

    /** As some release will write it of which nothing else is known. */
    @Test
    void readsTheCoreOfAnyVersion() {
        ByteBuffer out = ByteBuffer.allocate(200);
        out.putShort((short) 0xFA1D).put((byte) 9).put((byte) 9).putLong(123_456_789_000L);
        out.put((byte) 2).putShort((short) 1).put((byte) 0);
        out.put((byte) 200).putShort((short) 5).put(new byte[5]);
        out.put((byte) 3)
                .putShort((short) 21)
                .putShort((short) 51)
                .put((byte) 1)
                .putLong(7)
                .putLong(100_000_000L);
        out.putShort((short) 0);

        assertThat(HelloCodec.decode(out.flip()))
                .isEqualTo(new HelloDecoding.Refused(HelloDecoding.Reason.VERSION, CORE));
    }

    @Test
    void readsTheCoreOfWhatIsOutOfRangeAndNothingOfWhatIsTruncated() {
        ByteBuffer outOfRange = encode(HELLO);
        outOfRange.put(outOfRange.limit() - 36, (byte) 99); // the role
        ByteBuffer truncated = encode(HELLO);
        truncated.limit(truncated.limit() - 1);

        assertThat(HelloCodec.decode(outOfRange))
                .isEqualTo(new HelloDecoding.Refused(HelloDecoding.Reason.VALUE_OUT_OF_RANGE, CORE));
        assertThat(HelloCodec.decode(truncated))
                .isEqualTo(new HelloDecoding.Refused(HelloDecoding.Reason.TRUNCATED, HelloCore.ILLEGIBLE));
    }

    @Test
    void neverThrows() {
        Random random = new Random(6);
        for (int round = 0; round < 100_000; round++) {
            ByteBuffer bytes = encode(HELLO);
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                bytes.put(random.nextInt(bytes.limit()), (byte) random.nextInt());
            }
            bytes.limit(random.nextInt(4) == 0 ? random.nextInt(bytes.limit() + 1) : bytes.limit());

            assertThat(HelloCodec.decode(bytes)).isNotNull();
        }
    }

    @Test
    void sixteenEchoesAndAllUnitsFit() {
        ByteBuffer out = ByteBuffer.allocate(HelloCodec.SIZE_MAX);
        HelloCodec.begin(out, 1);
        for (int peer = 0; peer < HelloCodec.ECHO_COUNT_MAX; peer++) {
            HelloCodec.echo(out, peer, 1);
        }
        for (int unit = 0; unit < HelloCodec.UNIT_COUNT_MAX; unit++) {
            HelloCodec.unit(out, UNIT);
        }

        assertThat(HelloCodec.decode(out.flip())).isInstanceOf(HelloDecoding.Decoded.class);
    }
}
