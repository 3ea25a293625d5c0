package io.fairlead.cli.command;

import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.appliance.admin.ReloadReport;
import io.fairlead.cli.ExitCode;
import io.fairlead.core.text.Amount;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Has the appliance read its file again. */
@Command(
        name = "reload",
        description = "Have the appliance read its configuration again. A refused file changes nothing.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  fairlead plan && fairlead reload",
            "  fairlead reload --confirm-within 60s   # then: fairlead confirm",
        })
public final class ReloadCommand extends ApplianceCommand implements Callable<Integer> {

    @Option(
            names = {"-f", "--force"},
            description = "Follow the file even if it removes more than fairlead.removal-guard allows.")
    private boolean force;

    @Option(
            names = "--confirm-within",
            paramLabel = "TIME",
            converter = Seconds.class,
            description =
                    "Go back to the configuration before unless \"fairlead confirm\" comes in this time, such as 60s"
                            + " or 5m (1s..1d), also after a restart. A lost connection to this host mends itself.")
    private @Nullable Long confirmWithin;

    @Override
    public Integer call() {
        String path = "/v1/reload?force=" + force + (confirmWithin == null ? "" : "&confirm-within=" + confirmWithin);
        ReloadReport report = AdminJson.read(ReloadReport.class, askText("POST", path, ""));
        report.problems().forEach(this::remark);
        if (report.heldBack()) {
            throw new CommandFailure(
                    ExitCode.HELD_BACK, List.of("held back; nothing was changed", "hint: --force if it is meant so"));
        }
        if (!report.accepted()) {
            throw new CommandFailure(ExitCode.BAD_CONFIGURATION, List.of("refused; nothing was changed"));
        }
        report.failing().forEach(failure -> remark(failure + " (will be tried again)"));
        printLine("applied, " + Amount.of(report.operations(), "operation"));
        if (report.confirmBy() != null) {
            printLine("to be confirmed by " + report.confirmBy() + ", or it is taken back: fairlead confirm");
        }
        return report.failing().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }
}
