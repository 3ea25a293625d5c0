package io.fairlead.linux.ipvs;

import static io.fairlead.core.model.Tables.aFirewallMark;
import static io.fairlead.core.model.Tables.aRealServer;
import static io.fairlead.core.model.Tables.aTable;
import static io.fairlead.core.model.Tables.aVirtualServer;
import static io.fairlead.core.model.Tables.tcp;
import static io.fairlead.linux.wire.Replies.attribute;
import static io.fairlead.linux.wire.Replies.concat;
import static io.fairlead.linux.wire.Replies.done;
import static io.fairlead.linux.wire.Replies.error;
import static io.fairlead.linux.wire.Replies.errorCapped;
import static io.fairlead.linux.wire.Replies.message;
import static io.fairlead.linux.wire.Replies.nest;
import static io.fairlead.linux.wire.Replies.text;
import static io.fairlead.linux.wire.Replies.u16;
import static io.fairlead.linux.wire.Replies.u16Network;
import static io.fairlead.linux.wire.Replies.u32;
import static io.fairlead.linux.wire.Replies.u64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.core.kernel.ApplyReport;
import io.fairlead.core.kernel.ApplyReport.OpFailure;
import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.IpvsTimeouts;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.kernel.MalformedReplyException;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.kernel.TrafficStats;
import io.fairlead.core.kernel.VirtualServerStats;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.IpvsSnapshot;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.SchedulerFlag;
import io.fairlead.core.model.Tables.VirtualServerBuilder;
import io.fairlead.core.model.Tunnel;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.reconcile.IpvsOp;
import io.fairlead.linux.wire.MessageFlags;
import io.fairlead.linux.wire.ScriptedChannel;
import io.fairlead.linux.wire.ScriptedChannel.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages as a little-endian host sends them, written by hand from include/uapi/linux/ip_vs.h. */
class IpvsNetlinkTableTest {

    private static final int FAMILY = 29;
    private static final int CTRL = 16;
    private static final int GET_SERVICE = 4;
    private static final int GET_DEST = 8;
    private static final int GET_CONFIG = 13;
    private static final int GET_INFO = 15;
    private static final int MESSAGE_BYTES_MAX = 512;
    private static final VirtualServerKey WEB = tcp("192.0.2.10:443");
    private static final VirtualServerKey WEB_IPV6 = tcp("[2001:db8::10]:443");
    private static final VirtualServerKey FWM_IPV6 = new VirtualServerKey.FwmarkKey(IpFamily.IPV6, 7);

    /** Spoils answers on their way. */
    @FunctionalInterface
    private interface Mischief {
        byte[] spoil(byte[] datagram);
    }

    /** A kernel that answers reads with prepared entries, and acknowledges everything else. */
    private static final class Kernel {

        private final List<byte[]> services = new ArrayList<>();
        private final List<byte[]> destinations = new ArrayList<>();
        private final ScriptedChannel channel;
        private final IpvsNetlinkTable table;
        private Mischief mischief = datagram -> datagram;

        Kernel() {
            channel = new ScriptedChannel(request -> {
                List<byte[]> answers = new ArrayList<>();
                for (Message message : request) {
                    answers.addAll(answer(message));
                }
                return answers.stream().map(answer -> mischief.spoil(answer)).toList();
            });
            table = IpvsNetlinkTable.over(channel);
        }

        private List<byte[]> answer(Message request) {
            int sequence = request.sequence();
            if (request.type() == CTRL) {
                return List.of(message(CTRL, 0, sequence, attribute(1, u16(FAMILY))));
            }
            boolean dump = (request.flags() & MessageFlags.NLM_F_DUMP) == MessageFlags.NLM_F_DUMP;
            return switch (request.command()) {
                case GET_SERVICE ->
                    dump
                            ? dumped(services, sequence)
                            : services.isEmpty()
                                    ? List.of(error(sequence, Errno.ESRCH))
                                    : List.of(message(FAMILY, 0, sequence, services.getFirst()));
                case GET_DEST -> dumped(destinations, sequence);
                case GET_CONFIG ->
                    List.of(message(
                            FAMILY,
                            0,
                            sequence,
                            attribute(4, u32(900)),
                            attribute(5, u32(120)),
                            attribute(6, u32(300))));
                case GET_INFO ->
                    List.of(message(FAMILY, 0, sequence, attribute(1, u32(0x010201)), attribute(2, u32(4096))));
                default -> (request.flags() & MessageFlags.NLM_F_ACK) == 0 ? List.of() : List.of(error(sequence, 0));
            };
        }

