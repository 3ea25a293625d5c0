package io.fairlead.cli.command;

import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
import io.fairlead.cli.ExitCode;
import io.fairlead.cli.output.PoolTables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Everything about virtual servers. */
@Command(
        name = "vs",
        description = "Show virtual servers.",
        footerHeading = "%nExamples:%n",
        footer = {"  fairlead vs list", "  fairlead vs show web"})
public final class VirtualServerCommand extends ApplianceCommand implements Runnable {

    @Override
    public void run() {
        throw new ParameterException(spec().commandLine(), "a command is missing");
    }

    @Command(
            description = "List the virtual servers, and those that left the configuration and drain.",
            footerHeading = "%nExamples:%n",
            footer = {"  fairlead vs list", "  fairlead vs list -o wide"})
    int list(
            @Option(
                            names = {"-o", "--output"},
                            defaultValue = "table",
                            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
                    OutputFormat format) {
        StatusReport report = report();
        if (format != OutputFormat.JSON
                && report.virtualServers().isEmpty()
                && report.leaving().isEmpty()) {
            remark("no virtual servers");
        }
        print(
                switch (format) {
                    case TABLE, WIDE -> PoolTables.virtualServers(report, display(format));
                    case JSON ->
                        AdminJson.write(new PoolTables.VirtualServerList(
                                        report.schemaVersion(), report.virtualServers(), report.leaving()))
                                + System.lineSeparator();
                });
        return ExitCode.OK;
    }

    @Command(
            description = "Show everything about one virtual server.",
            footerHeading = "%nExample:%n",
            footer = {"  fairlead vs show web"})
    int show(
            @Parameters(paramLabel = "VS") String name,
            @Option(
                            names = {"-o", "--output"},
                            defaultValue = "table",
                            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
                    OutputFormat format) {
        VirtualServerLine line = RealServerCommand.virtualServer(report().virtualServers(), name);
        print(
                switch (format) {
                    case TABLE, WIDE -> PoolTables.virtualServer(line, display(format));
                    case JSON -> AdminJson.write(line) + System.lineSeparator();
                });
        return ExitCode.OK;
    }

    private StatusReport report() {
        return AdminJson.read(StatusReport.class, askText("GET", "/v1/status", ""));
    }
}
