package io.fairlead.cli;

import io.fairlead.cli.command.ClearCommand;
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
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code fairlead} command. */
@Command(
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
        })
public final class FairleadCommand extends RootCommand {

    /** Returns the parser of the whole command line. */
    public static CommandLine commandLine() {
        FairleadCommand root = new FairleadCommand();
        return root.settled(new CommandLine(root));
    }

    /**
     * Returns a parser that is enough for these arguments: where they begin with the name of a command, it knows that one alone.
     * Looking at all commands takes a good part of the time of one that only asks.
     */
    static CommandLine commandLineFor(String... arguments) {
        Optional<Class<?>> command = arguments.length == 0 ? Optional.empty() : named(arguments[0]);
        if (command.isEmpty()) {
            return commandLine();
        }
        RootCommand root = new RootCommand();
        return root.settled(new CommandLine(root).addSubcommand(command.get()));
    }

    private static Optional<Class<?>> named(String name) {
        return switch (name) {
            case "run" -> Optional.of(RunCommand.class);
            case "config" -> Optional.of(ConfigCommand.class);
            case "import" -> Optional.of(ImportCommand.class);
            case "kubernetes" -> Optional.of(KubernetesCommand.class);
            case "plan" -> Optional.of(PlanCommand.class);
            case "reload" -> Optional.of(ReloadCommand.class);
            case "confirm" -> Optional.of(ConfirmCommand.class);
            case "events" -> Optional.of(EventsCommand.class);
            case "clear" -> Optional.of(ClearCommand.class);
            case "ha" -> Optional.of(HaCommand.class);
            case "explain" -> Optional.of(ExplainCommand.class);
            case "doctor" -> Optional.of(DoctorCommand.class);
            case "is-master" -> Optional.of(IsMasterCommand.class);
            case "status" -> Optional.of(StatusCommand.class);
            case "top" -> Optional.of(TopCommand.class);
            case "vs" -> Optional.of(VirtualServerCommand.class);
            case "rs" -> Optional.of(RealServerCommand.class);
            case "names" -> Optional.of(NamesCommand.class);
            default -> Optional.empty(); // also completion, which is about all of them
        };
    }

    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) {
        CheckedOutput output = CheckedOutput.standard();
        int exitCode = commandLineFor(arguments).setOut(output.writer()).execute(arguments);
        System.exit(output.settle(exitCode, System.err));
    }
}
