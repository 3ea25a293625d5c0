package io.fairlead.cli.command;

import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.cli.ExitCode;
import io.fairlead.cli.output.StatusTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Everything at a glance. */
@Command(
        name = "status",
        description = "Show the virtual servers, their real servers, and how well the kernel follows.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  fairlead status",
            "  fairlead status -o wide | grep unhealthy",
            "  fairlead status -o json | jq .reconcile.state"
        })
public final class StatusCommand extends ApplianceCommand implements Callable<Integer> {

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TABLE;

    @Override
    public Integer call() {
        String answer = askText("GET", "/v1/status", "");
        String text = switch (format) {
            case JSON -> answer;
            case TABLE, WIDE -> StatusTable.render(AdminJson.read(StatusReport.class, answer), display(format));
        };
        print(text);
        return ExitCode.OK;
    }
}
