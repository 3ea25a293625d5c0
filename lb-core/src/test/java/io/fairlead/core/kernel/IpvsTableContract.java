package io.fairlead.core.kernel;

import static io.fairlead.core.model.Tables.aFirewallMark;
import static io.fairlead.core.model.Tables.aRealServer;
import static io.fairlead.core.model.Tables.aVirtualServer;
import static io.fairlead.core.model.Tables.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.core.kernel.ApplyReport.OpFailure;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.IpvsSnapshot;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.SchedulerFlag;
import io.fairlead.core.model.Tables;
import io.fairlead.core.model.Tables.RealServerBuilder;
import io.fairlead.core.model.Tables.VirtualServerBuilder;
import io.fairlead.core.model.Tunnel;
import io.fairlead.core.model.Tunnel.Checksum;
import io.fairlead.core.model.Tunnel.Encapsulation;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.reconcile.IpvsOp;
import io.fairlead.core.reconcile.IpvsReconciler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link IpvsTable} does, the kernel's and the fake alike. Uses schedulers that every kernel with IPVS has, and
 * real servers that need no route. Each test starts from an empty table, so a subclass must give a table that may be
 * flushed: on a kernel, that of a network namespace made for the test, with its interface {@code lo} up.
 */
public abstract class IpvsTableContract {

    /** A scheduler that no kernel has. */
    protected static final Scheduler NO_SUCH_SCHEDULER = new Scheduler("fl-none");

    private static final VirtualServerKey WEB = tcp("192.0.2.10:443");
    private static final VirtualServerKey WEB_IPV6 = tcp("[2001:db8::10]:443");
    private static final VirtualServerKey FWM_IPV6 = new VirtualServerKey.FwmarkKey(IpFamily.IPV6, 7);
    private static final int MANY_VIRTUAL_SERVERS = 60;
    private static final int MANY_OPERATIONS = 3_000;

    private static RealServerBuilder anIpv4RealServer() {
        return aRealServer("198.51.100.7:80");
    }

    private static RealServerBuilder anIpv6RealServer() {
        return aRealServer("[2001:db8:1::7]:80");
    }

    /** The table under test: the same one throughout a test. */
    protected abstract IpvsTable table();

    @BeforeEach
    final void startEmpty() {
        table().flush();
    }

    @AfterEach
    final void leaveEmpty() {
        table().flush();
    }

    private void given(VirtualServerBuilder... virtualServers) {
        List<IpvsOp> ops = new ArrayList<>();
        for (VirtualServerBuilder virtualServer : virtualServers) {
            ops.addAll(creating(virtualServer.pool()));
        }
        assertThat(table().apply(ops).failures()).isEmpty();
    }

    private static List<IpvsOp> creating(Pool pool) {
        List<IpvsOp> ops = new ArrayList<>();
        ops.add(new IpvsOp.AddVirtualServer(pool.virtualServer()));
        for (RealServer realServer : pool.realServers().values()) {
            ops.add(new IpvsOp.AddRealServer(pool.virtualServer().key(), realServer));
        }
        return ops;
    }

    private void assertTaken(IpvsOp... ops) {
        ApplyReport report = table().apply(List.of(ops));
        assertThat(report.failures()).isEmpty();
        assertThat(report.succeeded()).isTrue();
        assertThat(report.carriedOut()).isEqualTo(ops.length);
    }

    private void assertRefused(IpvsOp op, int errno) {
        IpvsSnapshot before = table().read();
        ApplyReport report = table().apply(List.of(op));
        assertThat(report.carriedOut()).isZero();
        assertThat(report.failures()).extracting(OpFailure::op).containsExactly(op);
        assertThat(report.failures().getFirst().cause().errno()).isEqualTo(errno);
        assertThat(report.failures().getFirst().cause()).hasMessageStartingWith(op + ": " + Errno.text(errno));
        assertThat(table().read()).isEqualTo(before);
    }

    private void assertHolds(VirtualServerBuilder... virtualServers) {
        assertThat(table().read()).isEqualTo(Tables.aTable(virtualServers));
    }

