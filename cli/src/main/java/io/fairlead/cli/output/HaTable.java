package io.fairlead.cli.output;

import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.HaReport.LinkLine;
import io.fairlead.appliance.admin.HaReport.PeerLine;
import io.fairlead.appliance.admin.HaReport.RouterLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes how the election stands for people. */
public final class HaTable {

    private static final double SECONDS_FROM_MILLIS = 10_000;

    private HaTable() {}

    /** Returns the table. */
    public static String render(HaReport report, Display display) {
        if (!report.configured()) {
            return "no virtual routers: a single appliance" + System.lineSeparator();
        }
        StringBuilder text = new StringBuilder();
        if (!report.self().isEmpty()) {
            text.append(Prose.fold(head(report), 2, display)).append(System.lineSeparator());
        }
        troubles(report)
                .forEach(line -> text.append(Tone.BAD.paint(Prose.fold(line, 2, display), display))
                        .append(System.lineSeparator()));
        if (report.routers().isEmpty()) {
            return text.toString();
        }
        text.append(System.lineSeparator()).append(routers(report, display));
        if (report.routers().stream().anyMatch(router -> !router.peers().isEmpty())) {
            text.append(System.lineSeparator()).append(peers(report, display));
        }
        return text.toString();
    }

    private static String head(HaReport report) {
        return "cluster " + report.cluster() + ", this appliance " + report.self()
                + (report.maintenance() ? ", in maintenance" : "")
                + (report.warm() ? "" : ", not warm yet: asks for no address of a living master");
    }

    private static List<String> troubles(HaReport report) {
        List<String> lines = new ArrayList<>();
        report.failing().forEach(failure -> lines.add("failing: " + failure));
        if (report.link() != null) {
            for (LinkLine peer : report.link().peers()) {
                if (peer.refusal() != null) {
                    lines.add("refused: what comes from %s: %s".formatted(peer.address(), peer.refusal()));
                }
            }
        }
        return lines;
    }

    private static String routers(HaReport report, Display display) {
        TextTable table = new TextTable(
                Column.left("ROUTER").shrinkingInside(8, 20),
                Column.left("ROLE"),
                Column.right("PRIORITY"),
                Column.right("TERM").leaving(1),
                Column.left("SINCE").leaving(2),
                Column.left("CAUSE").shrinking(14, 24),
                Column.left("ADDRESSES").shrinkingInside(16, 24));
        for (RouterLine router : report.routers()) {
            table.row(
                    Cell.of(router.name()),
                    Cell.of(router.role()).in(tone(router.role())),
                    Cell.of(router.priority()),
                    Cell.of(router.term()),
                    Cell.of(router.since()),
                    cause(router),
                    Cell.list(router.addresses(), " "));
        }
        return table.render(display);
    }

    /** What is wrong now matters more than how it came to its role. */
    private static Cell cause(RouterLine router) {
        String fails = router.failed().isEmpty() ? "" : "fails: " + String.join(", ", router.failed());
        String link = router.linkSays().isEmpty() ? "" : "no peer is heard and " + router.linkSays();
        Cell cell = Cell.of(router.cause()
                + (fails.isEmpty() ? "" : " (" + fails + ")")
                + (link.isEmpty() ? "" : " (" + link + ")"));
        if (!fails.isEmpty()) {
            return cell.or(fails);
        }
        return link.isEmpty() ? cell : cell.or(router.linkSays());
    }

    private static String peers(HaReport report, Display display) {
        TextTable table = new TextTable(
                Column.left("ROUTER").shrinkingInside(8, 20),
                Column.left("PEER").shrinkingInside(16, 39),
                Column.left("ROLE"),
                Column.right("PRIORITY"),
                Column.right("HEARD"),
                Column.right("JITTER").leaving(1));
        for (RouterLine router : report.routers()) {
            for (PeerLine peer : router.peers()) {
                table.row(
                        Cell.of(router.name()),
                        Cell.of(peer.address() + (peer.witness() ? " (witness)" : "")),
                        Cell.of(peer.role()).in(tone(peer.role())),
                        Cell.of(peer.priority()),
                        Cell.of(peer.heardMillis() < 0 ? "never" : ago(peer.heardMillis())),
                        Cell.of(millis(peer.jitterMillis())));
            }
        }
        return table.render(display);
    }

    private static Tone tone(String role) {
        return switch (role) {
            case "master", "backup" -> Tone.GOOD;
            case "fault", "silent", "unheard" -> Tone.BAD;
            default -> Tone.ODD;
        };
    }

    private static String ago(double millis) {
        return (millis < SECONDS_FROM_MILLIS ? millis(millis) : Math.round(millis / 1000) + " s") + " ago";
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, "%.1f ms", millis);
    }
}
