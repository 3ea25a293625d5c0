package io.fairlead.cli.command;

import io.fairlead.cli.ExitCode;
import io.fairlead.ha.channel.KeyFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Everything about high availability. */
@Command(name = "ha", description = "High availability: what appliances share.")
public final class HaCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    @Command(
            description = {
                "Print a new key for the channel between appliances.",
                "It goes as a line into the secret-file of each of them, which nobody else may read.",
            },
            footer = {
                "",
                "A first key:",
                "  (umask 077; fairlead ha key > /etc/fairlead/cluster.key)",
                "A new key without silence, each step on all appliances, with a reload, before the next:",
                "  1. add it to the file below the old one",
                "  2. move it to the top: the first key seals, all open",
                "  3. remove the old one",
            })
    int key() {
        spec.commandLine().getOut().println(KeyFile.newKey());
        return ExitCode.OK;
    }
}