    static Stream<VirtualServerBuilder> virtualServersOfEveryKind() {
        return Stream.of(
                aVirtualServer(WEB),
                aVirtualServer(WEB_IPV6),
                aVirtualServer("192.0.2.10:53").udp(),
                aVirtualServer("[2001:db8::10]:53").udp(),
                aVirtualServer("192.0.2.10:53").udp().onePacketScheduling(),
                aVirtualServer("192.0.2.10:2905").sctp(),
                aVirtualServer("[2001:db8::10]:2905").sctp(),
                aFirewallMark(7),
                aFirewallMark(4_294_967_295L),
                aVirtualServer(FWM_IPV6),
                aVirtualServer(WEB).scheduler("rr"),
                aVirtualServer(WEB).wrr(),
                aVirtualServer(WEB).scheduler("sh"),
                aVirtualServer(WEB).scheduler("sh").flag(SchedulerFlag.SH_FALLBACK),
                aVirtualServer(WEB_IPV6)
                        .scheduler("sh")
                        .flag(SchedulerFlag.SH_FALLBACK)
                        .flag(SchedulerFlag.SH_PORT),
                aVirtualServer(WEB).scheduler("mh").flag(SchedulerFlag.MH_PORT),
                aVirtualServer(WEB_IPV6)
                        .scheduler("mh")
                        .flag(SchedulerFlag.MH_FALLBACK)
                        .flag(SchedulerFlag.MH_PORT),
                aVirtualServer(WEB).scheduler("sh").flag(SchedulerFlag.FLAG_3),
                aVirtualServer(WEB)
                        .scheduler("rr")
                        .flag(SchedulerFlag.FLAG_1)
                        .flag(SchedulerFlag.FLAG_2)
                        .flag(SchedulerFlag.FLAG_3),
                aVirtualServer("192.0.2.10:5060")
                        .udp()
                        .persistent(Duration.ofMinutes(5))
                        .engine("sip"),
                aVirtualServer("[2001:db8::10]:5060")
                        .udp()
                        .onePacketScheduling()
                        .persistent(Duration.ofMinutes(5), 64)
                        .engine("sip"),
                aVirtualServer(WEB).persistent(Duration.ofSeconds(1)),
                aVirtualServer(WEB).persistent(Duration.ofMinutes(5), 24),
                aVirtualServer(WEB).persistent(Duration.ofDays(31), 1),
                aVirtualServer(WEB_IPV6).persistent(Duration.ofMinutes(5)),
                aVirtualServer(WEB_IPV6).persistent(Duration.ofMinutes(5), 64),
                aFirewallMark(7).persistent(Duration.ofMinutes(5), 16),
                aVirtualServer(FWM_IPV6).persistent(Duration.ofMinutes(5), 48));
    }

    static Stream<RealServerBuilder> realServersOfEveryKind() {
        return Stream.of(
                aRealServer("198.51.100.7:80"),
                aRealServer("198.51.100.7:65535").weight(0),
                aRealServer("198.51.100.7:80").weight(RealServer.WEIGHT_MAX),
                aRealServer("198.51.100.7:80").forwarding(ForwardingMethod.DIRECT_ROUTE),
                aRealServer("198.51.100.7:80").forwarding(ForwardingMethod.TUNNEL),
                aRealServer("198.51.100.7:80").tunnel(new Tunnel(Encapsulation.GRE, 0, Checksum.NONE)),
                aRealServer("198.51.100.7:80").tunnel(new Tunnel(Encapsulation.GRE, 0, Checksum.FULL)),
                aRealServer("198.51.100.7:80").tunnel(new Tunnel(Encapsulation.GUE, 6080, Checksum.NONE)),
                aRealServer("198.51.100.7:80").tunnel(new Tunnel(Encapsulation.GUE, 65535, Checksum.FULL)),
                aRealServer("198.51.100.7:80").tunnel(new Tunnel(Encapsulation.GUE, 1, Checksum.REMOTE)),
                aRealServer("198.51.100.7:80").forwarding(ForwardingMethod.LOCAL),
                aRealServer("198.51.100.7:80").thresholds(100, 50),
                aRealServer("198.51.100.7:80").thresholds(2_147_483_647L, 2_147_483_647L),
                aRealServer("198.51.100.7:80").thresholds(100, 0));
    }

    @Test
    void saysItsVersion() {
        assertThat(table().info().version()).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(table().info().connectionTableSize()).isPositive();
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(table().read()).isEqualTo(IpvsSnapshot.EMPTY);
        assertThat(table().readVirtualServers()).isEmpty();
        assertThat(table().readStats()).isEmpty();
    }

    @Test
    void takesNoOperationsAtAll() {
        assertTaken();
    }

    @ParameterizedTest
    @MethodSource("virtualServersOfEveryKind")
    void addsReadsAndDeletesAVirtualServer(VirtualServerBuilder virtualServer) {
        assertTaken(new IpvsOp.AddVirtualServer(virtualServer.build()));
        assertHolds(virtualServer);

        assertTaken(new IpvsOp.DeleteVirtualServer(virtualServer.key()));
        assertHolds();
    }

