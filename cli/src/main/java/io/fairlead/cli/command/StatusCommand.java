package io.fairlead.cli.command;

import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.cli.ExitCode;
import io.fairlead.cli.output.StatusTable;
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
        String answer = socket.ask("GET", "/v1/status", "");
        String text = switch (format) {
            case JSON -> answer;
            case TABLE -> StatusTable.render(AdminJson.read(StatusReport.class, answer));
        };
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
