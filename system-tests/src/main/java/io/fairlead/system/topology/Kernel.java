package io.fairlead.system.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The {@code ip}, {@code tc} and {@code bridge} commands. */
final class Kernel {
    /** Generous, for an emulated machine; no command here takes a second on a real one. */
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private Kernel() {}

    static Execution attempt(String... command) {
        return RunningProcess.execute(command[0], Arrays.asList(command), "", TIMEOUT);
    }

    static Execution run(String... command) {
        return attempt(command).orThrow();
    }

    /** Several {@code ip} commands inside a namespace, in one process; stops at the first that fails. */
    static void batch(String namespace, List<String> lines) {
        batch(List.of("ip", "-n", namespace, "-batch", "-"), lines);
    }

    /** Several {@code ip} commands in one process: each process start is dear on an emulated machine. */
    static void batch(List<String> lines) {
        batch(List.of("ip", "-batch", "-"), lines);
    }

    private static void batch(List<String> command, List<String> lines) {
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

    /** The processes in these namespaces, whoever started them there. What {@code ip netns pids} does, without a process. */
    static List<ProcessHandle> processesIn(List<String> namespaces) {
        Set<String> links = namespaces.stream()
                .map(namespace -> Path.of("/run/netns", namespace))
                .filter(Files::exists)
                .map(Kernel::linkOf)
                .collect(Collectors.toUnmodifiableSet());
        return ProcessHandle.allProcesses()
                .filter(process -> links.contains(linkOf(process)))
                .toList();
    }

    private static String linkOf(Path namespace) {
        try {
            return "net:[" + Files.getAttribute(namespace, "unix:ino") + "]";
        } catch (IOException e) {
            throw new UncheckedIOException("read the identity of " + namespace, e);
        }
    }

    private static String linkOf(ProcessHandle process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/ns/net"))
                    .toString();
        } catch (IOException ended) {
            return "";
        }
    }
}