        private static List<byte[]> dumped(List<byte[]> entries, int sequence) {
            List<byte[]> answers = new ArrayList<>();
            for (byte[] entry : entries) {
                answers.add(message(FAMILY, 2, sequence, entry));
            }
            answers.add(done(sequence));
            return answers;
        }

        String sent() {
            return HexFormat.of().formatHex(channel.sent().getLast());
        }
    }

    private final Kernel kernel = new Kernel();

    private static String hex(String text) {
        return text.replaceAll("\\s+", "");
    }

    private static byte[] address(String text) {
        return Arrays.copyOf(IpAddress.parse(text).toBytes(), 16);
    }

    /** A service as the kernel 6.1 shows it. */
    private static byte[] service(byte[] key, String scheduler, int flags, int timeout, byte[] netmask) {
        return nest(
                1,
                key,
                text(6, scheduler),
                attribute(7, u32(flags), u32(~0)),
                attribute(8, u32(timeout)),
                attribute(9, netmask),
                nest(10, stats32(3)),
                nest(12, stats64(3)));
    }

    private static byte[] addressKey(int family, int protocol, String address, int port) {
        return concat(
                attribute(1, u16(family)),
                attribute(2, u16(protocol)),
                attribute(3, address(address)),
                attribute(4, u16Network(port)));
    }

    private static byte[] stats32(long connections) {
        return concat(
                attribute(1, u32(connections)),
                attribute(2, u32(20)),
                attribute(3, u32(30)),
                attribute(4, u64(4_000)),
                attribute(5, u64(5_000)),
                attribute(6, u32(6)));
    }

    private static byte[] stats64(long connections) {
        return concat(
                attribute(1, u64(connections + (1L << 32))),
                attribute(2, u64(20)),
                attribute(3, u64(30)),
                attribute(4, u64(4_000)),
                attribute(5, u64(5_000)),
                attribute(6, u64(6)));
    }

    private static byte[] destination(String address, int port, int flags, byte[]... more) {
        return nest(
                2,
                attribute(1, address(address)),
                attribute(2, u16Network(port)),
                attribute(3, u32(flags)),
                attribute(4, u32(3)),
                attribute(5, u32(100)),
                attribute(6, u32(50)),
                attribute(7, u32(1)),
                attribute(8, u32(2)),
                attribute(9, u32(4)),
                concat(more));
    }

    @Nested
    class Writes {

        private String after(IpvsOp op) {
            assertThat(kernel.table.apply(List.of(op)).succeeded()).isTrue();
            return kernel.sent();
        }

        @Test
        void aNewIpv4Service() {
            assertThat(after(new IpvsOp.AddVirtualServer(aVirtualServer(WEB)
                            .wrr()
                            .persistent(Duration.ofMinutes(5), 24)
                            .build())))
                    .isEqualTo(hex("""
                        68000000 1d00 0500 03000000 00000000
                        01 01 0000
                        5400 0180
                        0600 0100 0200 0000
                        0600 0200 0600 0000
                        1400 0300 c000020a 000000000000000000000000
                        0600 0400 01bb 0000
                        0800 0600 77727200
                        0c00 0700 01000000 ffffffff
                        0800 0800 2c010000
                        0800 0900 ffffff00
                        """));
        }

        @Test
        void aNewIpv6ServiceWithSchedulerFlags() {
            assertThat(after(new IpvsOp.AddVirtualServer(aVirtualServer("[2001:db8::10]:53")
                            .udp()
                            .scheduler("mh")
                            .flag(SchedulerFlag.MH_FALLBACK)
                            .flag(SchedulerFlag.MH_PORT)
                            .onePacketScheduling()
                            .build())))
                    .isEqualTo(hex("""
                        68000000 1d00 0500 03000000 00000000
                        01 01 0000
                        5400 0180
                        0600 0100 0a00 0000
                        0600 0200 1100 0000
                        1400 0300 20010db8000000000000000000000010
                        0600 0400 0035 0000
                        0700 0600 6d6800 00
                        0c00 0700 1c000000 ffffffff
                        0800 0800 00000000
                        0800 0900 80000000
                        """));
        }

