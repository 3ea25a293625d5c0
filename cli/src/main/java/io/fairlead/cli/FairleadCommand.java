package io.fairlead.cli;

import io.fairlead.cli.command.ClearCommand;
import io.fairlead.cli.command.CommandFailure;
import io.fairlead.cli.command.CompletionCommand;
import io.fairlead.cli.command.ConfigCommand;
import io.fairlead.cli.command.ConfirmCommand;
import io.fairlead.cli.command.DoctorCommand;
import io.fairlead.cli.command.EventsCommand;
import io.fairlead.cli.command.ExplainCommand;
import io.fairlead.cli.command.HaCommand;
import io.fairlead.cli.command.ImportCommand;
import io.fairlead.cli.command.IsMasterCommand;
import io.fairlead.cli.command.KubernetesCommand;
import io.fairlead.cli.command.NamesCommand;
import io.fairlead.cli.command.PlanCommand;
import io.fairlead.cli.command.RealServerCommand;
import io.fairlead.cli.command.ReloadCommand;
import io.fairlead.cli.command.RunCommand;
import io.fairlead.cli.command.StatusCommand;
import io.fairlead.cli.command.TopCommand;
import io.fairlead.cli.command.VirtualServerCommand;
import io.fairlead.cli.output.CheckedOutput;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
            ConfirmCommand.class,
            EventsCommand.class,
            ClearCommand.class,
            HaCommand.class,
            ExplainCommand.class,
            DoctorCommand.class,
            IsMasterCommand.class,
            StatusCommand.class,
            TopCommand.class,
            VirtualServerCommand.class,
            RealServerCommand.class,
            CompletionCommand.class,
            NamesCommand.class,
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:the command line is wrong",
            "3:the configuration is refused",
            "4:no appliance is running",
            "5:held back: it would remove too much at once",
            "6:doctor: warnings",
            "7:not master of the virtual router asked about",
        })
public final class FairleadCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Print where in the program something failed that nobody expected.")
    private boolean debug;

    /** Returns the parser of the whole command line. */
    public static CommandLine commandLine() {
        FairleadCommand root = new FairleadCommand();
        return new CommandLine(root)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((exception, _) -> {
                    CommandLine command = exception.getCommandLine();
                    PrintWriter err = command.getErr();
                    err.println("fairlead: " + firstLine(exception));
                    err.println("fairlead: hint: " + command.getCommandSpec().qualifiedName()
                            + " --help shows how it is used");
                    return ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((exception, command, parsed) -> {
                    if (exception instanceof CommandFailure failure) {
                        failure.lines().forEach(line -> command.getErr().println("fairlead: " + line));
                        return failure.exitCode();
                    }
                    command.getErr().println("fairlead: unexpected: " + firstLine(exception));
                    if (root.debug) {
                        exception.printStackTrace(command.getErr());
                    } else {
                        command.getErr().println("fairlead: hint: --debug shows where");
                    }
                    return ExitCode.FAILED;
                });
    }

    private static String firstLine(Exception exception) {
        return String.valueOf(exception.getMessage()).lines().findFirst().orElse(exception.toString());
    }

    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) {
        CheckedOutput output = CheckedOutput.standard();
        int exitCode = commandLine().setOut(output.writer()).execute(arguments);
        if (output.failure().isPresent()) {
            System.err.println(
                    "fairlead: output cannot be written: " + output.failure().get());
            exitCode = ExitCode.FAILED;
        }
        System.exit(exitCode);
    }
}
