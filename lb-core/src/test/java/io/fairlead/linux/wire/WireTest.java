package io.fairlead.linux.wire;

import static io.fairlead.linux.wire.Replies.attribute;
import static io.fairlead.linux.wire.Replies.concat;
import static io.fairlead.linux.wire.Replies.header;
import static io.fairlead.linux.wire.Replies.message;
import static io.fairlead.linux.wire.Replies.nest;
import static io.fairlead.linux.wire.Replies.u16;
import static io.fairlead.linux.wire.Replies.u32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fairlead.core.kernel.MalformedReplyException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes as a little-endian host sends them, written by hand from linux/netlink.h and linux/genetlink.h. */
class WireTest {

    private static final Attr<Integer> U8 = Attr.u8(1, "TEST_U8");
    private static final Attr<Integer> U16_HOST = Attr.u16Host(2, "TEST_U16_HOST");
    private static final Attr<Integer> U16_NETWORK = Attr.u16Network(3, "TEST_U16_NETWORK");
    private static final Attr<Long> U32_HOST = Attr.u32Host(4, "TEST_U32_HOST");
    private static final Attr<Long> U64_HOST = Attr.u64Host(5, "TEST_U64_HOST");
    private static final Attr<byte[]> BYTES = Attr.bytes(6, "TEST_BYTES", 5);
    private static final Attr<String> TEXT = Attr.string(7, "TEST_TEXT");
    private static final Attr<AttributeSet> NEST = Attr.nested(8, "TEST_NEST");

    private static byte[] written(MessageWriter writer) {
        ByteBuffer messages = writer.toSend();
        byte[] bytes = new byte[messages.remaining()];
        messages.get(bytes);
        return bytes;
    }

    private static MessageWriter writer() {
        return new MessageWriter(256);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s+", ""));
    }

    private static MessageReader reader(byte[]... messages) {
        return new MessageReader(ByteBuffer.wrap(concat(messages)));
    }

    private static AttributeSet parse(byte[]... attributes) {
        byte[] bytes = concat(attributes);
        // A message header stands before the attributes of every datagram; the set relies on that.
        ByteBuffer buffer = ByteBuffer.allocate(20 + bytes.length).order(ByteOrder.nativeOrder());
        buffer.put(20, bytes);
        return AttributeSet.parse(buffer, 20, 20 + bytes.length);
    }

    @Nested
    class Writing {

        @Test
        void everyKindOfAttributeHasItsLayout() {
            MessageWriter writer = writer().begin(
                            0x1234, MessageFlags.NLM_F_REQUEST | MessageFlags.NLM_F_DUMP, 0x01020304, 7, 2)
                    .put(U8, 0xfe)
                    .put(U16_HOST, 0xfedc)
                    .put(U16_NETWORK, 0xfedc)
                    .put(U32_HOST, 0xfedcba98L)
                    .put(U64_HOST, 0x0123456789abcdefL)
                    .put(BYTES, new byte[] {1, 2, 3, 4, 5})
                    .put(TEXT, "wlc")
                    .nest(NEST, nested -> nested.put(U8, 1))
                    .end();

            assertThat(written(writer)).isEqualTo(hex("""
                60000000 3412 0103 04030201 00000000
                07 02 0000
                0500 0100 fe 000000
                0600 0200 dcfe 0000
                0600 0300 fedc 0000
                0800 0400 98badcfe
                0c00 0500 efcdab8967452301
                0900 0600 0102030405 000000
                0800 0700 776c6300
                0c00 0880 0500 0100 01 000000
                """));
        }

        @Test
        void messagesFollowOneAnotherAndAFlagCanBeAddedLater() {
            MessageWriter writer = writer();
            writer.begin(21, 1, 5, 1, 1).put(U8, 1).end();
            int second = writer.length();
            writer.begin(21, 1, 6, 1, 1).end();

            writer.addFlag(second, MessageFlags.NLM_F_ACK);

            assertThat(second).isEqualTo(28);
            assertThat(writer.length()).isEqualTo(48);
            assertThat(writer.remaining()).isEqualTo(256 - 48);
            assertThat(written(writer)).isEqualTo(hex("""
                1c000000 1500 0100 05000000 00000000 01010000 0500 0100 01 000000
                14000000 1500 0500 06000000 00000000 01010000
                """));
        }

