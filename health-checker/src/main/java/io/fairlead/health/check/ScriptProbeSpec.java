package io.fairlead.health.check;

import java.util.List;
import java.util.Optional;

/**
 * Runs a program and goes by its exit code: 0 passes, anything else fails.
 *
 * @param command an absolute path and its arguments; no shell looks at them
 * @param user as whom it runs; empty for the user of this process
 * @param group its group; empty for that of the user
 * @param setsWeight an exit code of 2..255 passes too, with weight 0..253, two less than the code
 */
public record ScriptProbeSpec(List<String> command, Optional<String> user, Optional<String> group, boolean setsWeight)
        implements ProbeSpec {

    public ScriptProbeSpec {
        command = List.copyOf(command);
        if (command.isEmpty() || !command.getFirst().startsWith("/")) {
            throw new IllegalArgumentException("command " + command + " (expected: an absolute path, then arguments)");
        }
        if (command.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
            throw new IllegalArgumentException("command with a zero byte");
        }
    }

    @Override
    public String type() {
        return "script";
    }

    @Override
    public boolean needsPort() {
        return false;
    }
}