    @ParameterizedTest
    @MethodSource("virtualServersOfEveryKind")
    void updatesAVirtualServerAndKeepsItsRealServers(VirtualServerBuilder virtualServer) {
        RealServerBuilder realServer =
                virtualServer.key().family() == IpFamily.IPV4 ? anIpv4RealServer() : anIpv6RealServer();
        VirtualServerBuilder before = aVirtualServer(virtualServer.key())
                .scheduler("rr")
                .persistent(Duration.ofSeconds(42))
                .with(realServer);
        given(before);

        assertTaken(new IpvsOp.UpdateVirtualServer(virtualServer.build()));
        assertHolds(virtualServer.with(realServer));

        assertTaken(new IpvsOp.UpdateVirtualServer(before.build()));
        assertHolds(before);
    }

    @Test
    void tellsVirtualServersApartByProtocolPortFamilyAndMark() {
        VirtualServerBuilder[] virtualServers = {
            aVirtualServer("192.0.2.10:443"),
            aVirtualServer("192.0.2.10:80"),
            aVirtualServer("192.0.2.11:443"),
            aVirtualServer("192.0.2.10:443").udp(),
            aVirtualServer("192.0.2.10:443").sctp(),
            aVirtualServer("[2001:db8::10]:443"),
            aVirtualServer("[2001:db8::11]:443"),
            aFirewallMark(7),
            aFirewallMark(8),
            aVirtualServer(FWM_IPV6),
        };

        given(virtualServers);

        assertHolds(virtualServers);
    }

    @ParameterizedTest
    @MethodSource("realServersOfEveryKind")
    void addsUpdatesReadsAndDeletesARealServer(RealServerBuilder realServer) {
        given(aVirtualServer(WEB));
        RealServerBuilder plain = Tables.aRealServer(realServer.key().toString());

        assertTaken(new IpvsOp.AddRealServer(WEB, realServer.build()));
        assertHolds(aVirtualServer(WEB).with(realServer));

        assertTaken(new IpvsOp.UpdateRealServer(WEB, plain.build()));
        assertHolds(aVirtualServer(WEB).with(plain));

        assertTaken(new IpvsOp.UpdateRealServer(WEB, realServer.build()));
        assertHolds(aVirtualServer(WEB).with(realServer));

        assertTaken(new IpvsOp.DeleteRealServer(WEB, realServer.key()));
        assertHolds(aVirtualServer(WEB));
    }

    @ParameterizedTest
    @EnumSource(ForwardingMethod.class)
    void forwardsToIpv6RealServersInEveryWay(ForwardingMethod method) {
        RealServerBuilder realServer =
                anIpv6RealServer().forwarding(method).weight(3).thresholds(100, 50);

        given(
                aVirtualServer(WEB_IPV6).with(realServer),
                aVirtualServer(FWM_IPV6).with(realServer));

        assertHolds(
                aVirtualServer(WEB_IPV6).with(realServer),
                aVirtualServer(FWM_IPV6).with(realServer));
    }

    @Test
    void tunnelsToARealServerOfTheOtherFamily() {
        RealServerBuilder ipv6 = anIpv6RealServer().tunnel(new Tunnel(Encapsulation.GUE, 6080, Checksum.FULL));
        RealServerBuilder ipv4 = aRealServer("198.51.100.7:80").forwarding(ForwardingMethod.TUNNEL);

        given(aVirtualServer(WEB).with(ipv6), aVirtualServer(WEB_IPV6).with(ipv4));

        assertHolds(aVirtualServer(WEB).with(ipv6), aVirtualServer(WEB_IPV6).with(ipv4));
    }

    @ParameterizedTest
    @EnumSource(value = ForwardingMethod.class, mode = EnumSource.Mode.EXCLUDE, names = "TUNNEL")
    void refusesToForwardToTheOtherFamilyInAnyOtherWay(ForwardingMethod method) {
        given(aVirtualServer(WEB));

        assertRefused(
                new IpvsOp.AddRealServer(
                        WEB, anIpv6RealServer().forwarding(method).build()),
                Errno.EINVAL);
    }

