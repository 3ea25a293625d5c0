package io.fairlead.cli.command;

import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.cli.output.Display;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What the commands share that ask a running appliance. */
abstract class ApplianceCommand {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
    private CommandSpec spec;

    @Mixin
    private final SocketOption socket = new SocketOption();

    /** Returns what picocli knows of this command. */
    final CommandSpec spec() {
        return spec;
    }

    /**
     * Asks the appliance and returns its report, also one that refuses what was asked.
     *
     * @throws CommandFailure if no appliance answers, or it has no report to give
     */
    final <T extends Record> T ask(Class<T> report, String method, String path, String body) {
        return AdminJson.read(report, askText(method, path, body));
    }

    /** The same, as the text that came. */
    final String askText(String method, String path, String body) {
        return socket.ask(method, path, body);
    }

    /** Returns what text in this format may look like where this command writes it. */
    final Display display(OutputFormat format) {
        return format.display(spec.commandLine().getOut());
    }

    /** Writes what was asked for. */
    final void print(String text) {
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
    }

    /** Writes a line of what was asked for. */
    final void printLine(String line) {
        print(line + System.lineSeparator());
    }

    /** Writes a line that is not data, such as a warning. */
    final void remark(String line) {
        spec.commandLine().getErr().println(line);
    }
}