        @Test
        void aChangedServiceOfAFirewallMark() {
            assertThat(after(new IpvsOp.UpdateVirtualServer(
                            aFirewallMark(0xfedcba98L).scheduler("rr").build())))
                    .isEqualTo(hex("""
                        4c000000 1d00 0500 03000000 00000000
                        02 01 0000
                        3800 0180
                        0600 0100 0200 0000
                        0800 0500 98badcfe
                        0700 0600 727200 00
                        0c00 0700 00000000 ffffffff
                        0800 0800 00000000
                        0800 0900 ffffffff
                        """));
        }

        @Test
        void aDeletedService() {
            assertThat(after(new IpvsOp.DeleteVirtualServer(FWM_IPV6))).isEqualTo(hex("""
                28000000 1d00 0500 03000000 00000000
                03 01 0000
                1400 0180
                0600 0100 0a00 0000
                0800 0500 07000000
                """));
        }

        @Test
        void aNewDestination() {
            assertThat(after(new IpvsOp.AddRealServer(
                            WEB,
                            aRealServer("198.51.100.7:8080")
                                    .forwarding(ForwardingMethod.DIRECT_ROUTE)
                                    .weight(3)
                                    .thresholds(4_294_967_295L, 50)
                                    .build())))
                    .isEqualTo(hex("""
                        8c000000 1d00 0500 03000000 00000000
                        05 01 0000
                        3000 0180
                        0600 0100 0200 0000
                        0600 0200 0600 0000
                        1400 0300 c000020a 000000000000000000000000
                        0600 0400 01bb 0000
                        4800 0280
                        1400 0100 c6336407 000000000000000000000000
                        0600 0200 1f90 0000
                        0600 0b00 0200 0000
                        0800 0300 03000000
                        0800 0400 03000000
                        0800 0500 ffffffff
                        0800 0600 32000000
                        """));
        }

        @Test
        void aChangedDestinationOfTheOtherFamily() {
            assertThat(after(new IpvsOp.UpdateRealServer(
                            aFirewallMark(7).key(),
                            aRealServer("[2001:db8:1::7]:80")
                                    .forwarding(ForwardingMethod.TUNNEL)
                                    .build())))
                    .isEqualTo(hex("""
                        70000000 1d00 0500 03000000 00000000
                        06 01 0000
                        1400 0180
                        0600 0100 0200 0000
                        0800 0500 07000000
                        4800 0280
                        1400 0100 20010db8000100000000000000000007
                        0600 0200 0050 0000
                        0600 0b00 0a00 0000
                        0800 0300 02000000
                        0800 0400 01000000
                        0800 0500 00000000
                        0800 0600 00000000
                        """));
        }

        @Test
        void aDestinationBehindATunnelInUdp() {
            assertThat(after(new IpvsOp.AddRealServer(
                            aFirewallMark(7).key(),
                            aRealServer("198.51.100.7:80")
                                    .tunnel(new Tunnel(Tunnel.Encapsulation.GUE, 6080, Tunnel.Checksum.FULL))
                                    .build())))
                    .endsWith(hex("""
                        0800 0300 02000000
                        0800 0400 01000000
                        0800 0500 00000000
                        0800 0600 00000000
                        0500 0d00 01000000
                        0600 0e00 17c0 0000
                        0600 0f00 0100 0000
                        """));
        }

        @Test
        void aServiceWithAPersistenceEngine() {
            assertThat(after(new IpvsOp.AddVirtualServer(aVirtualServer("192.0.2.10:5060")
                            .udp()
                            .persistent(Duration.ofMinutes(5))
                            .engine("sip")
                            .build())))
                    .endsWith(hex("""
                        0800 0800 2c010000
                        0800 0900 ffffffff
                        0800 0b00 73697000
                        """));
        }

        @Test
        void aDeletedDestination() {
            assertThat(after(new IpvsOp.DeleteRealServer(
                            aFirewallMark(7).key(),
                            aRealServer("198.51.100.7:80").key())))
                    .isEqualTo(hex("""
                        50000000 1d00 0500 03000000 00000000
                        07 01 0000
                        1400 0180
                        0600 0100 0200 0000
                        0800 0500 07000000
                        2800 0280
                        1400 0100 c6336407 000000000000000000000000
                        0600 0200 0050 0000
                        0600 0b00 0200 0000
                        """));
        }

        @Test
        void timeouts() {
            kernel.table.writeTimeouts(new IpvsTimeouts(Duration.ofMinutes(15), Duration.ZERO, Duration.ofSeconds(30)));

            assertThat(kernel.sent()).isEqualTo(hex("""
                2c000000 1d00 0500 03000000 00000000
                0c 01 0000
                0800 0400 84030000
                0800 0500 00000000
                0800 0600 1e000000
                """));
        }

