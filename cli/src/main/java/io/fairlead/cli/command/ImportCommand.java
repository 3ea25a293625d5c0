package io.fairlead.cli.command;

import io.fairlead.cli.ExitCode;
import io.fairlead.conf.keepalived.ImportException;
import io.fairlead.conf.keepalived.ImportHost;
import io.fairlead.conf.keepalived.KeepalivedImport;
import io.fairlead.conf.keepalived.Remark;
import io.fairlead.core.net.IpAddress;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Commands that translate the configuration of other programs. */
@Command(
        name = "import",
        description = "Translate the configuration of another program.",
        footerHeading = "%nExample:%n",
        footer = {"  fairlead import keepalived /etc/keepalived/keepalived.conf > new.conf"})
public final class ImportCommand implements Runnable {

    /** Asked of the kernel, because the library may ask DNS. */
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: keepalived");
    }

    @Command(
            name = "keepalived",
            description = {
                "Print a keepalived.conf as a configuration of Fairlead.",
                "What could not be carried over is listed on standard error, with its line."
            },
            footerHeading = "%nExample:%n",
            footer = {
                "  fairlead import keepalived /etc/keepalived/keepalived.conf > new.conf",
                "  fairlead config check new.conf",
                "  fairlead plan new.conf"
            })
    int keepalived(
            @Parameters(paramLabel = "FILE", description = "The file; what it includes is read too.") Path file,
            @Option(
                            names = {"-i", "--config-id"},
                            paramLabel = "ID",
                            description = "What lines that begin with @ID are compared with, as keepalived's option."
                                    + " Default: the host's name up to the first dot.")
                    Optional<String> configId) {
        try {
            KeepalivedImport imported = KeepalivedImport.read(
                    file,
                    new ImportHost(
                            configId.orElseGet(ImportCommand::hostName),
                            ImportCommand::environment,
                            ImportCommand::addresses));
            spec.commandLine().getOut().print(imported.hocon());
            spec.commandLine().getOut().flush();
            imported.remarks().stream()
                    .map(Remark::toString)
                    .forEach(spec.commandLine().getErr()::println);
            return ExitCode.OK;
        } catch (ImportException e) {
            throw new CommandFailure(ExitCode.BAD_CONFIGURATION, List.of(String.valueOf(e.getMessage())));
        }
    }

    private static String environment(String name) {
        return Optional.ofNullable(System.getenv(name)).orElse("");
    }

    /** Those that other hosts can reach. */
    private static List<IpAddress> addresses(String interfaceName) {
        try {
            return Optional.ofNullable(NetworkInterface.getByName(interfaceName)).stream()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLinkLocalAddress() && !address.isLoopbackAddress())
                    .map(address -> IpAddress.ofBytes(address.getAddress()))
                    .toList();
        } catch (SocketException e) {
            return List.of(); // then it is for the operator to say
        }
    }

    private static String hostName() {
        try {
            String name = Files.readString(HOST_NAME).strip();
            return name.substring(0, name.indexOf('.') < 0 ? name.length() : name.indexOf('.'));
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    List.of("the host's name is not known: " + e.getMessage(), "hint: use --config-id"));
        }
    }
}
