package io.fairlead.appliance.admin;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reports for tests. */
public final class Reports {

    static final KubernetesReport KUBERNETES = new KubernetesReport(
            KubernetesReport.SCHEMA_VERSION,
            true,
            "https://192.0.2.1:6443",
            true,
            List.of("Service: refused"),
            List.of(),
            List.of(),
            List.of(new KubernetesReport.ServiceLine("shop/web", List.of("203.0.113.1"), "public", 2, 6, List.of())));

    private Reports() {}

    private static final StatusReport.DrainLine DRAIN =
            new StatusReport.DrainLine("198.51.100.3:80", "removed", "2026-01-02T03:05:05Z", 3, 4);

    public static StatusReport status(String node) {
        return new StatusReport(
                StatusReport.SCHEMA_VERSION,
                node,
                "0.1.0",
                "2026-01-02T03:04:05.678Z",
                new StatusReport.Kernel("1.2.1", 4096),
                new StatusReport.Reconcile(
                        "behind",
                        5_000_000_000L,
                        2,
                        1,
                        null,
                        "2026-01-02T03:04:06Z",
                        List.of("contested"),
                        List.of("refused <&> \"x\" ä")),
                new StatusReport.Checks(
                        2,
                        9,
                        1,
                        new TreeMap<>(Map.of("refused", 1L)),
                        0,
                        0,
                        0,
                        1,
                        List.of(new StatusReport.LatenessStep(1L, 9), new StatusReport.LatenessStep(null, 1))),
                new StatusReport.PacketRules("in-sync", 3, 1, 0, "2026-01-02T03:04:06Z", null),
                List.of(new StatusReport.VirtualServerLine(
                        "web",
                        "TCP 192.0.2.10:80",
                        "wlc",
                        1,
                        10,
                        2,
                        Long.MAX_VALUE,
                        4,
                        List.of(
                                new StatusReport.RealServerLine(
                                        "one",
                                        "198.51.100.1:80",
                                        "nat",
                                        "unknown",
                                        "",
                                        null,
                                        null,
                                        5,
                                        0,
                                        0,
                                        0,
                                        StatusReport.MemberLine.PLAIN,
                                        "all",
                                        List.of(),
                                        false,
                                        List.of()),
                                new StatusReport.RealServerLine(
                                        "two",
                                        "[2001:db8::1]:80",
                                        "tunnel",
                                        "healthy",
                                        "connected",
                                        "2026-01-02T03:04:05Z",
                                        3,
                                        5,
                                        7,
                                        8,
                                        9,
                                        new StatusReport.MemberLine("drained", 4, "draining", "2026-01-02T03:05:05Z"),
                                        "all",
                                        List.of(new StatusReport.CheckLine(
                                                "",
                                                "tcp",
                                                "healthy",
                                                "connected",
                                                "2026-01-02T03:04:05Z",
                                                0.25,
                                                null,
                                                3,
                                                0,
                                                0,
                                                new StatusReport.CertificateLine("2026-02-02T03:04:05Z", 31),
                                                List.of(new StatusReport.ResultLine(
                                                        "2026-01-02T03:04:06Z", true, "connected", 0.25)))),
                                        true,
                                        List.of(new StatusReport.PeerVerdictLine(
                                                "192.0.2.2", "unhealthy", "2026-01-02T03:04:05Z")))),
                        new StatusReport.PoolLine("lost", "198.51.100.99:80", true, List.of(DRAIN)))),
                List.of(new StatusReport.LeavingLine("UDP 192.0.2.11:53", List.of(DRAIN))),
                new StatusReport.Addresses(
                        List.of(new StatusReport.AddressLine("public", "192.0.2.10/32", "eth0", "present")),
                        1,
                        List.of("interface eth1 is not there")),
                new StatusReport.Host(
                        List.of(new StatusReport.SysctlLine("net.ipv4.ip_forward", "1", "1", "0")),
                        1,
                        List.of(new StatusReport.ModuleLine("ip_vs", "loaded")),
                        List.of("kernel module ip_vs_mh is not on this host")),
                List.of(new StatusReport.RoleLine("outside", "master", "2026-01-02T03:04:05Z", "master silent")),
                new StatusReport.GuardLine("pending", "2026-01-02T03:14:05Z"));
    }
}
