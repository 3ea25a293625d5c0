package io.fairlead.cli.output;

import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.AddressLine;
import io.fairlead.appliance.admin.StatusReport.Addresses;
import io.fairlead.appliance.admin.StatusReport.CheckLine;
import io.fairlead.appliance.admin.StatusReport.Checks;
import io.fairlead.appliance.admin.StatusReport.DrainLine;
import io.fairlead.appliance.admin.StatusReport.Host;
import io.fairlead.appliance.admin.StatusReport.LatenessStep;
import io.fairlead.appliance.admin.StatusReport.LeavingLine;
import io.fairlead.appliance.admin.StatusReport.RealServerLine;
import io.fairlead.appliance.admin.StatusReport.SysctlLine;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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
        StatusReport.PacketRules rules = report.packetRules();
        if (!rules.state().equals("none")) {
            text.append("packet rules: %s, %d destinations, written %d times, drift repaired %d%n"
                    .formatted(rules.state(), rules.destinations(), rules.writes(), rules.drift()));
        }
        if (rules.failing() != null) {
            text.append("  failing: ").append(rules.failing()).append(System.lineSeparator());
        }
        for (String failure : report.reconcile().failing()) {
            text.append("  failing: ").append(failure).append(System.lineSeparator());
        }
        for (String contested : report.reconcile().contested()) {
            text.append("  contested: ").append(contested).append(System.lineSeparator());
        }
        text.append(checks(report.checks())).append(System.lineSeparator());
        text.append(addresses(report.addresses()));
        text.append(host(report.host()));
        if (!report.virtualServers().isEmpty() || !report.leaving().isEmpty()) {
            text.append(System.lineSeparator()).append(table(report.virtualServers(), report.leaving()));
        }
        return text.toString();
    }

    private static String checks(Checks checks) {
        String reasons = checks.failedBy().entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", ", " (", ")"));
        return "health checks: %d targets, passed %d, failed %d%s, not asked %d, late %d%s"
                .formatted(
                        checks.targets(),
                        checks.passed(),
                        checks.failed(),
                        checks.failedBy().isEmpty() ? "" : reasons,
                        checks.ownFaults(),
                        checks.late(),
                        lateness(checks.lateness()));
    }

    /** The step that holds 99.9 % of the probes; nothing before there are any. */
    private static String lateness(List<LatenessStep> steps) {
        long all = steps.stream().mapToLong(LatenessStep::probes).sum();
        long sum = 0;
        for (LatenessStep step : steps) {
            sum += step.probes();
            if (all > 0 && sum >= Math.ceilDiv(all * 999, 1000)) {
                return step.withinMillis() == null
                        ? ", 99.9 % not within any step"
                        : ", 99.9 % within " + step.withinMillis() + " ms";
            }
        }
        return "";
    }

    private static String addresses(Addresses addresses) {
        StringBuilder text = new StringBuilder();
        if (!addresses.addresses().isEmpty() || !addresses.failing().isEmpty()) {
            text.append("virtual addresses: %d, drift repaired %d%n"
                    .formatted(addresses.addresses().size(), addresses.drift()));
        }
        for (String failure : addresses.failing()) {
            text.append("  failing: ").append(failure).append(System.lineSeparator());
        }
        for (AddressLine line : addresses.addresses()) {
            text.append("  %s dev %s %s%s%n"
                    .formatted(
                            line.address(),
                            line.interfaceName(),
                            line.state(),
                            line.set().isEmpty() ? "" : " (" + line.set() + ")"));
        }
        return text.toString();
    }

    /** Shows the settings that were asked for; of modules only what fails. */
    private static String host(Host host) {
        StringBuilder text = new StringBuilder();
        if (!host.sysctls().isEmpty() || !host.failing().isEmpty()) {
            text.append("settings of the kernel: %d, drift repaired %d%n"
                    .formatted(host.sysctls().size(), host.drift()));
        }
        for (String failure : host.failing()) {
            text.append("  failing: ").append(failure).append(System.lineSeparator());
        }
        for (SysctlLine line : host.sysctls()) {
            text.append("  %s = %s%s%n"
                    .formatted(
                            line.name(),
                            line.value() == null ? "not there" : line.value(),
                            line.before() == null ? "" : " (before us " + line.before() + ")"));
        }
        return text.toString();
    }

    private static String table(List<VirtualServerLine> virtualServers, List<LeavingLine> leaving) {
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
                if (realServer.checks().size() > 1) {
                    realServer.checks().forEach(check -> table.row(check(check)));
                }
            }
            virtualServer.pool().draining().forEach(line -> table.row(drain(line)));
        }
        for (LeavingLine line : leaving) {
            table.row(List.of("-", line.service(), "leaving", "", "", "", "", "not in the configuration"));
            line.draining().forEach(drain -> table.row(drain(drain)));
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
                state(line),
                "",
                Long.toString(active),
                Long.toString(inactive),
                Long.toString(line.connections()),
                ""));
    }

    private static String state(VirtualServerLine line) {
        String healthy = line.healthy() + "/" + line.realServers().size() + " healthy";
        return line.pool().isSorry() ? healthy + ", sorry server answers" : healthy;
    }

    /** Real servers that are not configured any more, or a sorry server whose time is over. */
    private static List<String> drain(DrainLine line) {
        return List.of(
                "  -",
                "  " + line.address(),
                "draining until " + line.deadline(),
                "0",
                Long.toString(line.activeConnections()),
                Long.toString(line.inactiveConnections()),
                "",
                line.cause());
    }

    private static List<String> realServer(RealServerLine line) {
        return List.of(
                "  " + line.name(),
                "  " + line.address() + " " + line.forwarding(),
                PoolTables.state(line),
                PoolTables.weight(line),
                Long.toString(line.activeConnections()),
                Long.toString(line.inactiveConnections()),
                Long.toString(line.connections()),
                line.reason());
    }

    /** Of several checks each has a row of its own. */
    private static List<String> check(CheckLine line) {
        return List.of("", "    " + line.name() + " " + line.type(), line.health(), "", "", "", "", line.reason());
    }
}
