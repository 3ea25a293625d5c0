package io.fairlead.linux.route;

import static io.fairlead.linux.wire.Replies.attribute;
import static io.fairlead.linux.wire.Replies.concat;
import static io.fairlead.linux.wire.Replies.done;
import static io.fairlead.linux.wire.Replies.error;
import static io.fairlead.linux.wire.Replies.errorCapped;
import static io.fairlead.linux.wire.Replies.header;
import static io.fairlead.linux.wire.Replies.text;
import static io.fairlead.linux.wire.Replies.u32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.core.kernel.AddressReport;
import io.fairlead.core.kernel.AddressTable.PreparedOps;
import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.InterfaceStatus;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.kernel.MalformedReplyException;
import io.fairlead.core.model.AddressScope;
import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.InterfaceAddressStatus;
import io.fairlead.core.net.HardwareAddress;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.reconcile.AddressOp;
import io.fairlead.linux.wire.ScriptedChannel;
import io.fairlead.linux.wire.ScriptedChannel.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages as a little-endian host sends them, written by hand from rtnetlink.h, if_link.h and if_addr.h. */
class RouteNetlinkAddressTableTest {

    private static final int NEWLINK = 16;
    private static final int GETLINK = 18;
    private static final int NEWADDR = 20;
    private static final int GETADDR = 22;
    private static final InterfaceAddressKey VIP = new InterfaceAddressKey("eth0", IpAddress.parse("192.0.2.10"), 32);

    private final List<byte[]> links = new ArrayList<>(List.of(
            link(1, "lo", 772, 0x10049, new byte[6]),
            link(7, "eth0", 1, 0x11043, HexFormat.of().parseHex("02005e1000ff")),
            link(9, "dummy0", 1, 0x100c3, HexFormat.of().parseHex("02005e100001"))));
    private final List<byte[]> addresses = new ArrayList<>();
    private int errno;
    private boolean spoiled;
    private RandomGenerator random = RandomGenerator.getDefault();
    private final ScriptedChannel channel = new ScriptedChannel(this::answer);
    private final RouteNetlinkAddressTable table = new RouteNetlinkAddressTable(channel);

    private List<byte[]> answer(List<Message> request) {
        List<byte[]> answers = new ArrayList<>();
        for (Message message : request) {
            switch (message.type()) {
                case GETLINK -> answers.add(dump(NEWLINK, links, message.sequence()));
                case GETADDR -> answers.add(dump(NEWADDR, addresses, message.sequence()));
                default ->
                    answers.add(
                            errno == 0
                                    ? error(message.sequence(), 0)
                                    : errorCapped(message.sequence(), errno, "the kernel's words"));
            }
        }
        return spoiled ? answers.stream().map(this::cut).toList() : answers;
    }

    private byte[] cut(byte[] datagram) {
        return Arrays.copyOf(datagram, random.nextInt(datagram.length));
    }

    private static byte[] dump(int type, List<byte[]> bodies, int sequence) {
        List<byte[]> parts = new ArrayList<>();
        for (byte[] body : bodies) {
            parts.add(concat(header(16 + body.length, type, 2, sequence), body));
        }
        parts.add(done(sequence));
        return concat(parts.toArray(byte[][]::new));
    }

    private static byte[] link(int index, String name, int type, int flags, byte[] hardware) {
        return concat(
                new byte[] {0, 0, (byte) type, (byte) (type >> 8)},
                u32(index),
                u32(flags),
                u32(0),
                attribute(1, hardware),
                text(3, name),
                attribute(4, u32(1500)),
                attribute(99, u32(1)));
    }

    private static byte[] address(int family, int prefixLength, int scope, int index, byte[]... attributes) {
        return concat(
                new byte[] {(byte) family, (byte) prefixLength, (byte) 0x80, (byte) scope},
                u32(index),
                concat(attributes));
    }

    @Test
    void readsInterfaces() {
        assertThat(table.readInterfaces())
                .containsExactly(
                        new InterfaceStatus("lo", 1, true, true, 1500, Optional.empty()),
                        new InterfaceStatus(
                                "eth0", 7, true, true, 1500, Optional.of(new HardwareAddress(0x0200_5e10_00ffL))),
                        new InterfaceStatus("dummy0", 9, true, true, 1500, Optional.empty()));
    }

