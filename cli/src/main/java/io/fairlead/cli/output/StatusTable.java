package io.fairlead.cli.output;

import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.AddressLine;
import io.fairlead.appliance.admin.StatusReport.Addresses;
import io.fairlead.appliance.admin.StatusReport.CheckLine;
import io.fairlead.appliance.admin.StatusReport.Checks;
import io.fairlead.appliance.admin.StatusReport.DrainLine;
import io.fairlead.appliance.admin.StatusReport.GuardLine;
import io.fairlead.appliance.admin.StatusReport.Host;
import io.fairlead.appliance.admin.StatusReport.LatenessStep;
import io.fairlead.appliance.admin.StatusReport.LeavingLine;
import io.fairlead.appliance.admin.StatusReport.RealServerLine;
import io.fairlead.appliance.admin.StatusReport.SysctlLine;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
import io.fairlead.core.text.Amount;
import java.util.List;
import java.util.stream.Collectors;

/** Renders a status report for people. */
public final class StatusTable {

    private static final Cell NOTHING = Cell.of("");

    private final StatusReport report;
    private final Display display;
    private final StringBuilder text = new StringBuilder();

    private StatusTable(StatusReport report, Display display) {
        this.report = report;
        this.display = display;
    }

    /** Returns the report as lines: a head, what is failing, and a table of all virtual and real servers. */
    public static String render(StatusReport report, Display display) {
        StatusTable table = new StatusTable(report, display);
        table.head();
        table.addresses(report.addresses());
        table.host(report.host());
        if (!report.virtualServers().isEmpty() || !report.leaving().isEmpty()) {
            table.text.append(System.lineSeparator()).append(table.servers());
        }
        return table.text.toString();
    }

    private void line(String line) {
        line(line, Tone.PLAIN);
    }

    private void line(String line, Tone tone) {
        text.append(tone.paint(Prose.fold(line, 4, display), display)).append(System.lineSeparator());
    }

    private void failing(List<String> failures) {
        failures.forEach(failure -> line("  failing: " + failure, Tone.BAD));
    }

    private void head() {
        line("%s: fairlead %s, running since %s".formatted(report.node(), report.version(), report.since()));
        line("kernel table: %s, %s, drift repaired %d, refused %d"
                .formatted(
                        report.reconcile().state(),
                        Amount.of(report.reconcile().operations(), "operation"),
                        report.reconcile().drift(),
                        report.reconcile().refusals()));
        failing(report.reconcile().failing());
        report.reconcile().contested().forEach(contested -> line("  contested: " + contested, Tone.BAD));
        if (report.guard() != null) {
            line(guard(report.guard()), Tone.ODD);
        }
        report.roles()
                .forEach(role -> line(
                        "virtual router %s: %s since %s (%s)"
                                .formatted(role.name(), role.role(), role.since(), role.cause()),
                        role.role().equals("fault") ? Tone.BAD : Tone.PLAIN));
        StatusReport.PacketRules rules = report.packetRules();
        if (!rules.state().equals("none")) {
            line("packet rules: %s, %s, written %s, drift repaired %d"
                    .formatted(
                            rules.state(),
                            Amount.of(rules.destinations(), "destination"),
                            Amount.of(rules.writes(), "time"),
                            rules.drift()));
        }
        if (rules.failing() != null) {
            failing(List.of(rules.failing()));
        }
        line(checks(report.checks()));
    }

    private static String guard(GuardLine guard) {
        return guard.phase().equals("pending")
                ? "configuration: taken back at %s unless confirmed".formatted(guard.deadline())
                : "configuration: the one before; what the file held was taken back at %s as nobody had confirmed it"
                        .formatted(guard.deadline());
    }

