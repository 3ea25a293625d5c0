package io.fairlead.cli.command;

import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.HaRequest;
import io.fairlead.cli.ExitCode;
import io.fairlead.cli.output.HaTable;
import io.fairlead.ha.channel.KeyFile;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Everything about high availability. */
@Command(
        name = "ha",
        description = "High availability: which appliance has which addresses, and handing them over.",
        footerHeading = "%nExamples:%n",
        footer = {"  fairlead ha status", "  fairlead ha failover    # all addresses go to the peer"})
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
                "Show which virtual routers are here, why, and what the peers say.",
            },
            footerHeading = "%nExample:%n",
            footer = {"  fairlead ha status"})
    int status(
            @Mixin SocketOption socket,
            @Option(
                            names = {"-o", "--output"},
                            defaultValue = "table",
                            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
                    OutputFormat format) {
        String answer = socket.ask("GET", "/v1/ha", "");
        String text = switch (format) {
            case JSON -> answer;
            case TABLE, WIDE ->
                HaTable.render(
                        AdminJson.read(HaReport.class, answer),
                        format.display(spec.commandLine().getOut()));
        };
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }

    @Command(
            description = {
                "Hand the addresses of a virtual router, or of all, to the best of the peers.",
                "This appliance does not ask for them back until it has had them again, has been restarted, or"
                        + " maintenance was switched.",
            },
            footerHeading = "%nExamples:%n",
            footer = {"  fairlead ha failover", "  fairlead ha failover outside"})
    int failover(
            @Mixin SocketOption socket,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "ROUTER",
                            description = "A virtual router or sync group (default: all).")
                    @Nullable
                    String router) {
        return operate(socket, new HaRequest(router, null), "asked to hand over");
    }

    /** Whether maintenance is on. */
    enum Switch {
        ON,
        OFF;

        /** Returns how it is written on a command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Command(
            description = {
                "Switch maintenance on or off: while it is on, this appliance holds no address and takes none over.",
            },
            footerHeading = "%nExamples:%n",
            footer = {"  fairlead ha maintenance on", "  fairlead ha maintenance off"})
    int maintenance(
            @Mixin SocketOption socket, @Parameters(paramLabel = "on|off", description = "On or off.") Switch state) {
        boolean on = state == Switch.ON;
        return operate(socket, new HaRequest(null, on), on ? "maintenance begins" : "maintenance ends");
    }

    /** Fails with a better hint than the appliance has, if there is no such router. */
    private static void requireRouter(SocketOption socket, String name) {
        List<String> known = AdminJson.read(HaReport.class, socket.ask("GET", "/v1/ha", "")).routers().stream()
                .flatMap(router -> Stream.concat(Stream.of(router.name()), router.members().stream()))
                .toList();
        if (!known.contains(name)) {
            throw CommandFailure.noSuch("virtual router", name, known, "fairlead ha status");
        }
    }

    private int operate(SocketOption socket, HaRequest request, String done) {
        HaReport report = AdminJson.read(HaReport.class, socket.ask("POST", "/v1/ha", AdminJson.write(request)));
        if (report.problem() != null) {
            if (request.router() != null) {
                requireRouter(socket, request.router());
            }
            throw new CommandFailure(ExitCode.FAILED, List.of(report.problem()));
        }
        spec.commandLine().getOut().println(done);
        return ExitCode.OK;
    }

    @Command(
            description = {
                "Print a new key for the channel between appliances.",
                "It goes as a line into the secret-file of each of them, which nobody else may read.",
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  # a first key",
                "  fairlead ha key |",
                "      install -m 640 -g fairlead /dev/stdin /etc/fairlead/cluster.key",
                "  # a new key without silence, each step on all appliances, with a reload,",
                "  # before the next: 1. add it to the file below the old one",
                "  # 2. move it to the top: the first key seals, all open",
                "  # 3. remove the old one",
            })
    int key() {
        spec.commandLine().getOut().println(KeyFile.newKey());
        return ExitCode.OK;
    }
}
