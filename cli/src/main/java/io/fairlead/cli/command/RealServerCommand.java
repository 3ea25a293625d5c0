package io.fairlead.cli.command;

import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.appliance.admin.CheckReport;
import io.fairlead.appliance.admin.CheckRequest;
import io.fairlead.appliance.admin.OperatorReport;
import io.fairlead.appliance.admin.OperatorRequest;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.RealServerLine;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
import io.fairlead.cli.ExitCode;
import io.fairlead.cli.output.CheckText;
import io.fairlead.cli.output.PoolTables;
import io.fairlead.core.text.Amount;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Everything about real servers. */
@Command(
        name = "rs",
        description = {
            "Show real servers, and take them out of service and back. What is said here outlives a reload and a"
                    + " restart.",
            "Real servers are named VS/RS: web/web-1 is web-1 of virtual server web.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  fairlead rs list",
            "  fairlead rs drain web/web-1     # no new connections; open ones go on",
            "  fairlead rs undrain web/web-1"
        })
public final class RealServerCommand extends ApplianceCommand implements Runnable {

    private static final int WEIGHT_MAX = 65_535;

    @Override
    public void run() {
        throw new ParameterException(spec().commandLine(), "a command is missing");
    }

    /** The parts of {@code VS/RS}; the last slash divides them. */
    private record Name(String virtualServer, String realServer) {

        static Name parse(CommandSpec spec, String text) {
            int slash = text.lastIndexOf('/');
            if (slash < 1 || slash == text.length() - 1) {
                throw new ParameterException(
                        spec.commandLine(), text + " (expected: VS/RS, the names of a virtual and a real server)");
            }
            return new Name(text.substring(0, slash), text.substring(slash + 1));
        }
    }

    @Command(
            description = "Give a real server no new connections, and take it out when the open ones have ended.",
            footerHeading = "%nExamples:%n",
            footer = {"  fairlead rs drain web/web-1", "  fairlead rs drain web/web-1 --timeout 600"})
    int drain(
            @Parameters(paramLabel = "VS/RS") String name,
            @Option(
                            names = {"-t", "--timeout"},
                            paramLabel = "SECONDS",
                            description =
                                    "Take it out then at the latest (default: drain-timeout of the virtual server).")
                    @Nullable
                    Long timeoutSeconds) {
        int exitCode = operate(name, "drain", null, timeoutSeconds);
        RealServerLine line = realServer(name);
        if ("draining".equals(line.member().phase())) {
            printLine("%s open, draining until %s"
                    .formatted(
                            Amount.of(line.activeConnections(), "connection"),
                            line.member().until()));
        }
        return exitCode;
    }

    @Command(
            description = "End a drain, also one that is over: the checks decide again.",
            footerHeading = "%nExample:%n",
            footer = {"  fairlead rs undrain web/web-1"})
    int undrain(@Parameters(paramLabel = "VS/RS") String name) {
        return operate(name, "enable", null, null);
    }

    @Command(
            description = "Take a real server out at once, which cuts its connections.",
            footerHeading = "%nExample:%n",
            footer = {"  fairlead rs disable web/web-1"})
    int disable(@Parameters(paramLabel = "VS/RS") String name) {
        return operate(name, "disable", null, null);
    }

    @Command(
            description = "Bring a real server back that was drained or disabled: the checks decide again.",
            footerHeading = "%nExample:%n",
            footer = {"  fairlead rs enable web/web-1"})
    int enable(@Parameters(paramLabel = "VS/RS") String name) {
        return operate(name, "enable", null, null);
    }

    @Command(
            name = "set-weight",
            description = "Give a real server another weight than the configured one.",
            footerHeading = "%nExamples:%n",
            footer = {"  fairlead rs set-weight web/web-1 5", "  fairlead rs set-weight web/web-1 default"})
    int setWeight(
            @Parameters(paramLabel = "VS/RS") String name,
            @Parameters(paramLabel = "WEIGHT", description = "0..65535, or \"default\" for the configured weight.")
                    String weight) {
        return operate(name, "set-weight", weight.equals("default") ? null : number(weight), null);
    }

    private int number(String weight) {
        try {
            int number = Integer.parseInt(weight);
            if (number >= 0 && number <= WEIGHT_MAX) {
                return number;
            }
        } catch (NumberFormatException _) { // as below
        }
        throw new ParameterException(spec().commandLine(), weight + " (expected: 0..65535, or default)");
    }