    @Test
    void readsAddresses() {
        byte[] ipv4 = IpAddress.parse("192.0.2.10").toBytes();
        byte[] ipv6 = IpAddress.parse("2001:db8::10").toBytes();
        addresses.add(address(
                2,
                32,
                253,
                7,
                attribute(1, IpAddress.parse("198.51.100.1").toBytes()), // the far end
                attribute(2, ipv4),
                text(3, "eth0:vip"),
                attribute(6, u32(5), u32(5), u32(0), u32(0)),
                attribute(8, u32(0x280)),
                attribute(11, new byte[] {(byte) 0xfa})));
        addresses.add(address(
                10,
                64,
                0,
                7,
                attribute(1, ipv6),
                attribute(6, u32(0), u32(-1), u32(0), u32(0)),
                attribute(8, u32(0x40))));
        addresses.add(address(2, 24, 0, 7, attribute(1, ipv4), attribute(2, ipv4), text(3, "eth0")));
        addresses.add(address(2, 24, 0, 99, attribute(1, ipv4), attribute(2, ipv4))); // an interface that has just come

        assertThat(table.readAddresses())
                .containsExactly(
                        new InterfaceAddressStatus(
                                VIP,
                                Optional.of(Duration.ofSeconds(5)),
                                InterfaceAddressStatus.OURS,
                                true,
                                AddressScope.LINK,
                                Optional.of("eth0:vip")),
                        new InterfaceAddressStatus(
                                new InterfaceAddressKey("eth0", IpAddress.parse("2001:db8::10"), 64),
                                Optional.empty(),
                                0,
                                false,
                                AddressScope.GLOBAL,
                                Optional.empty()),
                        new InterfaceAddressStatus(
                                new InterfaceAddressKey("eth0", IpAddress.parse("192.0.2.10"), 24),
                                Optional.empty(),
                                0,
                                true,
                                AddressScope.GLOBAL,
                                Optional.empty()));
    }

    @Test
    void addsAnAddressOfIpv4() {
        table.apply(List.of(new AddressOp.AddAddress(new InterfaceAddress(
                VIP, Optional.of(Duration.ofSeconds(5)), AddressScope.HOST, Optional.of("eth0:1")))));

        assertThat(lastSent())
                .isEqualTo(concat(
                        header(16 + 72, 20, 0x605, 3),
                        new byte[] {2, 32, 0, (byte) 254},
                        u32(7),
                        attribute(2, VIP.address().toBytes()),
                        attribute(1, VIP.address().toBytes()),
                        attribute(8, u32(0x200)),
                        attribute(11, new byte[] {(byte) 0xfa}),
                        attribute(6, u32(5), u32(5), u32(0), u32(0)),
                        text(3, "eth0:1")));
    }

    @Test
    void renewsAnAddressOfIpv6WithoutDetectionOfDuplicatesAndNeverAsASource() {
        InterfaceAddressKey key = new InterfaceAddressKey("eth0", IpAddress.parse("2001:db8::10"), 128);

        table.apply(List.of(new AddressOp.RenewAddress(new InterfaceAddress(key, Optional.empty()))));

        assertThat(lastSent())
                .isEqualTo(concat(
                        header(16 + 84, 20, 0x505, 3),
                        new byte[] {10, (byte) 128, 0, 0},
                        u32(7),
                        attribute(2, key.address().toBytes()),
                        attribute(1, key.address().toBytes()),
                        attribute(8, u32(0x202)),
                        attribute(11, new byte[] {(byte) 0xfa}),
                        attribute(6, u32(0), u32(-1), u32(0), u32(0))));
    }

    /** Returns what was sent last, with the port number that {@link io.fairlead.linux.wire.Replies#header} has. */
    private byte[] lastSent() {
        byte[] sent = channel.sent().getLast();
        assertThat(Arrays.copyOfRange(sent, 12, 16)).containsOnly(0);
        System.arraycopy(u32(4711), 0, sent, 12, 4);
        return sent;
    }

    @Test
    void whatIsPreparedIsOneSendAndNothingIsRead() {
        PreparedOps prepared =
                table.prepare(List.of(new AddressOp.DeleteAddress(VIP), new AddressOp.DeleteAddress(VIP)));
        int before = channel.sent().size();

        assertThat(prepared.run()).isEqualTo(new AddressReport(2, List.of()));
        assertThat(prepared.run()).isEqualTo(new AddressReport(2, List.of()));

        assertThat(channel.sent()).hasSize(before + 2);
        assertThat(channel.dry()).isTrue();
    }

    @Test
    void namesTheOperationThatWasRefusedAndTheKernelsWords() {
        errno = Errno.EADDRNOTAVAIL;

        AddressReport report = table.apply(List.of(new AddressOp.DeleteAddress(VIP)));

        assertThat(report.carriedOut()).isZero();
        assertThat(report.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.cause())
                        .hasMessage("ip address del 192.0.2.10/32 dev eth0: EADDRNOTAVAIL (99), no such address:"
                                + " the kernel's words"));
    }

    @Test
    void refusesToSwitchAnInterfaceThatIsNotThere() {
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> table.switchInterface("eth9", true))
                .withMessage("switch on interface eth9: ENODEV (19), no such interface");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aReplyThatWasCutShortIsMalformedAndNothingElse(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        addresses.add(address(
                2,
                32,
                0,
                7,
                attribute(1, VIP.address().toBytes()),
                attribute(2, VIP.address().toBytes())));
        spoiled = true;
        for (int round = 0; round < 500; round++) {
            assertThatExceptionOfType(KernelException.class)
                    .as("seed %d round %d", seed, round)
                    .isThrownBy(() -> new RouteNetlinkAddressTable(new ScriptedChannel(this::answer)).readAddresses())
                    .isNotInstanceOf(ErrnoException.class);
        }
    }

    @Test
    void anAddressOfAnImpossibleLengthIsMalformed() {
        addresses.add(address(2, 32, 0, 7, attribute(2, new byte[3])));

        assertThatExceptionOfType(MalformedReplyException.class).isThrownBy(table::readAddresses);
    }
}
