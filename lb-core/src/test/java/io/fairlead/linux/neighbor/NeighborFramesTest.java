package io.fairlead.linux.neighbor;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.HardwareAddress;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames written by hand from RFC 826, RFC 5227 and RFC 4861. */
class NeighborFramesTest {

    private static final HardwareAddress HARDWARE = new HardwareAddress(0x0200_5e10_00ffL);
    private static final IpAddress IPV4 = IpAddress.parse("192.0.2.10");
    private static final IpAddress IPV6 = IpAddress.parse("2001:db8::10");

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    @Test
    void anArpRequestAsksForTheAddressThatItIsFrom() {
        assertThat(NeighborFrames.arpRequest(HARDWARE, IPV4)).containsExactly(hex("""
            ffffffffffff 02005e1000ff 0806
            0001 0800 06 04 0001
            02005e1000ff c000020a
            000000000000 c000020a
            000000000000000000000000000000000000\
            """));
    }

    @Test
    void anArpReplyAnswersItself() {
        assertThat(NeighborFrames.arpReply(HARDWARE, IPV4)).containsExactly(hex("""
            ffffffffffff 02005e1000ff 0806
            0001 0800 06 04 0002
            02005e1000ff c000020a
            02005e1000ff c000020a
            000000000000000000000000000000000000\
            """));
    }

    @Test
    void aNeighborAdvertisementOverrides() {
        assertThat(NeighborFrames.neighborAdvertisement(HARDWARE, IPV6, false)).containsExactly(hex("""
            333300000001 02005e1000ff 86dd
            60000000 0020 3a ff
            20010db8000000000000000000000010
            ff020000000000000000000000000001
            88 00 99fe 20000000
            20010db8000000000000000000000010
            02 01 02005e1000ff\
            """));
    }

    @Test
    void aQuestionByArpIsFromAnAddressOfOurs() {
        assertThat(NeighborFrames.arpQuestion(HARDWARE, IpAddress.parse("192.0.2.1"), IPV4))
                .containsExactly(hex("""
                    ffffffffffff 02005e1000ff 0806
                    0001 0800 06 04 0001
                    02005e1000ff c0000201
                    000000000000 c000020a
                    000000000000000000000000000000000000\
                    """));
    }

    @Test
    void aSolicitationGoesToTheGroupOfTheAddress() {
        assertThat(NeighborFrames.neighborSolicitation(HARDWARE, IpAddress.parse("fe80::1"), IPV6))
                .containsExactly(hex("""
                    3333ff000010 02005e1000ff 86dd
                    60000000 0020 3a ff
                    fe800000000000000000000000000001
                    ff0200000000000000000001ff000010
                    87 00 ec34 00000000
                    20010db8000000000000000000000010
                    01 01 02005e1000ff\
                    """));
    }

    @Test
    void aSolicitationFromNowhereDoesNotSayWhereToAnswer() {
        byte[] frame = NeighborFrames.neighborSolicitation(HARDWARE, IpAddress.parse("::"), IPV6);

        assertThat(frame).hasSize(14 + 40 + 24);
        assertThat(frame[19]).as("length of the message").isEqualTo((byte) 24);
    }

    @Test
    void readsWhoAnswers() {
        IpAddress six = IpAddress.parse("2001:db8::10");
        byte[] reply = NeighborFrames.arpReply(HARDWARE, IPV4);
        byte[] advertisement = NeighborFrames.neighborAdvertisement(HARDWARE, six, true);

        assertThat(answer(reply, IpFamily.IPV4)).contains(new NeighborFrames.Answer(IPV4, HARDWARE));
        assertThat(answer(advertisement, IpFamily.IPV6)).contains(new NeighborFrames.Answer(six, HARDWARE));
        assertThat(answer(Arrays.copyOf(advertisement, 78), IpFamily.IPV6))
                .as("without the option the frame says it")
                .contains(new NeighborFrames.Answer(six, HARDWARE));
    }

    @Test
    void aQuestionIsNoAnswerNorIsWhatComesFromBeyondTheLink() {
        byte[] routed = NeighborFrames.neighborAdvertisement(HARDWARE, IPV6, true);
        routed[21] = (byte) 254;

        assertThat(answer(NeighborFrames.arpRequest(HARDWARE, IPV4), IpFamily.IPV4))
                .isEmpty();
        assertThat(answer(NeighborFrames.neighborSolicitation(HARDWARE, IPV6, IPV6), IpFamily.IPV6))
                .isEmpty();
        assertThat(answer(routed, IpFamily.IPV6)).isEmpty();
    }

    @Test
    void neverThrowsWhateverIsReceived() {
        Random random = new Random(7);
        byte[] reply = NeighborFrames.arpReply(HARDWARE, IPV4);
        byte[] advertisement = NeighborFrames.neighborAdvertisement(HARDWARE, IPV6, true);
        for (int round = 0; round < 10_000; round++) {
            IpFamily family = random.nextBoolean() ? IpFamily.IPV4 : IpFamily.IPV6;
            byte[] frame = (family == IpFamily.IPV4 ? reply : advertisement).clone();
            frame[random.nextInt(frame.length)] = (byte) random.nextInt();

            assertThat(answer(Arrays.copyOf(frame, random.nextInt(frame.length + 1)), family))
                    .isNotNull();
        }
    }

    private static Optional<NeighborFrames.Answer> answer(byte[] frame, IpFamily family) {
        return NeighborFrames.answer(ByteBuffer.wrap(frame), family);
    }

    @Test
    void aRouterSaysThatItIsOne() {
        byte[] host = NeighborFrames.neighborAdvertisement(HARDWARE, IPV6, false);
        byte[] router = NeighborFrames.neighborAdvertisement(HARDWARE, IPV6, true);

        assertThat(router[58]).isEqualTo((byte) 0xa0);
        assertThat(host[58]).isEqualTo((byte) 0x20);
    }

    @Test
    void theChecksumOfAnAdvertisementAddsUp() {
        for (String address : new String[] {"2001:db8::10", "fe80::1", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"}) {
            byte[] frame = NeighborFrames.neighborAdvertisement(
                    new HardwareAddress(0xffff_ffff_ffffL), IpAddress.parse(address), true);
            int sum = 32 + 58;
            for (int at = 22; at < frame.length; at += 2) {
                sum += Byte.toUnsignedInt(frame[at]) << 8 | Byte.toUnsignedInt(frame[at + 1]);
            }

            assertThat((sum & 0xffff) + (sum >>> 16)).isEqualTo(0xffff);
        }
    }
}
