package io.fairlead.cli.output;

import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.HaReport.PeerLine;
import io.fairlead.appliance.admin.HaReport.RouterLine;
import java.util.List;
import java.util.Locale;

/** Writes how the election stands for people. */
public final class HaTable {

    private HaTable() {}

    /** Returns the table. */
    public static String render(HaReport report) {
        if (!report.configured()) {
            return "no virtual routers: a single appliance" + System.lineSeparator();
        }
        StringBuilder text = new StringBuilder();
        text.append("cluster ")
                .append(report.cluster())
                .append(", this appliance ")
                .append(report.self());
        text.append(report.maintenance() ? ", in maintenance" : "").append(System.lineSeparator());
        report.failing()
                .forEach(failure -> text.append("failing: ").append(failure).append(System.lineSeparator()));
        TextTable routers = new TextTable(
                TextTable.left("ROUTER"),
                TextTable.left("ROLE"),
                TextTable.right("PRIORITY"),
                TextTable.right("TERM"),
                TextTable.left("SINCE"),
                TextTable.left("CAUSE"),
                TextTable.left("ADDRESSES"));
        TextTable peers = new TextTable(
                TextTable.left("ROUTER"),
                TextTable.left("PEER"),
                TextTable.left("ROLE"),
                TextTable.right("PRIORITY"),
                TextTable.right("HEARD"),
                TextTable.right("JITTER"));
        for (RouterLine router : report.routers()) {
            String failed = router.failed().isEmpty() ? "" : " (fails: " + String.join(", ", router.failed()) + ")";
            String link = router.linkSays().isEmpty() ? "" : " (no peer is heard and " + router.linkSays() + ")";
            routers.row(List.of(
                    router.name(),
                    router.role(),
                    Integer.toString(router.priority()),
                    Long.toString(router.term()),
                    router.since(),
                    router.cause() + failed + link,
                    String.join(" ", router.addresses())));
            for (PeerLine peer : router.peers()) {
                peers.row(List.of(
                        router.name(),
                        peer.address() + (peer.witness() ? " (witness)" : ""),
                        peer.role(),
                        Integer.toString(peer.priority()),
                        peer.heardMillis() < 0 ? "never" : millis(peer.heardMillis()) + " ago",
                        millis(peer.jitterMillis())));
            }
        }
        text.append(System.lineSeparator()).append(routers.render());
        text.append(System.lineSeparator()).append(peers.render());
        return text.toString();
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, "%.1f ms", millis);
    }
}
