package io.fairlead.cli.output;

import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.CertificateLine;
import io.fairlead.appliance.admin.StatusReport.DrainLine;
import io.fairlead.appliance.admin.StatusReport.LeavingLine;
import io.fairlead.appliance.admin.StatusReport.RealServerLine;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Renders virtual servers and real servers for people. */
public final class PoolTables {

    private static final Cell NONE = Cell.of("-");

    private PoolTables() {}

    /** What {@code vs list -o json} prints. */
    public record VirtualServerList(
            int schemaVersion, List<VirtualServerLine> virtualServers, List<LeavingLine> leaving) {

        public VirtualServerList {
            virtualServers = List.copyOf(virtualServers);
            leaving = List.copyOf(leaving);
        }
    }

    /** What {@code rs list -o json} prints. */
    public record RealServerList(int schemaVersion, List<NamedRealServer> realServers) {

        public RealServerList {
            realServers = List.copyOf(realServers);
        }
    }

    /** A real server with the name of its virtual server. */
    public record NamedRealServer(String virtualServer, RealServerLine realServer) {}

    /** Returns one line for each virtual server. */
    public static String virtualServers(StatusReport report, Display display) {
        TextTable table = new TextTable(
                Column.left("NAME").shrinkingInside(10, 24),
                Column.left("SERVICE").shrinkingInside(21, 28),
                Column.left("SCHEDULER").leaving(7),
                Column.right("HEALTHY"),
                Column.left("QUORUM"),
                Column.right("ACTIVE"),
                Column.right("TOTAL").leaving(6),
                Column.right("CONN/S").leaving(4),
                Column.right("BYTES-IN").leaving(2),
                Column.right("BYTES-OUT").leaving(3),
                Column.left("SORRY").shrinkingInside(21, 30).leaving(5),
                Column.right("DRAINING").leaving(1));
        for (VirtualServerLine line : report.virtualServers()) {
            table.row(virtualServer(line));
        }
        for (LeavingLine line : report.leaving()) {
            table.row(leaving(line));
        }
        return table.render(display);
    }

    private static Cell[] virtualServer(VirtualServerLine line) {
        boolean isWhole = line.healthy() == line.realServers().size();
        Tone tone = StateCells.pool(isWhole, line.pool().quorum());
        return new Cell[] {
            Cell.of(line.name()),
            Cell.of(line.service()),
            Cell.of(line.scheduler()),
            Cell.of(line.healthy() + "/" + line.realServers().size()).in(tone),
            Cell.of(line.pool().quorum()).in(tone),
            Cell.of(line.realServers().stream()
                    .mapToLong(RealServerLine::activeConnections)
                    .sum()),
            Cell.of(line.connections()),
            Cell.of(line.connectionsPerSecond()),
            Cell.of(line.bytesIn()),
            Cell.of(line.bytesOut()),
            Cell.of(sorry(line)),
            Cell.of(line.pool().draining().size())
        };
    }

    private static Cell[] leaving(LeavingLine line) {
        return new Cell[] {
            NONE,
            Cell.of(line.service()),
            NONE,
            NONE,
            Cell.of("leaving").in(Tone.ODD),
            Cell.of(line.draining().stream()
                    .mapToLong(DrainLine::activeConnections)
                    .sum()),
            NONE,
            NONE,
            NONE,
            NONE,
            NONE,
            Cell.of(line.draining().size())
        };
    }

    private static String sorry(VirtualServerLine line) {
        @Nullable String address = line.pool().sorryServer();
        if (address == null) {
            return "-";
        }
        return line.pool().isSorry() ? address + " (answers)" : address;
    }

