package io.fairlead.cli.command;

import io.fairlead.appliance.admin.AdminClient;
import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.cli.ExitCode;
import io.fairlead.cli.output.StatusTable;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Everything at a glance. */
@Command(
        name = "status",
        description = "Show the virtual servers, their real servers, and how well the kernel follows.")
public final class StatusCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
    private CommandSpec spec;

    @Mixin
    private final SocketOption socket = new SocketOption();

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TABLE;

    @Override
    public Integer call() {
        AdminClient.Answer answer = socket.send("GET", "/v1/status", "");
        if (answer.status() != 200) {
            throw new CommandFailure(ExitCode.FAILED, List.of(answer.body().strip()));
        }
        String text = switch (format) {
            case JSON -> answer.body();
            case TABLE -> StatusTable.render(AdminJson.read(StatusReport.class, answer.body()));
        };
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
