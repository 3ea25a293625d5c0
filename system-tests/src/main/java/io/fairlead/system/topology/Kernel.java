package io.fairlead.system.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The {@code ip}, {@code tc} and {@code bridge} commands. */
final class Kernel {
    /** Generous, for an emulated machine; no command here takes a second on a real one. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private Kernel() {}

    static Execution attempt(String... command) {
        return RunningProcess.execute(command[0], Arrays.asList(command), "", TIMEOUT);
    }

    static Execution run(String... command) {
        return attempt(command).orThrow();
    }

    /** Several {@code ip} commands in one process, one a line; stops at the first that fails. */
    static void batch(String namespace, List<String> lines) {
        List<String> command = List.of("ip", "-n", namespace, "-batch", "-");
        Execution done = RunningProcess.execute("ip", command, String.join("\n", lines) + "\n", TIMEOUT);
        if (!done.succeeded()) {
            throw new TopologyException("%s\ncommands:\n%s".formatted(done, String.join("\n", lines)));
        }
    }

    static List<String> inNamespace(String namespace, String... command) {
        var whole = new ArrayList<String>(List.of("ip", "netns", "exec", namespace));
        whole.addAll(Arrays.asList(command));
        return List.copyOf(whole);
    }

    /** The processes in a namespace, whoever started them there. */
    static List<ProcessHandle> processesIn(String namespace) {
        return attempt("ip", "netns", "pids", namespace)
                .out()
                .lines()
                .map(line -> ProcessHandle.of(Long.parseLong(line.strip())))
                .flatMap(Optional::stream)
                .toList();
    }
}