    /** Returns a virtual server with all its real servers. */
    public static String virtualServer(VirtualServerLine line, Display display) {
        FactSheet sheet = new FactSheet(14, display);
        sheet.fact("name", line.name());
        sheet.fact("service", line.service());
        sheet.fact("scheduler", line.scheduler());
        sheet.fact(
                "healthy",
                "%d of %d".formatted(line.healthy(), line.realServers().size()));
        sheet.fact("quorum", line.pool().quorum());
        sheet.fact("sorry server", sorry(line));
        sheet.fact("connections", "%d, %d per second".formatted(line.connections(), line.connectionsPerSecond()));
        sheet.fact("bytes", "%d in, %d out".formatted(line.bytesIn(), line.bytesOut()));
        for (DrainLine drain : line.pool().draining()) {
            sheet.fact(
                    "draining",
                    "%s until %s, %d active, %d inactive"
                            .formatted(
                                    drain.address(),
                                    drain.deadline(),
                                    drain.activeConnections(),
                                    drain.inactiveConnections()));
        }
        return line.realServers().isEmpty()
                ? sheet.text()
                : sheet.text() + System.lineSeparator() + realServers(List.of(line), display);
    }

    /** Returns one line for each real server. */
    public static String realServers(List<VirtualServerLine> virtualServers, Display display) {
        TextTable table = new TextTable(
                Column.left("NAME").shrinkingInside(14, 28),
                Column.left("ADDRESS").shrinkingInside(21, 28),
                Column.left("STATE").shrinking(9, 20),
                Column.right("WEIGHT"),
                Column.right("ACTIVE"),
                Column.right("INACT").leaving(5),
                Column.left("FORWARDING").leaving(2),
                Column.right("TOTAL").leaving(4),
                Column.left("SINCE").leaving(3),
                Column.right("CERT-DAYS").leaving(1),
                Column.left("REASON").shrinking(16, 24).leaving(6));
        for (VirtualServerLine virtualServer : virtualServers) {
            for (RealServerLine line : virtualServer.realServers()) {
                table.row(
                        Cell.of(virtualServer.name() + "/" + line.name()),
                        Cell.of(line.address()),
                        StateCells.realServer(line),
                        Cell.of(weight(line)),
                        Cell.of(line.activeConnections()),
                        Cell.of(line.inactiveConnections()),
                        Cell.of(line.forwarding()),
                        Cell.of(line.connections()),
                        Cell.of(orDash(line.since())),
                        Cell.of(certificateDays(line)),
                        Cell.of(line.reason()));
            }
        }
        return table.render(display);
    }

    /** Of several certificates the one that expires first. */
    private static String certificateDays(RealServerLine line) {
        return line.checks().stream()
                .flatMap(check -> Stream.ofNullable(check.certificate()))
                .map(CertificateLine::daysLeft)
                .min(Comparator.naturalOrder())
                .map(days -> Long.toString(days))
                .orElse("-");
    }

    /** Returns everything about one real server. */
    public static String realServer(String virtualServer, RealServerLine line, Display display) {
        FactSheet sheet = new FactSheet(13, display);
        sheet.fact("name", virtualServer + "/" + line.name());
        sheet.fact("address", line.address());
        sheet.fact("forwarding", line.forwarding());
        sheet.fact("state", StateCells.realServer(line));
        sheet.fact("reason", line.reason().isEmpty() ? "-" : line.reason());
        sheet.fact("since", orDash(line.since()));
        sheet.fact("admin", line.member().admin());
        sheet.fact(
                "weight",
                weight(line) + (StateCells.isReweighted(line) ? ", configured " + line.configuredWeight() : ""));
        sheet.fact(
                "connections",
                "%d active, %d inactive, %d in all"
                        .formatted(line.activeConnections(), line.inactiveConnections(), line.connections()));
        line.peers()
                .forEach(peer -> sheet.fact(
                        "at peer", "%s says %s since %s".formatted(peer.peer(), peer.health(), peer.since())));
        StringBuilder text = new StringBuilder(sheet.text());
        line.checks().forEach(check -> text.append(System.lineSeparator()).append(CheckText.of(check, display)));
        return text.toString();
    }

    /** The weight in the kernel, and the one asked for where that differs; a dash when it is not in the table. */
    static String weight(RealServerLine line) {
        @Nullable Integer adminWeight = line.member().adminWeight();
        int wanted = adminWeight == null ? line.configuredWeight() : adminWeight;
        @Nullable Integer inKernel = line.weight();
        if (inKernel == null) {
            return "-/" + wanted;
        }
        return inKernel == wanted ? Integer.toString(wanted) : inKernel + "/" + wanted;
    }

    private static String orDash(@Nullable String text) {
        return text == null ? "-" : text;
    }
}
