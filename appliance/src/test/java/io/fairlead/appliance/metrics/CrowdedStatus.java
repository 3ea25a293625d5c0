package io.fairlead.appliance.metrics;

import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.DrainLine;
import io.fairlead.appliance.admin.StatusReport.MemberLine;
import io.fairlead.appliance.admin.StatusReport.PoolLine;
import io.fairlead.appliance.admin.StatusReport.RealServerLine;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
import io.fairlead.appliance.event.Event;
import io.fairlead.appliance.event.EventKind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An appliance of which there is much to tell: long names and addresses, and something of every kind that is wrong. */
final class CrowdedStatus {

    private static final String SINCE = "2026-01-15T08:12:44.120Z";

    private CrowdedStatus() {}

    static StatusReport report() {
        VirtualServerLine web = new VirtualServerLine(
                "web",
                "TCP 192.0.2.10:80",
                "wlc",
                3,
                1_248_301,
                84,
                8_412_345_678L,
                941_234_567_890L,
                List.of(
                        realServer("web-1", "198.51.100.11:80", "healthy", "status 200", 3),
                        realServer("web-2", "198.51.100.12:80", "healthy", "status 200", 3),
                        realServer("web-3", "198.51.100.13:80", "healthy", "status 200", 2)),
                new PoolLine("held", null, false, List.of()));
        VirtualServerLine shop = new VirtualServerLine(
                "shop/checkout-frontend-public-https-2001-db8-1234--10",
                "TCP [2001:db8:1234:5678:9abc:def0:1234:5678]:443",
                "mh mh-fallback mh-port",
                1,
                9_876_543_210L,
                1,
                412_345,
                981_234,
                List.of(
                        realServer(
                                "checkout-frontend-7d9f8b6c5-x2k41",
                                "[2001:db8:1234:5678:9abc:def0:1234:5671]:8443",
                                "unhealthy",
                                "certificate is not valid for the name: shop.example (expected: one of"
                                        + " www.shop.example, api.shop.example)",
                                100),
                        draining(),
                        realServer(
                                "checkout-frontend-7d9f8b6c5-x2k43",
                                "[2001:db8:1234:5678:9abc:def0:1234:5673]:8443",
                                "unknown",
                                "",
                                100)),
                new PoolLine(
                        "lost",
                        "198.51.100.99:80",
                        true,
                        List.of(new DrainLine("198.51.100.3:80", "removed", "2026-01-15T09:35:00.000Z", 3, 4))));
        return new StatusReport(
                StatusReport.SCHEMA_VERSION,
                "edge-a",
                "0.1.0",
                SINCE,
                new StatusReport.Kernel("1.2.1", 4096),
                new StatusReport.Reconcile(
                        "behind",
                        128,
                        2,
                        1,
                        SINCE,
                        SINCE,
                        List.of("TCP 192.0.2.10:80 was changed by somebody else 5 times in a row"),
                        List.of("add real server [2001:db8:1234:5678:9abc:def0:1234:5673]:8443: EPERM (expected:"
                                + " CAP_NET_ADMIN)")),
                new StatusReport.Checks(6, 81_234, 41, new TreeMap<>(Map.of("tls", 41L)), 0, 0, 0, 2, List.of()),
                StatusReport.PacketRules.NONE,
                List.of(web, shop),
                List.of(),
                new StatusReport.Addresses(
                        List.of(
                                new StatusReport.AddressLine("public", "192.0.2.10/24", "eth0", "present"),
                                new StatusReport.AddressLine(
                                        "public", "2001:db8:1234:5678:9abc:def0:1234:5678/64", "eth0", "missing")),
                        0,
                        List.of()),
                StatusReport.Host.NONE,
                List.of(),
                null);
    }

    private static RealServerLine draining() {
        return realServer(
                "checkout-frontend-7d9f8b6c5-x2k42",
                "[2001:db8:1234:5678:9abc:def0:1234:5672]:8443",
                "healthy",
                "status 200",
                0,
                new MemberLine("drained", null, "draining", "2026-01-15T09:35:00.000Z"));
    }

    private static RealServerLine realServer(String name, String address, String health, String reason, int weight) {
        return realServer(name, address, health, reason, weight, MemberLine.PLAIN);
    }

    private static RealServerLine realServer(
            String name, String address, String health, String reason, int weightInKernel, MemberLine member) {
        return new RealServerLine(
                name,
                address,
                "tunnel",
                health,
                reason,
                SINCE,
                health.equals("healthy") ? Integer.valueOf(weightInKernel) : null,
                100,
                1842,
                20_411,
                412_345,
                member,
                "all",
                List.of(),
                member.phase() != null,
                List.of());
    }

    static List<Event> events() {
        return List.of(
                event(1, EventKind.CONFIGURATION, "/etc/fairlead/fairlead.conf", "followed, 12 operations", "reload"),
                event(
                        2,
                        EventKind.HEALTH,
                        "shop/checkout-frontend-public-https-2001-db8-1234--10/checkout-frontend-7d9f8b6c5-x2k41",
                        "unhealthy, was healthy",
                        "certificate is not valid for the name: shop.example"),
                event(3, EventKind.OPERATOR, "web/web-2", "drain within 300 s", "user 0 through the admin socket"));
    }

    private static Event event(long number, EventKind kind, String subject, String change, String cause) {
        return new Event(number, "2026-01-15T09:2" + number + ":00.000Z", kind, subject, List.of(), change, cause);
    }
}
