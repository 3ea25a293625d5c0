package io.fairlead.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.AddressLine;
import io.fairlead.appliance.admin.StatusReport.Addresses;
import io.fairlead.appliance.admin.StatusReport.CheckLine;
import io.fairlead.appliance.admin.StatusReport.Checks;
import io.fairlead.appliance.admin.StatusReport.DrainLine;
import io.fairlead.appliance.admin.StatusReport.Kernel;
import io.fairlead.appliance.admin.StatusReport.LatenessStep;
import io.fairlead.appliance.admin.StatusReport.MemberLine;
import io.fairlead.appliance.admin.StatusReport.PoolLine;
import io.fairlead.appliance.admin.StatusReport.RealServerLine;
import io.fairlead.appliance.admin.StatusReport.Reconcile;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StatusTableTest {

    private static final DrainLine DRAIN = new DrainLine("198.51.100.3:80", "removed", "2026-01-02T03:06:05Z", 3, 4);
    private static final PoolLine PLAIN = new PoolLine("held", null, false, List.of());

    private static final List<LatenessStep> LATENESS =
            List.of(new LatenessStep(1L, 900), new LatenessStep(5L, 99), new LatenessStep(null, 1));

    private static StatusReport report(Reconcile reconcile, VirtualServerLine... virtualServers) {
        return report(reconcile, Addresses.NONE, virtualServers);
    }

    private static StatusReport report(Reconcile reconcile, Addresses addresses, VirtualServerLine... virtualServers) {
        return report(reconcile, addresses, StatusReport.Host.NONE, virtualServers);
    }

    private static StatusReport report(
            Reconcile reconcile, Addresses addresses, StatusReport.Host host, VirtualServerLine... virtualServers) {
        return new StatusReport(
                StatusReport.SCHEMA_VERSION,
                "edge-a",
                "0.1.0",
                "2026-01-02T03:04:05Z",
                new Kernel("1.2.1", 4096),
                reconcile,
                new Checks(3, 900, 40, new TreeMap<>(Map.of("refused", 30L, "timed-out", 10L)), 2, 0, 1, 4, LATENESS),
                StatusReport.PacketRules.NONE,
                List.of(virtualServers),
                List.of(),
                addresses,
                host,
                List.of(),
                null);
    }

    private static CheckLine check(String name, String type, String health, String reason) {
        return new CheckLine(name, type, health, reason, null, null, null, 0, 0, 0, null, List.of());
    }

    @Test
    void showsTheSettingsOfTheKernelAndWhatTheyWereBefore() {
        StatusReport report = report(
                new Reconcile("in-sync", 12, 1, 0, null, null, List.of(), List.of()),
                Addresses.NONE,
                new StatusReport.Host(
                        List.of(
                                new StatusReport.SysctlLine("net.ipv4.ip_forward", "1", "1", "0"),
                                new StatusReport.SysctlLine("net.ipv4.vs.sloppy_tcp", "1", null, null)),
                        2,
                        List.of(),
                        List.of("sysctl net.ipv4.vs.sloppy_tcp is not in this kernel")));

        assertThat(StatusTable.render(report, Display.WHOLE)).contains("""
            settings of the kernel: 2, drift repaired 2
              failing: sysctl net.ipv4.vs.sloppy_tcp is not in this kernel
              net.ipv4.ip_forward = 1 (before us 0)
              net.ipv4.vs.sloppy_tcp = not there
            """);
    }

    private static StatusReport withGuard(StatusReport.GuardLine guard) {
        StatusReport plain = report(new Reconcile("in-sync", 12, 1, 0, null, null, List.of(), List.of()));
        return new StatusReport(
                plain.schemaVersion(),
                plain.node(),
                plain.version(),
                plain.since(),
                plain.kernel(),
                plain.reconcile(),
                plain.checks(),
                plain.packetRules(),
                plain.virtualServers(),
                plain.leaving(),
                plain.addresses(),
                plain.host(),
                List.of(new StatusReport.RoleLine("outside", "backup", "2026-01-02T03:04:05Z", "started")),
                guard);
    }

    @Test
    void showsTheRoleAndAReloadThatWaits() {
        assertThat(StatusTable.render(
                        withGuard(new StatusReport.GuardLine("pending", "2026-01-02T03:14:05Z")), Display.WHOLE))
                .contains("""
                    configuration: taken back at 2026-01-02T03:14:05Z unless confirmed
                    virtual router outside: backup since 2026-01-02T03:04:05Z (started)
                    """);
    }

    @Test
    void saysThatTheFileIsNotWhatIsFollowed() {
        assertThat(StatusTable.render(
                        withGuard(new StatusReport.GuardLine("taken-back", "2026-01-02T03:14:05Z")), Display.WHOLE))
                .contains("configuration: the one before; what the file held was taken back at 2026-01-02T03:14:05Z as"
                        + " nobody had confirmed it");
    }

    @Test
    void showsEveryVirtualServerWithItsRealServers() {
        StatusReport report = report(
                new Reconcile("in-sync", 12, 1, 0, null, null, List.of(), List.of()),
                new VirtualServerLine(
                        "web",
                        "TCP 192.0.2.10:80",
                        "wlc",
                        1,
                        1200,
                        3,
                        0,
                        0,
                        List.of(
                                new RealServerLine(
                                        "web-1",
                                        "198.51.100.11:80",
                                        "nat",
                                        "healthy",
                                        "connected",
                                        null,
                                        10,
                                        10,
                                        5,
                                        20,
                                        1000,
                                        MemberLine.PLAIN,
                                        "all",
                                        List.of(),
                                        false,
                                        List.of()),
                                new RealServerLine(
                                        "web-2",
                                        "198.51.100.12:80",
                                        "nat",
                                        "unhealthy",
                                        "refused",
                                        null,
                                        0,
                                        10,
                                        1,
                                        2,
                                        200,
                                        new MemberLine("drained", 12, "draining", "2026-01-02T03:05:05Z"),
                                        "all",
                                        List.of(),
                                        false,
                                        List.of()),
                                new RealServerLine(
                                        "web-3",
                                        "198.51.100.13:80",
                                        "nat",
                                        "unknown",
                                        "",
                                        null,
                                        null,
                                        7,
                                        0,
                                        0,
                                        0,
                                        new MemberLine("disabled", null, null, null),
                                        "any",
                                        List.of(
                                                check("port", "tcp", "unknown", ""),
                                                check("deep", "http", "unhealthy", "status 503")),
                                        false,
                                        List.of())),
                        new PoolLine("lost", "198.51.100.99:80", true, List.of(DRAIN))),
                new VirtualServerLine("dns", "FWM 5", "rr", 0, 0, 0, 0, 0, List.of(), PLAIN));

        assertThat(StatusTable.render(report, Display.WHOLE)).isEqualToNormalizingNewlines("""
            edge-a: fairlead 0.1.0, running since 2026-01-02T03:04:05Z
            kernel table: in-sync, 12 operations, drift repaired 1, refused 0
            health checks: 3 targets, passed 900, failed 40 (refused 30, timed-out 10), not asked 2, late 1, 99.9 % within 5 ms

            NAME     ADDRESS                 STATE                                           WEIGHT  ACTIVE  INACT  TOTAL  REASON
            web      TCP 192.0.2.10:80 wlc   1/3 healthy, sorry server answers                            6     22   1200
              web-1    198.51.100.11:80 nat  healthy                                             10       5     20   1000  connected
              web-2    198.51.100.12:80 nat  unhealthy, draining until 2026-01-02T03:05:05Z    0/12       1      2    200  refused
              web-3    198.51.100.13:80 nat  unknown, disabled                                  -/7       0      0      0
                         port tcp            unknown
                         deep http           unhealthy                                                                     status 503
              -        198.51.100.3:80       draining until 2026-01-02T03:06:05Z                  0       3      4         removed
            dns      FWM 5 rr                0/0 healthy                                                  0      0      0
            """);
    }

    @Test
    void showsWhatIsFailingBeforeTheTable() {
        StatusReport report =
                report(new Reconcile("behind", 0, 0, 2, null, null, List.of(), List.of("no such module", "again")));

        assertThat(StatusTable.render(report, Display.WHOLE)).isEqualToNormalizingNewlines("""
            edge-a: fairlead 0.1.0, running since 2026-01-02T03:04:05Z
            kernel table: behind, 0 operations, drift repaired 0, refused 2
              failing: no such module
              failing: again
            health checks: 3 targets, passed 900, failed 40 (refused 30, timed-out 10), not asked 2, late 1, 99.9 % within 5 ms
            """);
    }

    @Test
    void showsVirtualAddresses() {
        StatusReport report = report(
                new Reconcile("in-sync", 0, 0, 0, null, null, List.of(), List.of()),
                new Addresses(
                        List.of(
                                new AddressLine("public", "192.0.2.10/32", "eth0", "present"),
                                new AddressLine("", "192.0.2.11/32", "eth0", "leaving")),
                        3,
                        List.of("interface eth1 is not there")));

        assertThat(StatusTable.render(report, Display.WHOLE)).isEqualToNormalizingNewlines("""
            edge-a: fairlead 0.1.0, running since 2026-01-02T03:04:05Z
            kernel table: in-sync, 0 operations, drift repaired 0, refused 0
            health checks: 3 targets, passed 900, failed 40 (refused 30, timed-out 10), not asked 2, late 1, 99.9 % within 5 ms
            virtual addresses: 2, drift repaired 3
              failing: interface eth1 is not there
              192.0.2.10/32 dev eth0 present (public)
              192.0.2.11/32 dev eth0 leaving
            """);
    }
}
