package io.fairlead.cli.command;

import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.appliance.admin.EventsReport;
import io.fairlead.appliance.event.Event;
import io.fairlead.cli.ExitCode;
import io.fairlead.cli.output.Display;
import io.fairlead.cli.output.Prose;
import io.fairlead.core.text.Amount;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What has happened, and what happens. */
@Command(
        name = "events",
        description = {
            "Show the log of every change of state with its cause, the oldest first.",
            "It is kept across restarts. With json, each event is one object on a line of its own.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  fairlead events -n 20",
            "  fairlead events --vs web --follow",
            "  fairlead events -o json | jq 'select(.kind == \"health\")'",
        })
public final class EventsCommand extends ApplianceCommand implements Callable<Integer> {

    private static final int LINES_MAX = 10_000;
    /** How long the appliance lets us wait before it says that nothing has happened. */
    private static final int WAIT_SECONDS = 20;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what happens from now on, until interrupted.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "50",
            description = "Begin with the last N events, 0..10000 (default: ${DEFAULT-VALUE}).")
    private int lines;

    @Option(names = "--vs", paramLabel = "VS", description = "Only what concerns this virtual server.")
    private @Nullable String virtualServer;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TABLE;

    @Override
    public Integer call() {
        if (lines < 0 || lines > LINES_MAX) {
            throw new ParameterException(spec().commandLine(), "-n " + lines + " (expected: 0.." + LINES_MAX + ")");
        }
        PrintWriter out = spec().commandLine().getOut();
        EventsReport report = ask("most=" + Math.max(1, lines));
        if (lines > 0) {
            print(report, out);
        }
        while (follow && !out.checkError()) { // a reader that is gone wants no more
            report = ask("after=" + report.last() + "&most=1000&wait=" + WAIT_SECONDS);
            if (report.missed() > 0) {
                remark(Amount.of(report.missed(), "event is", "events are") + " not kept any more");
            }
            print(report, out);
        }
        return ExitCode.OK;
    }

    private EventsReport ask(String query) {
        String about = virtualServer == null
                ? ""
                : "&virtual-server=" + URLEncoder.encode(virtualServer, StandardCharsets.UTF_8);
        return AdminJson.read(EventsReport.class, askText("GET", "/v1/events?" + query + about, ""));
    }

    private void print(EventsReport report, PrintWriter out) {
        if (report.events().isEmpty()) {
            return;
        }
        Display display = display(format); // asked each time: the terminal may have got another size
        for (Event event : report.events()) {
            out.println(
                    switch (format) {
                        case JSON -> AdminJson.write(event);
                        case TABLE, WIDE ->
                            Prose.fold(
                                    "%s  %s  %s: %s (%s)"
                                            .formatted(
                                                    event.at(),
                                                    event.kind().configName(),
                                                    event.subject(),
                                                    event.change(),
                                                    event.cause()),
                                    4,
                                    display);
                    });
        }
        out.flush();
    }
}