    private int operate(String text, String action, @Nullable Integer weight, @Nullable Long timeoutSeconds) {
        Name name = Name.parse(spec(), text);
        String request = AdminJson.write(
                new OperatorRequest(name.virtualServer(), name.realServer(), action, weight, timeoutSeconds));
        OperatorReport report = AdminJson.read(OperatorReport.class, askText("POST", "/v1/real-server", request));
        if (!report.accepted()) {
            RealServerLine _ = realServer(text); // else a better hint than the appliance has
            throw new CommandFailure(ExitCode.FAILED, report.problems());
        }
        report.problems().forEach(this::remark);
        printLine("done, " + Amount.of(report.operations(), "operation"));
        return report.problems().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    @Command(
            description = "Probe a real server now, out of schedule, and show what comes back. It changes nothing; the"
                    + " exit code is 1 if the checks do not pass.",
            footerHeading = "%nExample:%n",
            footer = {"  fairlead rs check web/web-1"})
    int check(
            @Parameters(paramLabel = "VS/RS") String text,
            @Option(
                            names = {"-o", "--output"},
                            defaultValue = "table",
                            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
                    OutputFormat format) {
        Name name = Name.parse(spec(), text);
        String answer = askText(
                "POST", "/v1/check", AdminJson.write(new CheckRequest(name.virtualServer(), name.realServer())));
        CheckReport report = AdminJson.read(CheckReport.class, answer);
        if (!report.accepted()) {
            throw new CommandFailure(ExitCode.FAILED, report.problems());
        }
        print(
                switch (format) {
                    case TABLE, WIDE -> CheckText.of(report, display(format));
                    case JSON -> answer;
                });
        return report.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    @Command(
            description = "List the real servers of all virtual servers, or of one.",
            footerHeading = "%nExamples:%n",
            footer = {"  fairlead rs list", "  fairlead rs list web -o wide"})
    int list(
            @Parameters(paramLabel = "VS", arity = "0..1") @Nullable String virtualServer,
            @Option(
                            names = {"-o", "--output"},
                            defaultValue = "table",
                            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
                    OutputFormat format) {
        List<VirtualServerLine> lines = lines();
        if (virtualServer != null) {
            lines = List.of(virtualServer(lines, virtualServer));
        }
        if (format != OutputFormat.JSON
                && lines.stream().allMatch(line -> line.realServers().isEmpty())) {
            remark("no real servers");
        }
        print(
                switch (format) {
                    case TABLE, WIDE -> PoolTables.realServers(lines, display(format));
                    case JSON ->
                        AdminJson.write(new PoolTables.RealServerList(
                                        StatusReport.SCHEMA_VERSION,
                                        lines.stream()
                                                .flatMap(line -> line.realServers().stream()
                                                        .map(realServer -> new PoolTables.NamedRealServer(
                                                                line.name(), realServer)))
                                                .toList()))
                                + System.lineSeparator();
                });
        return ExitCode.OK;
    }

    @Command(
            description = "Show everything about one real server.",
            footerHeading = "%nExample:%n",
            footer = {"  fairlead rs show web/web-1"})
    int show(
            @Parameters(paramLabel = "VS/RS") String text,
            @Option(
                            names = {"-o", "--output"},
                            defaultValue = "table",
                            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
                    OutputFormat format) {
        RealServerLine line = realServer(text);
        print(
                switch (format) {
                    case TABLE, WIDE ->
                        PoolTables.realServer(Name.parse(spec(), text).virtualServer(), line, display(format));
                    case JSON -> AdminJson.write(line) + System.lineSeparator();
                });
        return ExitCode.OK;
    }

    private RealServerLine realServer(String text) {
        Name name = Name.parse(spec(), text);
        List<RealServerLine> lines =
                virtualServer(lines(), name.virtualServer()).realServers();
        return lines.stream()
                .filter(candidate -> candidate.name().equals(name.realServer()))
                .findFirst()
                .orElseThrow(() -> CommandFailure.noSuch(
                        "real server",
                        text,
                        lines.stream()
                                .map(candidate -> name.virtualServer() + "/" + candidate.name())
                                .toList(),
                        "fairlead rs list " + name.virtualServer()));
    }

    private List<VirtualServerLine> lines() {
        return AdminJson.read(StatusReport.class, askText("GET", "/v1/status", ""))
                .virtualServers();
    }

    static VirtualServerLine virtualServer(List<VirtualServerLine> lines, String name) {
        return lines.stream()
                .filter(line -> line.name().equals(name))
                .findFirst()
                .orElseThrow(() -> CommandFailure.noSuch(
                        "virtual server",
                        name,
                        lines.stream().map(VirtualServerLine::name).toList(),
                        "fairlead vs list"));
    }
}
