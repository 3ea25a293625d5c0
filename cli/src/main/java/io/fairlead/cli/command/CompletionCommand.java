package io.fairlead.cli.command;

import io.fairlead.cli.ExitCode;
import io.fairlead.cli.output.CompletionScript;
import io.fairlead.cli.output.FishCompletion;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a shell needs to complete command lines. */
@Command(
        name = "completion",
        description = {
            "Print a script that has a shell complete commands, options, and the names of virtual servers, real"
                + " servers and virtual routers, which it asks the running appliance for. The packages install those"
                + " for bash and fish.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(fairlead completion bash)",
            "  fairlead completion zsh >~/.fairlead-completion",
            "  echo 'source ~/.fairlead-completion' >>~/.zshrc",
            "  fairlead completion fish >~/.config/fish/completions/fairlead.fish",
        })
public final class CompletionCommand implements Callable<Integer> {

    /** The shells that are known. */
    public enum Shell {
        BASH,
        ZSH,
        FISH;

        /** Returns how it is written on a command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // required
    private Shell shell;

    @Override
    public Integer call() {
        spec.commandLine()
                .getOut()
                .print(
                        switch (shell) {
                            case BASH, ZSH -> CompletionScript.bash(spec.root().commandLine());
                            case FISH -> FishCompletion.of(spec.root().commandLine());
                        });
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