        @Test
        void flushAndZero() {
            kernel.table.flush();
            assertThat(kernel.sent()).isEqualTo(hex("14000000 1d00 0500 03000000 00000000 11 01 0000"));

            kernel.table.zero();
            assertThat(kernel.sent()).isEqualTo(hex("14000000 1d00 0500 04000000 00000000 10 01 0000"));
        }

        @ParameterizedTest
        @CsvSource({"0, 00000000", "1, 80000000", "8, ff000000", "31, fffffffe", "32, ffffffff"})
        void anIpv4NetmaskInNetworkOrder(int prefixLength, String netmask) {
            assertThat(after(new IpvsOp.AddVirtualServer(aVirtualServer(WEB)
                            .persistent(Duration.ofMinutes(5), prefixLength)
                            .build())))
                    .endsWith("08000900" + netmask);
        }

        @Test
        void noMessageLongerThanABatchLeavesRoomFor() {
            String longName = "abcdefghijklmno";
            List<IpvsOp> longest = List.of(
                    new IpvsOp.AddVirtualServer(aVirtualServer(WEB_IPV6)
                            .scheduler(longName)
                            .persistent(Duration.ofDays(31), 64)
                            .build()),
                    new IpvsOp.UpdateVirtualServer(
                            aVirtualServer(WEB_IPV6).scheduler(longName).build()),
                    new IpvsOp.AddRealServer(
                            WEB_IPV6,
                            aRealServer("[2001:db8:1::7]:80").thresholds(9, 1).build()),
                    new IpvsOp.UpdateRealServer(
                            WEB, aRealServer("[2001:db8:1::7]:80").build()),
                    new IpvsOp.DeleteRealServer(
                            WEB_IPV6, aRealServer("[2001:db8:1::7]:80").key()));

            for (IpvsOp op : longest) {
                assertThat(after(op).length() / 2).isLessThanOrEqualTo(MESSAGE_BYTES_MAX);
            }
        }
    }

    @Nested
    class Reads {

        @Test
        void theVersionAndTheTimeouts() {
            assertThat(kernel.table.info().version()).isEqualTo("1.2.1");
            assertThat(kernel.table.info().connectionTableSize()).isEqualTo(4096);
            assertThat(kernel.table.readTimeouts())
                    .isEqualTo(new IpvsTimeouts(Duration.ofMinutes(15), Duration.ofMinutes(2), Duration.ofMinutes(5)));
        }

        private List<VirtualServer> reading(byte[]... services) {
            kernel.services.addAll(List.of(services));
            return kernel.table.readVirtualServers();
        }

        private final byte[] full = {-1, -1, -1, -1};

        @Test
        void virtualServersWithoutWhatTheKernelAdds() {
            int hashed = 0x02;

            assertThat(reading(
                            service(addressKey(2, 6, "192.0.2.10", 443), "wlc", hashed, 0, full),
                            service(addressKey(10, 17, "2001:db8::10", 53), "mh", hashed | 0x1c, 0, u32(128)),
                            service(addressKey(2, 132, "192.0.2.10", 2905), "rr", 0, 0, full),
                            service(addressKey(2, 6, "192.0.2.11", 443), "sh", hashed | 0x11, 300, new byte[] {
                                -1, -1, -1, 0
                            }),
                            service(addressKey(10, 6, "2001:db8::11", 443), "wlc", hashed | 0x01, 300, u32(64)),
                            service(concat(attribute(1, u16(10)), attribute(5, u32(7))), "wlc", hashed, 0, u32(128))))
                    .containsExactly(
                            aVirtualServer(WEB).build(),
                            aVirtualServer("[2001:db8::10]:53")
                                    .udp()
                                    .scheduler("mh")
                                    .flag(SchedulerFlag.MH_FALLBACK)
                                    .flag(SchedulerFlag.MH_PORT)
                                    .onePacketScheduling()
                                    .build(),
                            aVirtualServer("192.0.2.10:2905")
                                    .sctp()
                                    .scheduler("rr")
                                    .build(),
                            aVirtualServer("192.0.2.11:443")
                                    .scheduler("sh")
                                    .flag(SchedulerFlag.SH_PORT)
                                    .persistent(Duration.ofMinutes(5), 24)
                                    .build(),
                            aVirtualServer("[2001:db8::11]:443")
                                    .persistent(Duration.ofMinutes(5), 64)
                                    .build(),
                            aVirtualServer(FWM_IPV6).build());
        }