    @Test
    void refusesAVirtualServerThatExists() {
        given(aVirtualServer(WEB), aVirtualServer(WEB_IPV6), aFirewallMark(7));

        assertRefused(new IpvsOp.AddVirtualServer(aVirtualServer(WEB).wrr().build()), Errno.EEXIST);
        assertRefused(new IpvsOp.AddVirtualServer(aVirtualServer(WEB_IPV6).build()), Errno.EEXIST);
        assertRefused(new IpvsOp.AddVirtualServer(aFirewallMark(7).build()), Errno.EEXIST);
    }

    @Test
    void refusesToChangeAVirtualServerThatDoesNotExist() {
        for (VirtualServerKey key : List.of(WEB, WEB_IPV6, FWM_IPV6)) {
            assertRefused(new IpvsOp.UpdateVirtualServer(aVirtualServer(key).build()), Errno.ESRCH);
            assertRefused(new IpvsOp.DeleteVirtualServer(key), Errno.ESRCH);
            assertRefused(new IpvsOp.AddRealServer(key, anIpv4RealServer().build()), Errno.ESRCH);
            assertRefused(new IpvsOp.UpdateRealServer(key, anIpv4RealServer().build()), Errno.ESRCH);
            assertRefused(new IpvsOp.DeleteRealServer(key, anIpv4RealServer().key()), Errno.ESRCH);
        }
    }

    @Test
    void refusesARealServerThatExists() {
        given(
                aVirtualServer(WEB).with(anIpv4RealServer()),
                aVirtualServer(WEB_IPV6).with(anIpv6RealServer()));

        assertRefused(
                new IpvsOp.AddRealServer(
                        WEB, aRealServer("198.51.100.7:80").weight(9).build()),
                Errno.EEXIST);
        assertRefused(new IpvsOp.AddRealServer(WEB_IPV6, anIpv6RealServer().build()), Errno.EEXIST);
    }

    @Test
    void refusesToChangeARealServerThatDoesNotExist() {
        given(aVirtualServer(WEB), aVirtualServer(WEB_IPV6).with(anIpv6RealServer()));

        assertRefused(new IpvsOp.UpdateRealServer(WEB, anIpv4RealServer().build()), Errno.ENOENT);
        assertRefused(new IpvsOp.DeleteRealServer(WEB, anIpv4RealServer().key()), Errno.ENOENT);
        assertRefused(
                new IpvsOp.DeleteRealServer(
                        WEB_IPV6, aRealServer("[2001:db8:1::7]:81").key()),
                Errno.ENOENT);
    }

    @Test
    void refusesALowerThresholdAboveTheUpper() {
        given(aVirtualServer(WEB).with(anIpv4RealServer()));
        RealServer known = aRealServer("198.51.100.7:80").thresholds(5, 6).build();
        RealServer other = aRealServer("198.51.100.8:80").thresholds(0, 1).build();

        assertRefused(new IpvsOp.UpdateRealServer(WEB, known), Errno.ERANGE);
        assertRefused(new IpvsOp.AddRealServer(WEB, other), Errno.ERANGE);
    }

    @Test
    void refusesASchedulerThatTheKernelLacks() {
        given(aVirtualServer(WEB).with(anIpv4RealServer()));

        assertRefused(
                new IpvsOp.AddVirtualServer(aVirtualServer(WEB_IPV6)
                        .scheduler(NO_SUCH_SCHEDULER.name())
                        .build()),
                Errno.ENOENT);
        assertRefused(
                new IpvsOp.UpdateVirtualServer(
                        aVirtualServer(WEB).scheduler(NO_SUCH_SCHEDULER.name()).build()),
                Errno.ENOENT);
    }

    @Test
    void knowsWhichSchedulersAreMissingAndLeavesNothingBehind() {
        Set<Scheduler> asked = Set.of(
                Scheduler.ROUND_ROBIN,
                Scheduler.WEIGHTED_ROUND_ROBIN,
                Scheduler.WEIGHTED_LEAST_CONNECTION,
                Scheduler.SOURCE_HASHING,
                Scheduler.MAGLEV_HASHING,
                NO_SUCH_SCHEDULER);

        assertThat(table().missingSchedulers(asked)).containsExactly(NO_SUCH_SCHEDULER);
        assertThat(table().missingSchedulers(Set.of())).isEmpty();
        assertHolds();
    }

    @Test
    void looksForSchedulersBesideAFirewallMarkThatSomeoneUses() {
        given(aFirewallMark(IpvsTable.PROBE_MARK));

        assertThat(table().missingSchedulers(Set.of(Scheduler.ROUND_ROBIN))).isEmpty();
        assertThat(table().missingSchedulers(Set.of(NO_SUCH_SCHEDULER))).containsExactly(NO_SUCH_SCHEDULER);
        assertHolds(aFirewallMark(IpvsTable.PROBE_MARK));
    }

