package io.fairlead.cli.output;

import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.RealServerLine;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Renders a status report for people. */
public final class StatusTable {

    private StatusTable() {}

    /** Returns the report as lines: a head, a table of all virtual and real servers, and what is failing. */
    public static String render(StatusReport report) {
        StringBuilder text = new StringBuilder();
        text.append("%s: fairlead %s, running since %s%n".formatted(report.node(), report.version(), report.since()));
        text.append("kernel table: %s, %d operations, drift repaired %d, refused %d%n"
                .formatted(
                        report.reconcile().state(),
                        report.reconcile().operations(),
                        report.reconcile().drift(),
                        report.reconcile().refusals()));
        for (String failure : report.reconcile().failing()) {
            text.append("  failing: ").append(failure).append(System.lineSeparator());
        }
        if (!report.virtualServers().isEmpty()) {
            text.append(System.lineSeparator()).append(table(report.virtualServers()));
        }
        return text.toString();
    }

    private static String table(List<VirtualServerLine> virtualServers) {
        TextTable table = new TextTable(
                TextTable.left("NAME"),
                TextTable.left("ADDRESS"),
                TextTable.left("STATE"),
                TextTable.right("WEIGHT"),
                TextTable.right("ACTIVE"),
                TextTable.right("INACT"),
                TextTable.right("TOTAL"),
                TextTable.left("REASON"));
        for (VirtualServerLine virtualServer : virtualServers) {
            table.row(virtualServer(virtualServer));
            for (RealServerLine realServer : virtualServer.realServers()) {
                table.row(realServer(realServer));
            }
        }
        return table.render();
    }

    private static List<String> virtualServer(VirtualServerLine line) {
        long active = line.realServers().stream()
                .mapToLong(RealServerLine::activeConnections)
                .sum();
        long inactive = line.realServers().stream()
                .mapToLong(RealServerLine::inactiveConnections)
                .sum();
        return new ArrayList<>(List.of(
                line.name(),
                line.service() + " " + line.scheduler(),
                line.healthy() + "/" + line.realServers().size() + " healthy",
                "",
                Long.toString(active),
                Long.toString(inactive),
                Long.toString(line.connections()),
                ""));
    }

    private static List<String> realServer(RealServerLine line) {
        return List.of(
                "  " + line.name(),
                "  " + line.address() + " " + line.forwarding(),
                line.health(),
                weight(line.weight(), line.configuredWeight()),
                Long.toString(line.activeConnections()),
                Long.toString(line.inactiveConnections()),
                Long.toString(line.connections()),
                line.reason());
    }

    /** The weight in the kernel; both where they differ; a dash when the real server is not in the table. */
    private static String weight(@Nullable Integer inKernel, int configured) {
        if (inKernel == null) {
            return "-/" + configured;
        }
        return inKernel == configured ? Integer.toString(configured) : inKernel + "/" + configured;
    }
}
