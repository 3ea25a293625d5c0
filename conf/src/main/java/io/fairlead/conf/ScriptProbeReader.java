package io.fairlead.conf;

import com.typesafe.config.ConfigUtil;
import io.fairlead.health.check.ScriptProbeSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** Reads health checks of type {@code script}. */
final class ScriptProbeReader implements ProbeReader<ScriptProbeSpec> {

    private static final String COMMAND = "command";
    private static final String SHELL_COMMAND = "shell-command";
    private static final String USER = "user";
    private static final String GROUP = "group";
    private static final String SETS_WEIGHT = "exit-code-sets-weight";

    private static final List<String> SHELL = List.of("/bin/sh", "-c");
    private static final List<String> IN_PLACE_OF_A_WRONG_ONE = List.of("/bin/false");

    @Override
    public String type() {
        return "script";
    }

    @Override
    public List<String> keys() {
        return List.of(COMMAND, SHELL_COMMAND, USER, GROUP, SETS_WEIGHT);
    }

    @Override
    public ScriptProbeSpec read(Section section) {
        return new ScriptProbeSpec(
                command(section),
                name(section, USER),
                name(section, GROUP),
                section.flag(SETS_WEIGHT).orElse(false));
    }

    /** The nearer of the two wins, as a level that says one means to replace the other. */
    private static List<String> command(Section section) {
        if (section.has(COMMAND) && section.has(SHELL_COMMAND)) {
            section.error(SHELL_COMMAND, "given with command (expected: one of them)");
        }
        Optional<List<String>> command =
                section.prefers(COMMAND, SHELL_COMMAND) ? section.strings(COMMAND) : Optional.empty();
        Optional<String> shellCommand =
                section.prefers(SHELL_COMMAND, COMMAND) ? section.string(SHELL_COMMAND) : Optional.empty();
        if (command.isPresent()) {
            if (command.get().isEmpty() || !command.get().getFirst().startsWith("/") || hasZero(command.get())) {
                section.error(
                        COMMAND,
                        (command.get().isEmpty()
                                        ? "empty"
                                        : Section.quoted(command.get().getFirst()))
                                + " (expected: the absolute path of a program, then its arguments)");
                return IN_PLACE_OF_A_WRONG_ONE;
            }
            section.names(COMMAND, command.get().getFirst(), NamedFile.Kind.PROGRAM);
            return command.get();
        }
        if (shellCommand.isPresent()) {
            if (shellCommand.get().isBlank() || hasZero(List.of(shellCommand.get()))) {
                section.error(SHELL_COMMAND, "empty (expected: a line for /bin/sh)");
                return IN_PLACE_OF_A_WRONG_ONE;
            }
            return List.of(SHELL.get(0), SHELL.get(1), shellCommand.get());
        }
        if (!section.prefers(COMMAND, SHELL_COMMAND) && !section.prefers(SHELL_COMMAND, COMMAND)) {
            section.missing(COMMAND, "a list: the absolute path of a program, then its arguments; or shell-command");
        }
        return IN_PLACE_OF_A_WRONG_ONE;
    }

    private static boolean hasZero(List<String> words) {
        return words.stream().anyMatch(word -> word.indexOf('\0') >= 0);
    }

    static Optional<String> name(Section section, String key) {
        Optional<String> name = section.string(key);
        if (name.isPresent() && !name.get().matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}")) {
            section.error(key, Section.quoted(name.get()) + " (expected: a name such as nobody)");
            return Optional.empty();
        }
        return name;
    }

    @Override
    public Class<ScriptProbeSpec> specClass() {
        return ScriptProbeSpec.class;
    }

    @Override
    public void show(ScriptProbeSpec spec, BiConsumer<String, String> line) {
        line.accept(
                COMMAND,
                spec.command().stream().map(ConfigUtil::quoteString).collect(Collectors.joining(", ", "[", "]")));
        spec.user().ifPresent(user -> line.accept(USER, ConfigUtil.quoteString(user)));
        spec.group().ifPresent(group -> line.accept(GROUP, ConfigUtil.quoteString(group)));
        line.accept(SETS_WEIGHT, Boolean.toString(spec.setsWeight()));
    }
}