    @Test
    void reportsOnlyTheVirtualServerWhereItCouldNotBeCreated() {
        IpvsOp refused = new IpvsOp.AddVirtualServer(
                aVirtualServer(WEB).scheduler(NO_SUCH_SCHEDULER.name()).build());

        ApplyReport report = table().apply(List.of(
                refused,
                new IpvsOp.AddVirtualServer(aVirtualServer(WEB_IPV6).build()),
                new IpvsOp.AddRealServer(WEB, anIpv4RealServer().build()),
                new IpvsOp.AddRealServer(WEB, aRealServer("198.51.100.8:80").build()),
                new IpvsOp.AddRealServer(WEB_IPV6, anIpv6RealServer().build())));

        assertThat(report.failures()).extracting(OpFailure::op).containsExactly(refused);
        assertThat(report.carriedOut()).isEqualTo(2);
        assertHolds(aVirtualServer(WEB_IPV6).with(anIpv6RealServer()));
    }

    @Test
    void addsRealServersToAVirtualServerThatExistedAlready() {
        given(aVirtualServer(WEB));
        IpvsOp refused = new IpvsOp.AddVirtualServer(aVirtualServer(WEB).build());

        ApplyReport report = table().apply(List.of(
                refused, new IpvsOp.AddRealServer(WEB, anIpv4RealServer().build())));

        assertThat(report.failures()).extracting(OpFailure::op).containsExactly(refused);
        assertThat(report.carriedOut()).isEqualTo(1);
        assertHolds(aVirtualServer(WEB).with(anIpv4RealServer()));
    }

    @Test
    void deletesTheRealServersWithTheirVirtualServer() {
        given(
                aVirtualServer(WEB).with(anIpv4RealServer()),
                aVirtualServer("192.0.2.11:443").with(anIpv4RealServer()));

        assertTaken(
                new IpvsOp.DeleteVirtualServer(WEB),
                new IpvsOp.AddVirtualServer(aVirtualServer(WEB).build()));

        assertHolds(aVirtualServer(WEB), aVirtualServer("192.0.2.11:443").with(anIpv4RealServer()));
    }

    @Test
    void namesExactlyTheRefusedAmongThreeThousandOperations() {
        List<IpvsOp> ops = new ArrayList<>();
        List<VirtualServerBuilder> expected = new ArrayList<>();
        for (int i = 0; i < MANY_VIRTUAL_SERVERS; i++) {
            VirtualServerBuilder virtualServer = aVirtualServer(
                            i % 2 == 0 ? "192.0.2.10:" + (1000 + i) : "[2001:db8::10]:" + (1000 + i))
                    .scheduler("rr");
            for (int j = 1; j < MANY_OPERATIONS / MANY_VIRTUAL_SERVERS; j++) {
                virtualServer.with(aRealServer(i % 2 == 0 ? "198.51.100." + j + ":80" : "[2001:db8:1::" + j + "]:80"));
            }
            expected.add(virtualServer);
            ops.addAll(creating(virtualServer.pool()));
        }
        IpvsOp inTheMiddle = new IpvsOp.DeleteVirtualServer(tcp("203.0.113.1:1"));
        IpvsOp first = new IpvsOp.DeleteVirtualServer(tcp("203.0.113.1:2"));
        IpvsOp last = new IpvsOp.DeleteVirtualServer(tcp("[2001:db8::ffff]:3"));
        ops.set(0, first);
        ops.add(1, new IpvsOp.AddVirtualServer(expected.getFirst().build()));
        ops.add(MANY_OPERATIONS / 2, inTheMiddle);
        ops.add(last);

        ApplyReport report = table().apply(ops);

        assertThat(report.failures()).extracting(OpFailure::op).containsExactly(first, inTheMiddle, last);
        assertThat(report.failures())
                .extracting(failure -> failure.cause().errno())
                .containsOnly(Errno.ESRCH);
        assertThat(report.carriedOut()).isEqualTo(MANY_OPERATIONS);
        assertHolds(expected.toArray(VirtualServerBuilder[]::new));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void endsInWhatWasPlanned(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < 5; i++) {
            IpvsSnapshot desired = Tables.randomTable(random);
            IpvsOp[] ops = IpvsReconciler.plan(desired, table().read(), key -> true)
                    .ops()
                    .toArray(IpvsOp[]::new);

            assertTaken(ops);

            assertThat(table().read()).isEqualTo(desired);
        }
    }

