package io.fairlead.cli.command;

import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.cli.ExitCode;
import io.fairlead.cli.output.Display;
import io.fairlead.cli.output.StatusTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code fairlead status} without options, the command that is typed most. It needs no parser of command lines, whose classes take
 * longer to load than everything else takes (docs/adr/0077).
 */
public final class PlainStatus {

    private static final List<String> COMMAND_LINE = List.of("status");

    private PlainStatus() {}

    /** Returns whether the arguments ask for that. */
    public static boolean fits(String... arguments) {
        return List.of(arguments).equals(COMMAND_LINE);
    }

    /** Does what {@link StatusCommand} would do; returns the exit code. */
    public static int print(PrintWriter out, PrintWriter err) {
        return print(SocketOption.usual(), out, err);
    }

    static int print(Path socket, PrintWriter out, PrintWriter err) {
        try {
            out.print(StatusTable.render(
                    AdminJson.read(StatusReport.class, new SocketOption(socket).ask("GET", "/v1/status", "")),
                    Display.of(out)));
            out.flush();
            return ExitCode.OK;
        } catch (CommandFailure failure) {
            failure.lines().forEach(line -> err.println("fairlead: " + line));
            return failure.exitCode();
        }
    }
}
