package io.fairlead.cli.command;

import io.fairlead.appliance.Clearing;
import io.fairlead.appliance.StartupException;
import io.fairlead.cli.ExitCode;
import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.ConnectionSyncSpec;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.conf.HighAvailabilityConfig;
import io.fairlead.core.model.SyncDaemon;
import io.fairlead.core.text.Amount;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a stopped appliance left in the kernel, taken away. */
@Command(
        name = "clear",
        description = {
            "Take out of the kernel what a stopped appliance left there: virtual servers, packet rules, addresses,"
                    + " connection sync daemons; and put settings back to what they were before it.",
            "Open connections are cut. What is not ours stays, and so does the configuration. Refused while one runs.",
        },
        footerHeading = "%nExample:%n",
        footer = {"  systemctl stop fairlead && fairlead clear"})
public final class ClearCommand implements Callable<Integer> {

    private static final Path DEFAULT_STATE_DIRECTORY = Path.of("/var/lib/fairlead");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
    private CommandSpec spec;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Option(
            names = "--state-directory",
            paramLabel = "DIR",
            description = "Where the state file is (default: where the configuration file says).")
    private @Nullable Path stateDirectory;

    @Override
    public Integer call() {
        Clearing.Cleared cleared;
        try {
            cleared = Clearing.clear(
                    stateDirectory == null ? configured() : stateDirectory.toAbsolutePath(), syncDaemons());
        } catch (StartupException e) {
            throw new CommandFailure(ExitCode.FAILED, e.reasons());
        }
        PrintWriter err = spec.commandLine().getErr();
        cleared.failures().forEach(failure -> err.println("left behind: " + failure));
        spec.commandLine()
                .getOut()
                .printf(
                        "removed %s, %s packet rules, %s, %s; %s put back%n",
                        Amount.of(cleared.virtualServers(), "virtual server"),
                        cleared.packetRules() ? "the" : "no",
                        Amount.of(cleared.addresses(), "address", "addresses"),
                        Amount.of(cleared.syncDaemons(), "sync daemon"),
                        Amount.of(cleared.settings(), "setting"));
        return cleared.failures().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    /** A file that is refused, or gone, still leaves something to be cleared. */
    private Path configured() {
        return found().map(FairleadConfig::stateDirectory).orElse(DEFAULT_STATE_DIRECTORY);
    }

    private List<SyncDaemon> syncDaemons() {
        return found().flatMap(FairleadConfig::highAvailability)
                .flatMap(HighAvailabilityConfig::connectionSync)
                .map(ConnectionSyncSpec::daemons)
                .orElse(List.of());
    }

    private Optional<FairleadConfig> found() {
        return ConfigFile.load(config.file) instanceof ConfigOutcome.Accepted accepted
                ? Optional.of(accepted.config())
                : Optional.empty();
    }
}