        @Test
        void schedulerFlagsByNumberWhereTheSchedulerHasNoNamesForThem() {
            assertThat(reading(service(addressKey(2, 6, "192.0.2.10", 443), "wlc", 0x1a, 0, full)))
                    .containsExactly(aVirtualServer(WEB)
                            .flag(SchedulerFlag.FLAG_1)
                            .flag(SchedulerFlag.FLAG_2)
                            .build());
            assertThat(reading(service(addressKey(2, 6, "192.0.2.10", 443), "sh", 0x2a, 0, full)))
                    .containsExactly(aVirtualServer(WEB)
                            .scheduler("sh")
                            .flag(SchedulerFlag.SH_FALLBACK)
                            .flag(SchedulerFlag.FLAG_3)
                            .build());
        }

        @Test
        void aNetmaskWithHolesAsThePrefixOfAsManyBits() {
            assertThat(reading(service(addressKey(2, 6, "192.0.2.10", 443), "wlc", 1, 300, new byte[] {-1, 0, -1, 1})))
                    .containsExactly(aVirtualServer(WEB)
                            .persistent(Duration.ofMinutes(5), 17)
                            .build());
        }

        @Test
        void anEntryThatTheKernelShowsTwiceOnce() {
            kernel.services.add(service(addressKey(2, 6, "192.0.2.10", 443), "wlc", 0, 0, full));
            kernel.services.add(service(addressKey(10, 6, "2001:db8::10", 443), "wlc", 0, 0, u32(128)));
            kernel.services.add(service(addressKey(2, 6, "192.0.2.10", 443), "wrr", 0, 0, full));
            kernel.destinations.add(destination("198.51.100.7", 80, 0, attribute(11, u16(2))));
            kernel.destinations.add(destination("198.51.100.7", 80, 3, attribute(11, u16(2))));

            assertThat(kernel.table.readVirtualServers())
                    .containsExactly(
                            aVirtualServer(WEB).wrr().build(),
                            aVirtualServer(WEB_IPV6).build());
            assertThat(kernel.table.readStats()).hasSize(2);
            assertThat(kernel.table.readRealServers(WEB)).hasSize(1);
            assertThat(kernel.table.readStats(WEB)).hasSize(1);
            assertThat(kernel.table.read().pools()).hasSize(2);
        }

        @ParameterizedTest
        @CsvSource({"2, 1, 6", "28, 6, 2 or 10"})
        void noServiceOfAFamilyOrProtocolThatItDoesNotKnow(int family, int protocol, String expected) {
            assertThatExceptionOfType(MalformedReplyException.class)
                    .isThrownBy(
                            () -> reading(service(addressKey(family, protocol, "192.0.2.10", 1), "wlc", 0, 0, full)))
                    .withMessageContaining("(expected: " + expected);
        }

        @Test
        void realServersInEveryForwardingMethodWithoutConnectionFlags() {
            kernel.destinations.add(destination("198.51.100.7", 80, 0x100, attribute(11, u16(2))));
            kernel.destinations.add(destination("198.51.100.8", 80, 0x101, attribute(11, u16(2))));
            kernel.destinations.add(destination("2001:db8:1::7", 80, 0x102, attribute(11, u16(10))));
            kernel.destinations.add(destination("198.51.100.9", 80, 0x103, attribute(11, u16(2))));

            assertThat(kernel.table.readRealServers(WEB))
                    .containsExactly(
                            member("198.51.100.7:80", ForwardingMethod.MASQUERADE),
                            member("198.51.100.8:80", ForwardingMethod.LOCAL),
                            member("[2001:db8:1::7]:80", ForwardingMethod.TUNNEL),
                            member("198.51.100.9:80", ForwardingMethod.DIRECT_ROUTE));
        }

        @Test
        void tunnelsOfEveryKindAndOnlyWithForwardingByTunnel() {
            byte[] ipv4 = attribute(11, u16(2));
            kernel.destinations.add(
                    destination("198.51.100.1", 80, 2, ipv4, attribute(13, new byte[] {0}), attribute(14, u16(0))));
            kernel.destinations.add(destination(
                    "198.51.100.2",
                    80,
                    2,
                    ipv4,
                    attribute(13, new byte[] {1}),
                    attribute(14, u16Network(6080)),
                    csum(2)));
            kernel.destinations.add(destination("198.51.100.3", 80, 2, ipv4, attribute(13, new byte[] {2}), csum(1)));
            kernel.destinations.add(destination("198.51.100.4", 80, 0, ipv4, attribute(13, new byte[] {2}), csum(1)));

            assertThat(kernel.table.readRealServers(WEB))
                    .extracting(RealServer::tunnel)
                    .containsExactly(
                            Tunnel.IPIP,
                            new Tunnel(Tunnel.Encapsulation.GUE, 6080, Tunnel.Checksum.REMOTE),
                            new Tunnel(Tunnel.Encapsulation.GRE, 0, Tunnel.Checksum.FULL),
                            Tunnel.IPIP);
        }