        @Test
        void startsAgainAfterClearing() {
            MessageWriter writer = writer();
            writer.begin(21, 1, 5, 1, 1).put(U8, 1).end();

            writer.clear().begin(22, 1, 6, 2, 1).end();

            assertThat(written(writer)).isEqualTo(hex("14000000 1600 0100 06000000 00000000 02010000"));
        }

        @Test
        void refusesWhatDoesNotFit() {
            MessageWriter writer = new MessageWriter(24).begin(21, 1, 5, 1, 1);

            assertThatExceptionOfType(BufferOverflowException.class).isThrownBy(() -> writer.put(U32_HOST, 1L));
        }

        @Test
        void refusesBytesOfAnotherLength() {
            MessageWriter writer = writer().begin(21, 1, 5, 1, 1);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.put(BYTES, new byte[4]))
                    .withMessage("TEST_BYTES of 4 bytes (expected: 5)");
        }

        @Test
        void refusesAReadySetInsteadOfANest() {
            MessageWriter writer = writer().begin(21, 1, 5, 1, 1);

            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> writer.put(NEST, parse()))
                    .withMessageContaining("MessageWriter.nest");
        }
    }

    @Nested
    class ReadingAttributes {

        @Test
        void givesBackEveryKindThatWasWritten() {
            MessageReader reader = new MessageReader(writer().begin(21, 0, 5, 1, 1)
                    .put(U8, 0xfe)
                    .put(U16_HOST, 0xfedc)
                    .put(U16_NETWORK, 0xfedc)
                    .put(U32_HOST, 0xfedcba98L)
                    .put(U64_HOST, -2L)
                    .put(BYTES, new byte[] {1, 2, 3, 4, 5})
                    .put(TEXT, "wlc")
                    .nest(NEST, nested -> nested.put(U8, 1))
                    .end()
                    .toSend());

            assertThat(reader.next()).isTrue();
            AttributeSet set = reader.attributes();

            assertThat(set.require(U8)).isEqualTo(0xfe);
            assertThat(set.require(U16_HOST)).isEqualTo(0xfedc);
            assertThat(set.require(U16_NETWORK)).isEqualTo(0xfedc);
            assertThat(set.require(U32_HOST)).isEqualTo(0xfedcba98L);
            assertThat(set.require(U64_HOST)).isEqualTo(-2);
            assertThat(set.require(BYTES)).containsExactly(1, 2, 3, 4, 5);
            assertThat(set.require(TEXT)).isEqualTo("wlc");
            assertThat(set.require(NEST).require(U8)).isEqualTo(1);
            assertThat(reader.next()).isFalse();
        }

        @Test
        void skipsAttributesThatItDoesNotKnow() {
            AttributeSet set = parse(
                    attribute(63, new byte[7]),
                    attribute(64, new byte[3]),
                    attribute(0x3fff),
                    attribute(0, new byte[1]),
                    attribute(4, u32(9)));

            assertThat(set.require(U32_HOST)).isEqualTo(9);
            assertThat(set.find(U8)).isEmpty();
        }

        @Test
        void looksPastTheFlagsInTheNumber() {
            AttributeSet set = parse(attribute(4 | 0x8000, u32(9)), attribute(3 | 0x4000, new byte[] {1, 2}));

            assertThat(set.find(U32_HOST)).contains(9L);
            assertThat(set.find(U16_NETWORK)).contains(0x0102);
        }

        @Test
        void takesTheLastOfANumber() {
            assertThat(parse(attribute(4, u32(1)), attribute(4, u32(2))).require(U32_HOST))
                    .isEqualTo(2);
        }

        @Test
        void readsTextUpToTheFirstNulOrTheEnd() {
            assertThat(parse(attribute(7, "wlc".getBytes(StandardCharsets.US_ASCII)))
                            .require(TEXT))
                    .isEqualTo("wlc");
            assertThat(parse(attribute(7, new byte[] {'r', 'r', 0, 'x'})).require(TEXT))
                    .isEqualTo("rr");
            assertThat(parse(attribute(7)).require(TEXT)).isEmpty();
        }

        @Test
        void mayLackThePaddingOfTheLast() {
            AttributeSet set = parse(hex("0500 0100 fe"));

            assertThat(set.require(U8)).isEqualTo(0xfe);
        }

        @Test
        void refusesAWrongLengthNamingTheAttributeAndItsPlace() {
            assertThatExceptionOfType(MalformedReplyException.class)
                    .isThrownBy(() -> parse(attribute(1, new byte[1]), attribute(4, u16(1)))
                            .require(U32_HOST))
                    .withMessage("malformed reply from the kernel: TEST_U32_HOST at byte 32: 2 bytes (expected: 4)");
            assertThatExceptionOfType(MalformedReplyException.class)
                    .isThrownBy(() -> parse(attribute(4, u16(1))).find(U32_HOST));
        }

        @Test
        void refusesToDoWithoutARequiredAttribute() {
            assertThatExceptionOfType(MalformedReplyException.class)
                    .isThrownBy(() -> parse(attribute(4, u32(1))).require(U8))
                    .withMessage("malformed reply from the kernel: TEST_U8 at byte 20: absent (expected: present)");
        }

        @ParameterizedTest
        @ValueSource(strings = {"00", "0400 01", "0300 0100", "0000 0000", "0900 0100 00000000", "ffff 0100 00000000"})
        void refusesAttributesThatDoNotFit(String bytes) {
            assertThatExceptionOfType(MalformedReplyException.class)
                    .isThrownBy(() -> parse(hex(bytes)))
                    .withMessageContaining(" at byte 20: ");
            assertThatExceptionOfType(MalformedReplyException.class)
                    .isThrownBy(() -> parse(nest(8, hex(bytes))).require(NEST))
                    .withMessageContaining(" at byte 24: ");
        }
    }

    @Nested
    class ReadingMessages {

        @Test
        void walksThroughTheMessagesOfADatagram() {
            MessageReader reader =
                    reader(message(21, 2, 5, attribute(1, new byte[] {7})), Replies.error(6, 17), Replies.done(7));

            assertThat(reader.next()).isTrue();
            assertThat(reader.type()).isEqualTo(21);
            assertThat(reader.flags()).isEqualTo(2);
            assertThat(reader.sequence()).isEqualTo(5);
            assertThat(reader.attributes().require(U8)).isEqualTo(7);
            assertThat(reader.next()).isTrue();
            assertThat(reader.sequence()).isEqualTo(6);
            assertThat(reader.errno()).isEqualTo(17);
            assertThat(reader.kernelText()).isEmpty();
            assertThat(reader.next()).isTrue();
            assertThat(reader.type()).isEqualTo(MessageFlags.NLMSG_DONE);
            assertThat(reader.errno()).isZero();
            assertThat(reader.next()).isFalse();
            assertThat(reader.next()).isFalse();
        }

        @Test
        void ofAnEmptyDatagramThereAreNone() {
            assertThat(reader().next()).isFalse();
        }

        @Test
        void aDoneMayLackItsNumber() {
            MessageReader reader = reader(header(16, MessageFlags.NLMSG_DONE, 2, 5));

            assertThat(reader.next()).isTrue();
            assertThat(reader.errno()).isZero();
        }

        @Test
        void theKernelsWordsStandAfterTheHeaderOrTheWholeOfTheRequest() {
            byte[] request = concat(header(40, 21, 5, 6), new byte[24]);
            MessageReader reader =
                    reader(Replies.errorCapped(5, 22, "capped"), Replies.errorWithEcho(6, 22, request, "not capped"));

            assertThat(reader.next()).isTrue();
            assertThat(reader.kernelText()).isEqualTo("capped");
            assertThat(reader.next()).isTrue();
            assertThat(reader.kernelText()).isEqualTo("not capped");
        }

        @Test
        void theKernelMayHaveAttributesButNoWords() {
            byte[] offset = attribute(2, u32(20));
            MessageReader reader = reader(
                    concat(header(44, MessageFlags.NLMSG_ERROR, 0x300, 5), u32(-22)), header(96, 21, 5, 5), offset);

            assertThat(reader.next()).isTrue();
            assertThat(reader.kernelText()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "14000000",
                    "0f000000 1500 0000 05000000 00000000",
                    "00000000 1500 0000 05000000 00000000",
                    "ffffffff 1500 0000 05000000 00000000",
                    "11000000 1500 0000 05000000 00000000",
                    "ffffff7f 1500 0000 05000000 00000000",
                })
        void refusesAMessageThatDoesNotFit(String bytes) {
            MessageReader reader = reader(hex(bytes));

            assertThatExceptionOfType(MalformedReplyException.class)
                    .isThrownBy(reader::next)
                    .withMessageStartingWith("malformed reply from the kernel: nlmsghdr at byte 0: ");
        }

        @Test
        void refusesAMessageWithoutGenericHeader() {
            MessageReader reader = reader(header(16, 21, 2, 5));
            assertThat(reader.next()).isTrue();

            assertThatExceptionOfType(MalformedReplyException.class)
                    .isThrownBy(reader::attributes)
                    .withMessageContaining("genlmsghdr");
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 22, Integer.MAX_VALUE, Integer.MIN_VALUE})
        void refusesAnErrorThatIsNotNegative(int number) {
            MessageReader reader = reader(header(20, MessageFlags.NLMSG_ERROR, 0, 5), u32(number));
            assertThat(reader.next()).isTrue();

            assertThatExceptionOfType(MalformedReplyException.class)
                    .isThrownBy(reader::errno)
                    .withMessageContaining("error " + number + " (expected: zero or negative)");
        }

        @Test
        void refusesAnErrorWithoutNumber() {
            MessageReader reader = reader(header(16, MessageFlags.NLMSG_ERROR, 0x200, 5));
            assertThat(reader.next()).isTrue();

            assertThatExceptionOfType(MalformedReplyException.class).isThrownBy(reader::errno);
            assertThatExceptionOfType(MalformedReplyException.class).isThrownBy(reader::kernelText);
        }

        @ParameterizedTest
        @ValueSource(
                ints = {
                    Integer.MIN_VALUE,
                    -1,
                    0,
                    15,
                    17,
                    1000,
                    Integer.MAX_VALUE - 3,
                    Integer.MAX_VALUE - 2,
                    Integer.MAX_VALUE - 1,
                    Integer.MAX_VALUE
                })
        void refusesAnEchoThatDoesNotFit(int echoLength) {
            MessageReader reader =
                    reader(header(36, MessageFlags.NLMSG_ERROR, 0x200, 5), u32(-22), header(echoLength, 21, 5, 5));
            assertThat(reader.next()).isTrue();

            assertThatExceptionOfType(MalformedReplyException.class)
                    .isThrownBy(reader::kernelText)
                    .withMessageContaining("echo of " + echoLength + " bytes does not fit");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverIsWrittenIsReadBack(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < 500; i++) {
            MessageWriter writer = writer();
            List<Long> values = new ArrayList<>();
            for (int message = 0; message < 4; message++) {
                long value = random.nextLong();
                values.add(value);
                writer.begin(21, 0, message, 1, 1)
                        .put(U16_NETWORK, (int) value & 0xffff)
                        .nest(
                                NEST,
                                nested -> nested.put(U32_HOST, value & 0xffffffffL)
                                        .put(U64_HOST, value))
                        .end();
            }

            MessageReader reader = new MessageReader(writer.toSend());

            for (long value : values) {
                assertThat(reader.next()).isTrue();
                AttributeSet set = reader.attributes();
                assertThat(set.require(U16_NETWORK)).isEqualTo((int) value & 0xffff);
                assertThat(set.require(NEST).require(U32_HOST)).isEqualTo(value & 0xffffffffL);
                assertThat(set.require(NEST).require(U64_HOST)).isEqualTo(value);
            }
            assertThat(reader.next()).isFalse();
        }
    }
}
