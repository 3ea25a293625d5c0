package io.fairlead.cli.command;

import io.fairlead.appliance.Appliance;
import io.fairlead.appliance.StartupException;
import io.fairlead.cli.ExitCode;
import io.fairlead.cli.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The appliance itself, in the foreground. */
@Command(
        name = "run",
        description = {
            "Run the appliance in the foreground.",
            "SIGHUP reads the configuration again; SIGTERM stops and leaves the kernel's table as it is.",
        },
        footerHeading = "%nExample:%n",
        footer = {"  fairlead run -c /etc/fairlead/fairlead.conf"})
public final class RunCommand implements Callable<Integer> {

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Override
    public Integer call() throws InterruptedException {
        try (Appliance appliance = Appliance.start(config.file.toAbsolutePath(), Version.text())) {
            return appliance.runUntilStopped().isPresent() ? ExitCode.FAILED : ExitCode.OK;
        } catch (StartupException e) {
            throw new CommandFailure(
                    e.isConfigurationRefused() ? ExitCode.BAD_CONFIGURATION : ExitCode.FAILED, e.reasons());
        }
    }
}
