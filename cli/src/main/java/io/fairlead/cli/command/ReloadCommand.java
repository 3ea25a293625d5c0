package io.fairlead.cli.command;

import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.appliance.admin.ReloadReport;
import io.fairlead.cli.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Has the appliance read its file again. */
@Command(
        name = "reload",
        description = "Have the appliance read its configuration again. A refused file changes nothing.")
public final class ReloadCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
    private CommandSpec spec;

    @Mixin
    private final SocketOption socket = new SocketOption();

    @Option(
            names = {"-f", "--force"},
            description = "Follow the file even if it removes more than fairlead.removal-guard allows.")
    private boolean force;

    @Override
    public Integer call() {
        ReloadReport report = AdminJson.read(
                ReloadReport.class, socket.ask("POST", force ? "/v1/reload?force=true" : "/v1/reload", ""));
        report.problems().forEach(problem -> spec.commandLine().getErr().println(problem));
        if (report.heldBack()) {
            throw new CommandFailure(
                    ExitCode.HELD_BACK, List.of("held back; nothing was changed", "hint: --force if it is meant so"));
        }
        if (!report.accepted()) {
            throw new CommandFailure(ExitCode.BAD_CONFIGURATION, List.of("refused; nothing was changed"));
        }
        report.failing().forEach(failure -> spec.commandLine().getErr().println(failure + " (will be tried again)"));
        spec.commandLine().getOut().println("applied, " + report.operations() + " operations");
        return report.failing().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }
}
