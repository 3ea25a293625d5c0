package io.fairlead.system.topology;

import java.util.List;

/** A command that ran to its end or to its time limit: in the latter case {@code exit} is {@value #TIMED_OUT}. */
public record Execution(List<String> command, int exit, String out, String err) {
    /** The status that {@code timeout(1)} gives as well. */
    public static final int TIMED_OUT = 124;

    public Execution {
        command = List.copyOf(command);
    }

    public boolean succeeded() {
        return exit == 0;
    }

    public boolean timedOut() {
        return exit == TIMED_OUT;
    }

    /** Itself, or a {@link TopologyException} with all that the command said. */
    public Execution orThrow() {
        if (!succeeded()) {
            throw new TopologyException(toString());
        }
        return this;
    }

    @Override
    public String toString() {
        return "%s: exit status %d (expected: 0)\n%s%s".formatted(String.join(" ", command), exit, err, out);
    }
}