        private byte[] csum(int flags) {
            return attribute(15, u16(flags));
        }

        private RealServer member(String address, ForwardingMethod method) {
            return aRealServer(address)
                    .forwarding(method)
                    .weight(3)
                    .thresholds(100, 50)
                    .build();
        }

        @Test
        void realServersOfTheFamilyOfTheirVirtualServerWhereAnOldKernelDoesNotSay() {
            kernel.destinations.add(destination("2001:db8:1::7", 80, 0));

            assertThat(kernel.table.readRealServers(WEB_IPV6))
                    .containsExactly(member("[2001:db8:1::7]:80", ForwardingMethod.MASQUERADE));
        }

        @Test
        void noForwardingMethodThatItDoesNotKnow() {
            kernel.destinations.add(destination("198.51.100.7", 80, 4));

            assertThatExceptionOfType(MalformedReplyException.class)
                    .isThrownBy(() -> kernel.table.readRealServers(WEB))
                    .withMessageContaining("4 (expected: 0..3)");
        }

        @Test
        void aWeightThatCannotBeAsMalformed() {
            kernel.destinations.add(nest(
                    2,
                    attribute(1, address("198.51.100.7")),
                    attribute(2, u16Network(80)),
                    attribute(3, u32(0)),
                    attribute(4, u32(-1)),
                    attribute(5, u32(0)),
                    attribute(6, u32(0))));

            assertThatExceptionOfType(MalformedReplyException.class)
                    .isThrownBy(() -> kernel.table.readRealServers(WEB))
                    .withMessageContaining("weight -1");
        }

        @Test
        void whetherAVirtualServerWithoutRealServersExists() {
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> kernel.table.readRealServers(WEB))
                    .withMessage("read real servers of TCP 192.0.2.10:443: ESRCH (3), no such virtual server");

            kernel.services.add(service(addressKey(2, 6, "192.0.2.10", 443), "wlc", 0, 0, full));

            assertThat(kernel.table.readRealServers(WEB)).isEmpty();
        }

        @Test
        void theWideStatisticsWhereTheKernelHasThem() {
            kernel.services.add(service(addressKey(2, 6, "192.0.2.10", 443), "wlc", 0, 0, full));
            kernel.destinations.add(destination(
                    "198.51.100.7", 80, 0, attribute(11, u16(2)), nest(10, stats32(3)), nest(12, stats64(3))));
            long wide = (1L << 32) + 3;
            TrafficStats traffic = new TrafficStats(wide, 20, 30, 4_000, 5_000);

            assertThat(kernel.table.readStats()).containsExactly(new VirtualServerStats(WEB, traffic, 6));
            assertThat(kernel.table.readStats(WEB))
                    .containsExactly(
                            new RealServerStats(aRealServer("198.51.100.7:80").key(), 1, 2, 4, traffic));
        }

