package io.fairlead.cli.command;

import io.fairlead.cli.ExitCode;
import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.ConfigRenderer;
import io.fairlead.conf.Problem;
import io.fairlead.core.text.Amount;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Commands about configuration files. */
@Command(
        name = "config",
        description = "Check and show configuration files.",
        footerHeading = "%nExamples:%n",
        footer = {"  fairlead config check new.conf", "  fairlead config show | less"})
public final class ConfigCommand implements Runnable {

    private static final String DEFAULT_FILE = "/etc/fairlead/fairlead.conf";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: check or show");
    }

    @Command(
            name = "check",
            description = {
                "Say everything that is wrong with a file; exit code 3 if it would be refused.",
                "Keys, kubeconfig and programs that it names and this host lacks are warnings.",
            },
            footerHeading = "%nExamples:%n",
            footer = {"  fairlead config check", "  fairlead config check new.conf && fairlead plan new.conf"})
    int check(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "FILE",
                            defaultValue = DEFAULT_FILE,
                            description = "Default: ${DEFAULT-VALUE}.")
                    Path file) {
        PrintWriter out = spec.commandLine().getOut();
        return switch (ConfigFile.loadWithFiles(file)) {
            case ConfigOutcome.Accepted(var config, var warnings) -> {
                print(warnings.stream().map(Problem::toString).toList());
                int realServers = config.virtualServers().stream()
                        .mapToInt(virtualServer -> virtualServer.checks().size())
                        .sum();
                out.println(
                        file + ": valid, " + Amount.of(config.virtualServers().size(), "virtual server") + ", "
                                + Amount.of(realServers, "real server"));
                yield ExitCode.OK;
            }
            case ConfigOutcome.Refused refused -> {
                print(refused.report());
                yield ExitCode.BAD_CONFIGURATION;
            }
        };
    }

    @Command(
            name = "show",
            description = "Print what a file means, with the defaults and where each value comes from.",
            footerHeading = "%nExamples:%n",
            footer = {"  fairlead config show", "  fairlead config show new.conf"})
    int show(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "FILE",
                            defaultValue = DEFAULT_FILE,
                            description = "Default: ${DEFAULT-VALUE}.")
                    Path file) {
        ConfigRenderer.Shown shown = ConfigRenderer.show(file);
        return switch (shown.outcome()) {
            case ConfigOutcome.Accepted accepted -> {
                print(accepted.warnings().stream().map(Problem::toString).toList());
                spec.commandLine().getOut().print(shown.text());
                spec.commandLine().getOut().flush();
                yield ExitCode.OK;
            }
            case ConfigOutcome.Refused refused -> {
                print(refused.report());
                yield ExitCode.BAD_CONFIGURATION;
            }
        };
    }

    private void print(List<String> problems) {
        problems.forEach(problem -> spec.commandLine().getErr().println(problem));
    }
}
