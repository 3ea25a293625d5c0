package io.fairlead.cli.output;

import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.CertificateLine;
import io.fairlead.appliance.admin.StatusReport.DrainLine;
import io.fairlead.appliance.admin.StatusReport.LeavingLine;
import io.fairlead.appliance.admin.StatusReport.MemberLine;
import io.fairlead.appliance.admin.StatusReport.RealServerLine;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Renders virtual servers and real servers for people. */
public final class PoolTables {

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
    public static String virtualServers(StatusReport report, boolean wide) {
        List<TextTable.Column> columns = new ArrayList<>(List.of(
                TextTable.left("NAME"),
                TextTable.left("SERVICE"),
                TextTable.left("SCHEDULER"),
                TextTable.right("HEALTHY"),
                TextTable.left("QUORUM"),
                TextTable.right("ACTIVE"),
                TextTable.right("TOTAL")));
        if (wide) {
            columns.addAll(List.of(
                    TextTable.right("CONN/S"),
                    TextTable.right("BYTES-IN"),
                    TextTable.right("BYTES-OUT"),
                    TextTable.left("SORRY"),
                    TextTable.right("DRAINING")));
        }
        TextTable table = new TextTable(columns.toArray(TextTable.Column[]::new));
        for (VirtualServerLine line : report.virtualServers()) {
            table.row(row(line, wide));
        }
        for (LeavingLine line : report.leaving()) {
            List<String> row = new ArrayList<>(List.of(
                    "-",
                    line.service(),
                    "-",
                    "-",
                    "leaving",
                    Long.toString(line.draining().stream()
                            .mapToLong(DrainLine::activeConnections)
                            .sum()),
                    "-"));
            if (wide) {
                row.addAll(List.of(
                        "-", "-", "-", "-", Integer.toString(line.draining().size())));
            }
            table.row(row);
        }
        return table.render();
    }

    private static List<String> row(VirtualServerLine line, boolean wide) {
        List<String> row = new ArrayList<>(List.of(
                line.name(),
                line.service(),
                line.scheduler(),
                line.healthy() + "/" + line.realServers().size(),
                line.pool().quorum(),
                Long.toString(line.realServers().stream()
                        .mapToLong(RealServerLine::activeConnections)
                        .sum()),
                Long.toString(line.connections())));
        if (wide) {
            row.addAll(List.of(
                    Long.toString(line.connectionsPerSecond()),
                    Long.toString(line.bytesIn()),
                    Long.toString(line.bytesOut()),
                    sorry(line),
                    Integer.toString(line.pool().draining().size())));
        }
        return row;
    }

    private static String sorry(VirtualServerLine line) {
        @Nullable String address = line.pool().sorryServer();
        if (address == null) {
            return "-";
        }
        return line.pool().isSorry() ? address + " (answers)" : address;
    }

    /** Returns a virtual server with all its real servers. */
    public static String virtualServer(VirtualServerLine line, boolean wide) {
        StringBuilder text = new StringBuilder();
        text.append("name:         %s%n".formatted(line.name()));
        text.append("service:      %s%n".formatted(line.service()));
        text.append("scheduler:    %s%n".formatted(line.scheduler()));
        text.append("healthy:      %d of %d%n"
                .formatted(line.healthy(), line.realServers().size()));
        text.append("quorum:       %s%n".formatted(line.pool().quorum()));
        text.append("sorry server: %s%n".formatted(sorry(line)));
        text.append("connections:  %d, %d per second%n".formatted(line.connections(), line.connectionsPerSecond()));
        text.append("bytes:        %d in, %d out%n".formatted(line.bytesIn(), line.bytesOut()));
        for (DrainLine drain : line.pool().draining()) {
            text.append("draining:     %s until %s, %d active, %d inactive%n"
                    .formatted(
                            drain.address(), drain.deadline(), drain.activeConnections(), drain.inactiveConnections()));
        }
        if (!line.realServers().isEmpty()) {
            text.append(System.lineSeparator()).append(realServers(List.of(line), wide));
        }
        return text.toString();
    }

    /** Returns one line for each real server. */
    public static String realServers(List<VirtualServerLine> virtualServers, boolean wide) {
        List<TextTable.Column> columns = new ArrayList<>(List.of(
                TextTable.left("NAME"),
                TextTable.left("ADDRESS"),
                TextTable.left("STATE"),
                TextTable.right("WEIGHT"),
                TextTable.right("ACTIVE"),
                TextTable.right("INACT")));
        if (wide) {
            columns.addAll(List.of(
                    TextTable.left("FORWARDING"),
                    TextTable.right("TOTAL"),
                    TextTable.left("SINCE"),
                    TextTable.right("CERT-DAYS"),
                    TextTable.left("REASON")));
        }
        TextTable table = new TextTable(columns.toArray(TextTable.Column[]::new));
        for (VirtualServerLine virtualServer : virtualServers) {
            for (RealServerLine line : virtualServer.realServers()) {
                List<String> row = new ArrayList<>(List.of(
                        virtualServer.name() + "/" + line.name(),
                        line.address(),
                        state(line),
                        weight(line),
                        Long.toString(line.activeConnections()),
                        Long.toString(line.inactiveConnections())));
                if (wide) {
                    row.addAll(List.of(
                            line.forwarding(),
                            Long.toString(line.connections()),
                            orDash(line.since()),
                            certificateDays(line),
                            line.reason()));
                }
                table.row(row);
            }
        }
        return table.render();
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
    public static String realServer(String virtualServer, RealServerLine line) {
        StringBuilder text = new StringBuilder();
        text.append("name:        %s/%s%n".formatted(virtualServer, line.name()));
        text.append("address:     %s%n".formatted(line.address()));
        text.append("forwarding:  %s%n".formatted(line.forwarding()));
        text.append("state:       %s%n".formatted(state(line)));
        text.append("reason:      %s%n".formatted(line.reason().isEmpty() ? "-" : line.reason()));
        text.append("since:       %s%n".formatted(orDash(line.since())));
        text.append("admin:       %s%n".formatted(line.member().admin()));
        text.append("weight:      %s%n".formatted(weight(line)));
        text.append("connections: %d active, %d inactive, %d in all%n"
                .formatted(line.activeConnections(), line.inactiveConnections(), line.connections()));
        line.peers()
                .forEach(peer -> text.append(
                        "at peer:     %s says %s since %s%n".formatted(peer.peer(), peer.health(), peer.since())));
        line.checks().forEach(check -> text.append(System.lineSeparator()).append(CheckText.of(check)));
        return text.toString();
    }

    /** What the checks say, and what the operator and the policy made of it. */
    static String state(RealServerLine line) {
        MemberLine member = line.member();
        StringBuilder state = new StringBuilder(line.health());
        if (line.disputed()) {
            state.append(" (peers disagree)");
        }
        if (member.phase() != null) {
            state.append(", ").append(member.phase()).append(member.until() == null ? "" : " until " + member.until());
        } else if (!member.admin().equals("enabled")) {
            state.append(", ").append(member.admin());
        }
        return state.toString();
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