    @Test
    void cannotReadTheRealServersOfAVirtualServerThatDoesNotExist() {
        given(aVirtualServer(WEB).with(anIpv4RealServer()));

        for (VirtualServerKey key : List.of(tcp("192.0.2.10:80"), WEB_IPV6, FWM_IPV6)) {
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> table().readRealServers(key))
                    .withMessageStartingWith("read real servers of " + key + ": ESRCH (3)")
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ESRCH));
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> table().readStats(key))
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ESRCH));
        }
    }

    @Test
    void readsNoRealServersOfAVirtualServerWithoutAny() {
        given(aVirtualServer(WEB), aVirtualServer(FWM_IPV6));

        for (VirtualServerKey key : List.of(WEB, FWM_IPV6)) {
            assertThat(table().readRealServers(key)).isEmpty();
            assertThat(table().readStats(key)).isEmpty();
        }
    }

    @Test
    void hasStatisticsOfEachVirtualServerAndEachRealServer() {
        RealServerBuilder second = aRealServer("[2001:db8:1::8]:80");
        given(
                aVirtualServer(WEB).with(anIpv4RealServer()),
                aVirtualServer(WEB_IPV6).with(anIpv6RealServer()).with(second),
                aVirtualServer(FWM_IPV6));

        assertThat(table().readStats())
                .containsExactlyInAnyOrder(
                        VirtualServerStats.none(WEB),
                        VirtualServerStats.none(WEB_IPV6),
                        VirtualServerStats.none(FWM_IPV6));
        assertThat(table().readStats(WEB_IPV6))
                .containsExactlyInAnyOrder(
                        RealServerStats.none(anIpv6RealServer().key()), RealServerStats.none(second.key()));
    }

    @Test
    void zeroingLeavesTheTableAsItIs() {
        given(aVirtualServer(WEB).with(anIpv4RealServer()), aVirtualServer(FWM_IPV6));

        table().zero();

        assertHolds(aVirtualServer(WEB).with(anIpv4RealServer()), aVirtualServer(FWM_IPV6));
    }

    @Test
    void flushingRemovesEverything() {
        given(
                aVirtualServer(WEB).with(anIpv4RealServer()),
                aVirtualServer(WEB_IPV6),
                aFirewallMark(7),
                aVirtualServer(FWM_IPV6));

        table().flush();

        assertHolds();
    }

    @Test
    void readsTheTimeoutsThatWereWritten() {
        IpvsTimeouts before = table().readTimeouts();
        IpvsTimeouts written =
                new IpvsTimeouts(Duration.ofSeconds(600), Duration.ofSeconds(60), Duration.ofSeconds(30));
        try {
            table().writeTimeouts(written);

            assertThat(table().readTimeouts()).isEqualTo(written);
        } finally {
            table().writeTimeouts(before);
        }
        assertThat(table().readTimeouts()).isEqualTo(before);
    }

    @Test
    void leavesATimeoutAloneForWhichZeroIsWritten() {
        IpvsTimeouts before = table().readTimeouts();
        Duration written = Duration.ofSeconds(601);
        try {
            table().writeTimeouts(new IpvsTimeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO));
            assertThat(table().readTimeouts()).isEqualTo(before);

            table().writeTimeouts(new IpvsTimeouts(written, Duration.ZERO, Duration.ZERO));
            assertThat(table().readTimeouts()).isEqualTo(new IpvsTimeouts(written, before.tcpFin(), before.udp()));

            table().writeTimeouts(new IpvsTimeouts(Duration.ZERO, written, Duration.ZERO));
            assertThat(table().readTimeouts()).isEqualTo(new IpvsTimeouts(written, written, before.udp()));

            table().writeTimeouts(new IpvsTimeouts(Duration.ZERO, Duration.ZERO, written));
            assertThat(table().readTimeouts()).isEqualTo(new IpvsTimeouts(written, written, written));
        } finally {
            table().writeTimeouts(before);
        }
    }

    @Test
    void readsVirtualServersInAnyOrderButEachOnce() {
        VirtualServerBuilder[] virtualServers = Stream.iterate(1, i -> i <= 300, i -> i + 1)
                .map(i -> aVirtualServer(i % 2 == 0 ? "192.0.2.10:" + i : "[2001:db8::10]:" + i))
                .toArray(VirtualServerBuilder[]::new);

        given(virtualServers);

        assertThat(table().readVirtualServers())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(virtualServers)
                        .map(VirtualServerBuilder::build)
                        .toList());
    }
}
