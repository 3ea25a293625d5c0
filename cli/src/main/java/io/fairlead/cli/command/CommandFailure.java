package io.fairlead.cli.command;

import io.fairlead.cli.ExitCode;
import io.fairlead.core.text.Spelling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** A command failed for a reason that its user can understand: shown as lines, without a stack trace. */
public final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int exitCode;
    private final transient List<String> lines;

    CommandFailure(int exitCode, List<String> lines) {
        super(String.join("; ", lines));
        this.exitCode = exitCode;
        this.lines = List.copyOf(lines);
    }

    static CommandFailure notRunning(Path socket, IOException cause) {
        return new CommandFailure(
                ExitCode.NOT_RUNNING,
                List.of(
                        "no appliance answers on " + socket + " (" + cause.getMessage() + ")",
                        String.valueOf(cause.getMessage()).contains("Permission denied")
                                ? "hint: root and its group may use it; is it another one (--socket)?"
                                : "hint: is it running? may you use the socket? is it another one (--socket)?"));
    }

    /**
     * Of a name that the appliance does not have.
     *
     * @param what such as {@code virtual server}
     * @param known the names that it has
     * @param list the command that shows them
     */
    static CommandFailure noSuch(String what, String name, Collection<String> known, String list) {
        String meant = Spelling.closest(name, known)
                .map(word -> "did you mean " + word + "? ")
                .orElse("");
        return new CommandFailure(
                ExitCode.FAILED,
                List.of("no such " + what + ": " + name, "hint: " + meant + list + " shows what there is"));
    }

    /** Returns one of {@link ExitCode}. */
    public int exitCode() {
        return exitCode;
    }

    /** Returns what to tell the user. */
    public List<String> lines() {
        return lines;
    }
}
