package io.fairlead.cli.output;

import io.fairlead.appliance.admin.ExplainReport;
import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.KubernetesReport;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.CertificateLine;
import io.fairlead.appliance.admin.StatusReport.CheckLine;
import io.fairlead.appliance.admin.StatusReport.DrainLine;
import io.fairlead.appliance.admin.StatusReport.LatenessStep;
import io.fairlead.appliance.admin.StatusReport.LeavingLine;
import io.fairlead.appliance.admin.StatusReport.MemberLine;
import io.fairlead.appliance.admin.StatusReport.PoolLine;
import io.fairlead.appliance.admin.StatusReport.RealServerLine;
import io.fairlead.appliance.admin.StatusReport.ResultLine;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
import io.fairlead.appliance.doctor.Finding;
import io.fairlead.appliance.doctor.Severity;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reports of an appliance whose names and addresses are as long as they get in practice. */
final class LongReports {

    private static final String SINCE = "2026-01-02T03:04:05.678Z";
    private static final DrainLine DRAIN = new DrainLine(
            "[2001:db8:1234:5678:9abc:def0:1234:9999]:8443", "removed", "2026-01-02T03:06:05Z", 12_345, 23_456);

    private LongReports() {}

    static StatusReport status() {
        VirtualServerLine ipv6 = new VirtualServerLine(
                "shop/checkout-frontend-public-https-2001-db8-1234--10",
                "TCP [2001:db8:1234:5678:9abc:def0:1234:5678]:443",
                "mh mh-fallback mh-port",
                2,
                9_876_543_210L,
                12_345,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                List.of(
                        realServer(1, "healthy", "status 200", MemberLine.PLAIN),
                        realServer(
                                2,
                                "unhealthy",
                                "TLS handshake failed: certificate has expired (expected: one that is valid)",
                                MemberLine.PLAIN),
                        realServer(
                                3,
                                "healthy",
                                "all 2 checks",
                                new MemberLine("drained", null, "draining", "2026-01-02T03:06:05Z"))),
                new PoolLine("lost", "[2001:db8:1234:5678:9abc:def0:1234:1]:8080", true, List.of(DRAIN)));
        VirtualServerLine ipv4 = new VirtualServerLine(
                "web",
                "TCP 192.0.2.10:80",
                "wlc",
                1,
                1200,
                3,
                0,
                0,
                List.of(new RealServerLine(
                        "web-1",
                        "198.51.100.11:8080",
                        "nat",
                        "healthy",
                        "connected",
                        SINCE,
                        1,
                        1,
                        5,
                        20,
                        1000,
                        MemberLine.PLAIN,
                        "all",
                        List.of(),
                        false,
                        List.of())),
                new PoolLine("held", null, false, List.of()));
        return new StatusReport(
                StatusReport.SCHEMA_VERSION,
                "edge-frankfurt-rack-12-node-a.network.example.net",
                "0.1.0-SNAPSHOT",
                SINCE,
                new StatusReport.Kernel("1.2.1", 4096),
                new StatusReport.Reconcile(
                        "behind",
                        123_456_789,
                        1234,
                        5678,
                        null,
                        null,
                        List.of("TCP [2001:db8:1234:5678:9abc:def0:1234:5678]:443 was changed 5 times in a row"),
                        List.of("add real server [2001:db8:1234:5678:9abc:def0:1234:5678]:8443: EPERM, needs"
                                + " CAP_NET_ADMIN")),
                new StatusReport.Checks(
                        12_345,
                        9_876_543_210L,
                        1_234_567,
                        new TreeMap<>(Map.of("refused", 30L, "timed-out", 10L, "malformed", 7L, "tls", 3L)),
                        2,
                        0,
                        1,
                        4,
                        List.of(new LatenessStep(1L, 900), new LatenessStep(null, 100))),
                new StatusReport.PacketRules("in-sync", 1234, 5678, 9, SINCE, null),
                List.of(ipv6, ipv4),
                List.of(new LeavingLine("UDP [2001:db8:1234:5678:9abc:def0:1234:53]:53", List.of(DRAIN))),
                new StatusReport.Addresses(
                        List.of(new StatusReport.AddressLine(
                                "public-addresses-of-the-frontend",
                                "2001:db8:1234:5678:9abc:def0:1234:5678/64",
                                "enp175s0f1np1.1234",
                                "present")),
                        3,
                        List.of()),
                new StatusReport.Host(
                        List.of(new StatusReport.SysctlLine(
                                "net.ipv4.vs.conn_reuse_mode_of_a_long_name", "1", "1", "0")),
                        2,
                        List.of(),
                        List.of()),
                List.of(new StatusReport.RoleLine(
                        "virtual-router-of-the-outside-frankfurt", "master", SINCE, "address collision")),
                new StatusReport.GuardLine("taken-back", SINCE));
    }

