package io.fairlead.cli.command;

import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.appliance.admin.ConfirmReport;
import io.fairlead.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Keeps a reload that waits to be confirmed. */
@Command(
        name = "confirm",
        description = "Keep what \"reload --confirm-within\" brought about; without this it is taken back.",
        footerHeading = "%nExample:%n",
        footer = {"  fairlead reload --confirm-within 60s && check-from-outside &&", "      fairlead confirm"})
public final class ConfirmCommand extends ApplianceCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        ConfirmReport report = AdminJson.read(ConfirmReport.class, askText("POST", "/v1/confirm", ""));
        if (!report.accepted()) {
            throw new CommandFailure(ExitCode.FAILED, report.problems());
        }
        printLine("confirmed");
        return ExitCode.OK;
    }
}
