package io.fairlead.cli.output;

import io.fairlead.appliance.admin.ExplainReport;
import io.fairlead.appliance.admin.ExplainReport.Weighed;

/** Renders for people which real server a client would get. */
public final class ExplainText {

    private ExplainText() {}

    /** Returns the answer, its reasons, and what the kernel goes by. */
    public static String of(ExplainReport report, Display display) {
        StringBuilder text = new StringBuilder();
        String outcome = switch (String.valueOf(report.outcome())) {
            case "chosen" -> report.realServer() + " (" + report.address() + ")";
            case "refused" -> "nobody";
            default -> "depends";
        };
        String answer = "%s at %s: %s".formatted(report.client(), report.virtualServer(), outcome);
        text.append(Prose.fold(answer, 2, display)).append(System.lineSeparator());
        report.reasons()
                .forEach(reason ->
                        text.append(Prose.fold("  " + reason, 4, display)).append(System.lineSeparator()));
        if (!report.weighed().isEmpty()) {
            text.append(System.lineSeparator()).append(weighed(report, display));
        }
        return text.toString();
    }

    private static String weighed(ExplainReport report, Display display) {
        TextTable table = new TextTable(
                Column.left("REAL SERVER").shrinkingInside(14, 28),
                Column.left("ADDRESS").shrinkingInside(21, 28),
                Column.right("WEIGHT"),
                Column.right("ACTIVE"),
                Column.right("INACT"));
        for (Weighed line : report.weighed()) {
            table.row(
                    Cell.of(line.realServer()),
                    Cell.of(line.address()),
                    Cell.of(line.weight()),
                    Cell.of(line.activeConnections()),
                    Cell.of(line.inactiveConnections()));
        }
        return table.render(display);
    }
}
