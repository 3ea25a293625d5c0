package io.fairlead.cli;

import io.fairlead.cli.command.CommandFailure;
import io.fairlead.cli.command.ConfigCommand;
import io.fairlead.cli.command.EventsCommand;
import io.fairlead.cli.command.ImportCommand;
import io.fairlead.cli.command.KubernetesCommand;
import io.fairlead.cli.command.PlanCommand;
import io.fairlead.cli.command.RealServerCommand;
import io.fairlead.cli.command.ReloadCommand;
import io.fairlead.cli.command.RunCommand;
import io.fairlead.cli.command.StatusCommand;
import io.fairlead.cli.command.VirtualServerCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code fairlead} command. */
@Command(
        name = "fairlead",
        description = "Highly available layer-4 load balancing on Linux.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        subcommands = {
            RunCommand.class,
            ConfigCommand.class,
            ImportCommand.class,
            KubernetesCommand.class,
            PlanCommand.class,
            ReloadCommand.class,
            EventsCommand.class,
            StatusCommand.class,
            VirtualServerCommand.class,
            RealServerCommand.class,
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:the command line is wrong",
            "3:the configuration is refused",
            "4:no appliance is running",
            "5:held back: it would remove too much at once",
        })
public final class FairleadCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** Returns the parser of the whole command line. */
    public static CommandLine commandLine() {
        return new CommandLine(new FairleadCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((exception, command, parsed) -> {
                    if (exception instanceof CommandFailure failure) {
                        failure.lines().forEach(line -> command.getErr().println("fairlead: " + line));
                        return failure.exitCode();
                    }
                    exception.printStackTrace(command.getErr());
                    return ExitCode.FAILED;
                });
    }

    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }
}
