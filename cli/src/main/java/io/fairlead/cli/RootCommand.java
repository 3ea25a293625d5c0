package io.fairlead.cli;

import io.fairlead.appliance.admin.MalformedReportException;
import io.fairlead.cli.command.CommandFailure;
import io.fairlead.core.text.Spelling;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** What the {@code fairlead} command is without its commands. */
@Command(
        name = "fairlead",
        description = "Highly available layer-4 load balancing on Linux.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:the command line is wrong",
            "3:the configuration is refused",
            "4:no appliance is running",
            "5:held back: it would remove too much at once",
            "6:doctor: warnings",
            "7:not master of the virtual router asked about"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  fairlead import keepalived /etc/keepalived/keepalived.conf > new.conf",
            "  fairlead config check new.conf",
            "  fairlead doctor -c new.conf         # is this host fit for it?",
            "  fairlead status                     # then: vs show, rs show, events",
            "  fairlead plan && fairlead reload    # after a change of the file",
        })
class RootCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
    private CommandSpec spec;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Print where in the program something failed that nobody expected.")
    private boolean debug;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** Has the parser of this command, which has all its commands by now, tell of failures in lines. */
    final CommandLine settled(CommandLine parser) {
        return parser.setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((exception, _) -> {
                    CommandLine command = exception.getCommandLine();
                    PrintWriter err = command.getErr();
                    err.println("fairlead: " + firstLine(exception));
                    err.println("fairlead: hint: " + meant(exception)
                            + command.getCommandSpec().qualifiedName() + " --help shows how it is used");
                    return ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((exception, command, parsed) -> {
                    if (exception instanceof CommandFailure failure) {
                        failure.lines().forEach(line -> command.getErr().println("fairlead: " + printable(line)));
                        return failure.exitCode();
                    }
                    if (exception instanceof MalformedReportException) {
                        command.getErr().println("fairlead: cannot understand the answer: " + firstLine(exception));
                        command.getErr().println("fairlead: hint: is that the socket of an appliance of this version?");
                        return ExitCode.FAILED;
                    }
                    command.getErr().println("fairlead: unexpected: " + firstLine(exception));
                    if (debug) {
                        exception.printStackTrace(command.getErr());
                    } else {
                        command.getErr().println("fairlead: hint: --debug shows where");
                    }
                    return ExitCode.FAILED;
                });
    }

    /** Asks whether a word that is none was meant to be one of ours. */
    private static String meant(ParameterException exception) {
        return exception instanceof UnmatchedArgumentException unmatched
                ? Spelling.closest(
                                unmatched.getUnmatched().getFirst(),
                                known(exception.getCommandLine().getCommandSpec()))
                        .map(word -> "did you mean " + word + "? ")
                        .or(() -> inGroup(
                                unmatched.getUnmatched().getFirst(),
                                exception.getCommandLine().getCommandSpec()))
                        .orElse("")
                : "";
    }

    /** A word that is a command of one of the groups, such as {@code drain} of {@code rs}. */
    private static Optional<String> inGroup(String word, CommandSpec command) {
        List<String> whole = command.subcommands().entrySet().stream()
                .filter(group -> group.getValue().getSubcommands().containsKey(word))
                .map(group -> group.getKey() + " " + word)
                .toList();
        return whole.isEmpty() ? Optional.empty() : Optional.of("did you mean " + String.join(" or ", whole) + "? ");
    }

    private static Set<String> known(CommandSpec command) {
        Set<String> words = new TreeSet<>(command.optionsMap().keySet());
        command.subcommands().forEach((name, subcommand) -> {
            if (!subcommand.getCommandSpec().usageMessage().hidden()) {
                words.add(name);
            }
        });
        return words;
    }

    private static String firstLine(Exception exception) {
        return printable(
                String.valueOf(exception.getMessage()).lines().findFirst().orElse(exception.toString()));
    }

    /** What others said may hold what disturbs a terminal. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.chars().forEach(c -> printable.append(Character.isISOControl(c) ? '?' : (char) c));
        return printable.toString();
    }
}