        @Test
        void theNarrowStatisticsOrNoneOfAnOldKernel() {
            kernel.destinations.add(destination("2001:db8:1::7", 80, 0, nest(10, stats32(3))));
            kernel.destinations.add(destination("2001:db8:1::8", 80, 0));

            assertThat(kernel.table.readStats(WEB_IPV6))
                    .extracting(stats -> stats.traffic().connections())
                    .containsExactly(3L, 0L);
        }
    }

    @Nested
    class Applies {

        private static List<IpvsOp> creating(VirtualServerBuilder virtualServer, int realServers) {
            List<IpvsOp> ops = new ArrayList<>();
            ops.add(new IpvsOp.AddVirtualServer(virtualServer.build()));
            for (int i = 1; i <= realServers; i++) {
                ops.add(new IpvsOp.AddRealServer(
                        virtualServer.key(), aRealServer("198.51.100.7:" + i).build()));
            }
            return ops;
        }

        /** Refuses by index, and acknowledges the last. */
        private static IpvsNetlinkTable refusing(Set<Integer> indices, int errno, String text) {
            int[] next = {0};
            return IpvsNetlinkTable.over(new ScriptedChannel(request -> {
                if (request.getFirst().type() == CTRL) {
                    return List.of(message(CTRL, 0, request.getFirst().sequence(), attribute(1, u16(FAMILY))));
                }
                List<byte[]> answers = new ArrayList<>();
                for (Message message : request) {
                    if (indices.contains(next[0]++)) {
                        answers.add(errorCapped(message.sequence(), errno, text));
                    } else if ((message.flags() & MessageFlags.NLM_F_ACK) != 0) {
                        answers.add(error(message.sequence(), 0));
                    }
                }
                return answers;
            }));
        }

        @Test
        void thousandsOfOperationsAndNamesExactlyTheRefused() {
            List<IpvsOp> ops = creating(aVirtualServer(WEB), 2_999);
            Set<Integer> refused = Set.of(1, 400, 427, 428, 429, 1_500, 2_999);

            ApplyReport report = refusing(refused, Errno.EEXIST, "").apply(ops);

            assertThat(report.failures())
                    .extracting(OpFailure::op)
                    .containsExactlyElementsOf(
                            refused.stream().sorted().map(ops::get).toList());
            assertThat(report.carriedOut()).isEqualTo(3_000 - refused.size());
        }

        @Test
        void andLeavesOutWhatOnlyFollowsFromAnotherRefusal() {
            List<IpvsOp> ops = new ArrayList<>(creating(aVirtualServer(WEB).scheduler("mh"), 3));
            ops.addAll(creating(aVirtualServer(WEB_IPV6), 1));
            int[] next = {0};
            IpvsNetlinkTable table = IpvsNetlinkTable.over(new ScriptedChannel(request -> {
                if (request.getFirst().type() == CTRL) {
                    return List.of(message(CTRL, 0, request.getFirst().sequence(), attribute(1, u16(FAMILY))));
                }
                return request.stream()
                        .map(message -> {
                            int index = next[0]++;
                            int errno = index == 0 ? Errno.ENOENT : index < 4 ? Errno.ESRCH : index == 5 ? 12 : 0;
                            return error(message.sequence(), errno);
                        })
                        .toList();
            }));

            ApplyReport report = table.apply(ops);

            assertThat(report.failures()).extracting(OpFailure::op).containsExactly(ops.getFirst(), ops.getLast());
            assertThat(report.failures().getFirst().cause())
                    .hasMessage("ipvsadm -A -t 192.0.2.10:443 -s mh: ENOENT (2), no such entry: needs module ip_vs_mh");
            assertThat(report.carriedOut()).isEqualTo(1);
        }

        @Test
        void andSaysWhatTheKernelSaidRatherThanGuess() {
            assertThat(refusing(Set.of(0), Errno.ENOENT, "spelled out")
                            .apply(creating(aVirtualServer(WEB), 0))
                            .failures()
                            .getFirst()
                            .cause())
                    .hasMessage("ipvsadm -A -t 192.0.2.10:443 -s wlc: ENOENT (2), no such entry: spelled out");
        }

        @Test
        void andExplainsARealServerThatIsInvalid() {
            assertThat(refusing(Set.of(1), Errno.EINVAL, "")
                            .apply(creating(aVirtualServer(WEB), 1))
                            .failures()
                            .getFirst()
                            .cause())
                    .hasMessage("ipvsadm -a -t 192.0.2.10:443 -r 198.51.100.7:1 -m -w 1: EINVAL (22), invalid argument:"
                            + " the kernel takes unicast addresses only, and none while interface lo is down");
        }
    }

    @Nested
    class Hostile {

        private static final int ROUNDS = 1_500;

        /** Every kind of call; each ends in a value or a kernel exception, or the test fails. */
        private void useEverything(Kernel kernel) {
            List<Runnable> calls = List.of(
                    () -> consume(kernel.table.read()),
                    () -> consume(kernel.table.readVirtualServers()),
                    () -> consume(kernel.table.readStats()),
                    () -> consume(kernel.table.readRealServers(WEB)),
                    () -> consume(kernel.table.readStats(WEB_IPV6)),
                    () -> consume(kernel.table.info()),
                    () -> consume(kernel.table.readTimeouts()),
                    () -> consume(kernel.table.missingSchedulers(Set.of(Scheduler.ROUND_ROBIN))),
                    kernel.table::flush,
                    () -> consume(kernel.table.apply(
                            List.of(new IpvsOp.DeleteVirtualServer(WEB), new IpvsOp.DeleteVirtualServer(WEB_IPV6)))));
            for (Runnable call : calls) {
                try {
                    call.run();
                } catch (KernelException e) {
                    assertThat(e).hasMessageNotContaining("null");
                }
            }
        }

        private static void consume(Object value) {
            assertThat(value.toString()).isNotNull();
        }

        private static Kernel kernelWithATable() {
            Kernel kernel = new Kernel();
            kernel.services.add(
                    service(addressKey(2, 6, "192.0.2.10", 443), "sh", 0x13, 300, new byte[] {-1, -1, -1, 0}));
            kernel.services.add(service(addressKey(10, 17, "2001:db8::10", 53), "mh", 0x1e, 0, u32(128)));
            kernel.services.add(service(
                    concat(attribute(1, u16(2)), attribute(5, u32(7))), "wlc", 2, 0, new byte[] {-1, -1, -1, -1}));
            kernel.destinations.add(destination(
                    "198.51.100.7", 80, 0x100, attribute(11, u16(2)), nest(10, stats32(3)), nest(12, stats64(3))));
            kernel.destinations.add(destination("2001:db8:1::7", 80, 2, attribute(11, u16(10)), nest(10, stats32(3))));
            return kernel;
        }

        private static RandomGenerator random(long seed) {
            return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        }

        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3})
        void truncatedAnswersEndInAKernelException(long seed) {
            RandomGenerator random = random(seed);
            Kernel kernel = kernelWithATable();
            kernel.mischief = datagram ->
                    random.nextInt(3) == 0 ? Arrays.copyOf(datagram, random.nextInt(datagram.length)) : datagram;

            for (int i = 0; i < ROUNDS / 3; i++) {
                useEverything(kernel);
            }
        }

        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3})
        void flippedBitsEndInAKernelExceptionOrAValue(long seed) {
            RandomGenerator random = random(seed);
            Kernel kernel = kernelWithATable();
            kernel.mischief = datagram -> {
                byte[] spoiled = datagram.clone();
                for (int flips = random.nextInt(4); flips > 0; flips--) {
                    spoiled[random.nextInt(spoiled.length)] ^= (byte) (1 << random.nextInt(8));
                }
                return spoiled;
            };

            for (int i = 0; i < ROUNDS / 3; i++) {
                useEverything(kernel);
            }
        }

        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3})
        void randomBytesEndInAKernelExceptionOrAValue(long seed) {
            RandomGenerator random = random(seed);
            Kernel kernel = kernelWithATable();
            byte[] interesting = {0, 1, 2, 3, 4, 8, 16, 20, 0x7f, -128, -1};
            kernel.mischief = datagram -> {
                byte[] spoiled = datagram.clone();
                for (int at = random.nextInt(32); at < spoiled.length; at += 1 + random.nextInt(64)) {
                    spoiled[at] = interesting[random.nextInt(interesting.length)];
                }
                return spoiled;
            };

            for (int i = 0; i < ROUNDS / 3; i++) {
                useEverything(kernel);
            }
        }

        @Test
        void everyTruncationOfAnEntryIsMalformed() {
            byte[] whole =
                    message(FAMILY, 2, 3, service(addressKey(10, 17, "2001:db8::10", 53), "mh", 0x1e, 0, u32(128)));

            for (int length : IntStream.range(1, whole.length).toArray()) {
                Kernel kernel = new Kernel();
                kernel.services.add(new byte[0]);
                kernel.mischief = datagram -> Arrays.copyOf(whole, length);

                assertThatExceptionOfType(MalformedReplyException.class)
                        .as("%d of %d bytes", length, whole.length)
                        .isThrownBy(kernel.table::readVirtualServers);
            }
        }
    }

    @Test
    void whatItReadsIsWhatWasPlannedFor() {
        kernel.services.add(service(addressKey(2, 6, "192.0.2.10", 443), "wlc", 2, 0, new byte[] {-1, -1, -1, -1}));
        kernel.destinations.add(destination("198.51.100.7", 80, 0x100, attribute(11, u16(2))));

        IpvsSnapshot read = kernel.table.read();

        assertThat(read)
                .isEqualTo(aTable(aVirtualServer(WEB)
                        .with(aRealServer("198.51.100.7:80").weight(3).thresholds(100, 50))));
    }

    @Test
    void closesItsChannel() {
        kernel.table.close();

        assertThat(kernel.channel.closed()).isTrue();
    }
}