    private static RealServerLine realServer(int number, String health, String reason, MemberLine member) {
        List<CheckLine> checks = List.of(
                check("application-answers", "https", health, reason), check("port-is-open", "tcp", "healthy", ""));
        return new RealServerLine(
                "checkout-frontend-7d9f8b6c5-x2k4" + number,
                "[2001:db8:1234:5678:9abc:def0:1234:567" + number + "]:8443",
                "tunnel",
                health,
                reason,
                SINCE,
                health.equals("healthy") ? 100 : 0,
                100,
                123_456,
                234_567,
                9_876_543_210L,
                member,
                "all",
                checks,
                number == 3,
                List.of(new StatusReport.PeerVerdictLine("2001:db8:1234:5678::2", "unhealthy", SINCE)));
    }

    private static CheckLine check(String name, String type, String health, String reason) {
        return new CheckLine(
                name,
                type,
                health,
                reason,
                SINCE,
                1.5,
                null,
                0,
                3,
                0,
                new CertificateLine("2026-02-02T03:04:05Z", 30),
                List.of(new ResultLine(SINCE, false, reason, 1234.5)));
    }

    static HaReport ha() {
        HaReport.PeerLine peer = new HaReport.PeerLine(
                "2001:db8:1234:5678:9abc:def0:1234:5679", true, "handing-over", 100, 1_234_567.8, 12.3);
        HaReport.RouterLine router = new HaReport.RouterLine(
                "outside-addresses-of-the-shop",
                51,
                List.of("outside-addresses-of-the-shop"),
                "handing-over",
                "2026-01-02T03:04:05Z",
                "an operator asked to hand over",
                150,
                123_456,
                3,
                List.of("192.0.2.10/24", "2001:db8:1234:5678:9abc:def0:1234:5678/64", "198.51.100.10/24"),
                List.of("interface enp175s0f1np1", "script /usr/local/bin/uplink-is-well"),
                List.of(peer),
                4,
                "cut-off");
        return new HaReport(
                StatusReport.SCHEMA_VERSION,
                null,
                true,
                "edge-frankfurt",
                "2001:db8:1234:5678:9abc:def0:1234:5678",
                true,
                1.0,
                0,
                List.of("announce 2001:db8:1234:5678:9abc:def0:1234:5678 on enp175s0f1np1: ENETDOWN"),
                List.of(router),
                0,
                0,
                null,
                null,
                true);
    }

    static KubernetesReport kubernetes() {
        return new KubernetesReport(
                KubernetesReport.SCHEMA_VERSION,
                true,
                "https://kubernetes-api.frankfurt.network.example.net:6443",
                false,
                List.of("Service: watch ended: 403 Forbidden: services is forbidden for this service account"),
                List.of("shop/checkout-frontend lacks 12 of 14 endpoints"),
                List.of(),
                List.of(
                        new KubernetesReport.ServiceLine(
                                "shop-production-europe/checkout-frontend-public",
                                List.of("198.51.100.200", "2001:db8:1234:5678:9abc:def0:1234:5678"),
                                "public-addresses-europe",
                                12,
                                345,
                                List.of()),
                        new KubernetesReport.ServiceLine(
                                "shop/web",
                                List.of(),
                                "",
                                0,
                                0,
                                List.of("no pool has a free address of the families that it asks for"))));
    }

    static ExplainReport explanation() {
        return new ExplainReport(
                true,
                "shop/checkout-frontend-public-https",
                "[2001:db8:ffff:5678:9abc:def0:1234:5678]:40000",
                "mh mh-port",
                "chosen",
                "checkout-frontend-7d9f8b6c5-x2k41",
                "[2001:db8:1234:5678:9abc:def0:1234:5671]:8443",
                List.of("mh hashes the client's address and port to slot 123 of 251 of its table, which has the real"
                        + " server of this row"),
                List.of(new ExplainReport.Weighed(
                        "checkout-frontend-7d9f8b6c5-x2k41",
                        "[2001:db8:1234:5678:9abc:def0:1234:5671]:8443",
                        100,
                        123_456,
                        234_567)));
    }

    static List<Finding> findings() {
        return List.of(
                new Finding("ipvs", Severity.OK, "version 1.2.1", ""),
                new Finding(
                        "strict-arp",
                        Severity.ERROR,
                        "arp_ignore of enp175s0f1np1 is 0 and of all is 0: this host answers for addresses it should"
                                + " not",
                        "set net.ipv4.conf.all.arp_ignore = 1 and net.ipv4.conf.all.arp_announce = 2, for example with"
                                + " fairlead.sysctls"));
    }
}