    private static String checks(Checks checks) {
        String reasons = checks.failedBy().entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", ", " (", ")"));
        return "health checks: %s, passed %d, failed %d%s, not asked %d, late %d%s"
                .formatted(
                        Amount.of(checks.targets(), "target"),
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

    private void addresses(Addresses addresses) {
        if (!addresses.addresses().isEmpty() || !addresses.failing().isEmpty()) {
            line("virtual addresses: %d, drift repaired %d"
                    .formatted(addresses.addresses().size(), addresses.drift()));
        }
        failing(addresses.failing());
        for (AddressLine address : addresses.addresses()) {
            line("  %s dev %s %s%s"
                    .formatted(
                            address.address(),
                            address.interfaceName(),
                            address.state(),
                            address.set().isEmpty() ? "" : " (" + address.set() + ")"));
        }
    }

    /** Shows the settings that were asked for; of modules only what fails. */
    private void host(Host host) {
        if (!host.sysctls().isEmpty() || !host.failing().isEmpty()) {
            line("settings of the kernel: %d, drift repaired %d"
                    .formatted(host.sysctls().size(), host.drift()));
        }
        failing(host.failing());
        for (SysctlLine sysctl : host.sysctls()) {
            line("  %s = %s%s"
                    .formatted(
                            sysctl.name(),
                            sysctl.value() == null ? "not there" : sysctl.value(),
                            sysctl.before() == null ? "" : " (before us " + sysctl.before() + ")"));
        }
    }

    private String servers() {
        TextTable table = new TextTable(
                Column.left("NAME").shrinkingInside(10, 24),
                Column.left("ADDRESS").shrinkingInside(21, 28),
                Column.left("STATE").shrinking(9, 20),
                Column.right("WEIGHT"),
                Column.right("ACTIVE"),
                Column.right("INACT").leaving(2),
                Column.right("TOTAL").leaving(1),
                Column.left("REASON").shrinking(10, 24));
        for (VirtualServerLine virtualServer : report.virtualServers()) {
            table.row(virtualServer(virtualServer));
            for (RealServerLine realServer : virtualServer.realServers()) {
                table.row(realServer(realServer));
                if (realServer.checks().size() > 1) {
                    realServer.checks().forEach(check -> table.row(check(check)));
                }
            }
            virtualServer.pool().draining().forEach(line -> table.row(drain(line)));
        }
        for (LeavingLine line : report.leaving()) {
            table.row(leaving(line));
            line.draining().forEach(drain -> table.row(drain(drain)));
        }
        return table.render(display);
    }

    private static Cell[] virtualServer(VirtualServerLine line) {
        long active = line.realServers().stream()
                .mapToLong(RealServerLine::activeConnections)
                .sum();
        long inactive = line.realServers().stream()
                .mapToLong(RealServerLine::inactiveConnections)
                .sum();
        return new Cell[] {
            Cell.of(line.name()),
            Cell.of(line.service() + " " + line.scheduler()).or(line.service()),
            StateCells.pool(line),
            NOTHING,
            Cell.of(active),
            Cell.of(inactive),
            Cell.of(line.connections()),
            NOTHING
        };
    }

    private static Cell[] leaving(LeavingLine line) {
        return new Cell[] {
            Cell.of("-"),
            Cell.of(line.service()),
            Cell.of("leaving").in(Tone.ODD),
            NOTHING,
            NOTHING,
            NOTHING,
            NOTHING,
            Cell.of("not in the configuration").or("not configured")
        };
    }

    /** Real servers that are not configured any more, or a sorry server whose time is over. */
    private static Cell[] drain(DrainLine line) {
        return new Cell[] {
            Cell.of("  -"),
            Cell.of("  " + line.address()),
            Cell.of("draining until " + line.deadline()).or("draining").in(Tone.ODD),
            Cell.of(0),
            Cell.of(line.activeConnections()),
            Cell.of(line.inactiveConnections()),
            NOTHING,
            Cell.of(line.cause())
        };
    }

    private static Cell[] realServer(RealServerLine line) {
        return new Cell[] {
            Cell.of("  " + line.name()),
            Cell.of("  " + line.address() + " " + line.forwarding()).or("  " + line.address()),
            StateCells.realServer(line),
            Cell.of(PoolTables.weight(line)),
            Cell.of(line.activeConnections()),
            Cell.of(line.inactiveConnections()),
            Cell.of(line.connections()),
            Cell.of(line.reason())
        };
    }

    /** Of several checks each has a row of its own. */
    private static Cell[] check(CheckLine line) {
        return new Cell[] {
            NOTHING,
            Cell.of("    " + line.name() + " " + line.type()).or("    " + line.name()),
            Cell.of(line.health()).in(StateCells.tone(line.health())),
            NOTHING,
            NOTHING,
            NOTHING,
            NOTHING,
            Cell.of(line.reason())
        };
    }
}
