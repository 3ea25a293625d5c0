package io.fairlead.system.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A network of hosts on one kernel, gone without trace when closed.
 *
 * <pre>{@code
 * try (var lab = Topology.create()) {
 *     var front = lab.bridge("front");
 *     var client = lab.host("client");
 *     var director = lab.host("director").forwarding();
 *     front.attach(client, "192.0.2.1/24", "2001:db8::1/64");
 *     Link uplink = front.attach(director, "192.0.2.2/24", "2001:db8::2/64");
 *     client.run("ping", "-c", "1", "192.0.2.2").orThrow();
 *     uplink.cut();
 * }
 * }</pre>
 *
 * <p>Hosts are network namespaces called {@code fl-PID-RUN-HOST}; bridges live together in one more,
 * {@code fl-PID-RUN.fabric}. Nothing is ever added to the machine's own network. Closing ends every process inside, also those
 * that detached themselves; a shutdown hook closes what a run left open. Needs root, for which {@link #unavailable()} asks.
 * For one thread at a time.
 */
public final class Topology implements AutoCloseable {
    private static final AtomicInteger RUNS = new AtomicInteger();
    private static final int RUNS_TRIED_MAX = 100;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,11}");

    private final String prefix;
    private final String fabric;
    /** A folder for recordings, made when first needed. */
    private @Nullable Path files;

    private final Thread hook;
    private final Map<String, NetworkHost> hosts = new LinkedHashMap<>();
    private final Map<String, Bridge> bridges = new LinkedHashMap<>();
    private final List<String> namespaces = new ArrayList<>();
    private final List<RunningProcess> processes = new ArrayList<>();
    private int ports;
    private int fileCount;
    private boolean closed;

    private Topology(String prefix) {
        this.prefix = prefix;
        this.fabric = prefix + ".fabric";
        this.hook = Thread.ofPlatform().name("close " + prefix).unstarted(this::remove);
        namespaces.add(fabric);
    }

    /** An empty topology. */
    public static Topology create() {
        Topology topology = claim();
        Runtime.getRuntime().addShutdownHook(topology.hook);
        try {
            String settings = "echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6; echo 1"
                    + " >/proc/sys/net/ipv6/conf/default/disable_ipv6";
            Kernel.run(Kernel.inNamespace(topology.fabric, "sh", "-c", settings).toArray(String[]::new));
            return topology;
        } catch (RuntimeException e) {
            topology.close();
            throw e;
        }
    }

    /** Takes the first free run number: two process namespaces may have the same process ids. */
    private static Topology claim() {
        for (int i = 0; i < RUNS_TRIED_MAX; i++) {
            String prefix = "fl-" + ProcessHandle.current().pid() + "-" + RUNS.incrementAndGet();
            Execution added = Kernel.attempt("ip", "netns", "add", prefix + ".fabric");
            if (added.succeeded()) {
                return new Topology(prefix);
            }
            if (!added.err().contains("File exists")) {
                added.orThrow();
            }
        }
        throw new TopologyException("no free name for a topology after " + RUNS_TRIED_MAX + " tries");
    }

    /** Why there can be no topology on this machine; empty if there can. */
    public static Optional<String> unavailable() {
        return Availability.REASON;
    }

    /** Asked once: every test class asks. */
    private static final class Availability {
        private static final Optional<String> REASON = find();

        private static Optional<String> find() {
            if (!System.getProperty("os.name", "").equals("Linux")) {
                return Optional.of("network namespaces need Linux");
            }
            if (!System.getProperty("user.name", "").equals("root")) {
                return Optional.of("network namespaces need root");
            }
            String probe = "fl-" + ProcessHandle.current().pid() + "-probe";
            try {
                Kernel.batch(List.of(
                        "netns add " + probe,
                        "link add name probe netns " + probe + " type veth peer name peer netns " + probe,
                        "netns delete " + probe));
                return Optional.empty();
            } catch (TopologyException e) {
                if (Files.exists(Path.of("/run/netns", probe))) {
                    Kernel.run("ip", "netns", "delete", probe);
                }
                return Optional.of("this machine gives no network namespace with veth interfaces: " + e.getMessage());
            }
        }
    }

    /** The host of this name, made when first asked for. */
    public NetworkHost host(String name) {
        requireOpen();
        NetworkHost known = hosts.get(requireName(name));
        if (known != null) {
            return known;
        }
        String namespace = prefix + "-" + name;
        synchronized (this) {
            namespaces.add(namespace);
        }
        NetworkHost host = new NetworkHost(this, name, namespace);
        hosts.put(name, host);
        return host;
    }

    /** The bridge of this name, made when first asked for. */
    public Bridge bridge(String name) {
        requireOpen();
        return bridges.computeIfAbsent(requireName(name), _ -> new Bridge(this, name));
    }

    /** A cable straight between two hosts, for a routed network; addresses in CIDR notation. */
    public Link link(NetworkHost host, String address, NetworkHost farHost, String farAddress) {
        requireOpen();
        String device = host.nextInterface();
        String farDevice = farHost.nextInterface();
        Kernel.batch(
                host.namespace(),
                List.of("link add name " + device + " type veth peer name " + farDevice + " netns "
                        + farHost.namespace()));
        host.bringUp(device, List.of(address));
        farHost.bringUp(farDevice, List.of(farAddress));
        return new Link(host, device, farHost.namespace(), farDevice, false);
    }

    /** What the names of all namespaces of this topology start with. */
    public String prefix() {
        return prefix;
    }

    String fabric() {
        return fabric;
    }

    String nextPort() {
        return "port" + ports++;
    }

    Path newFile(String name) {
        Path folder = files;
        if (folder == null) {
            folder = newFolder(prefix);
            files = folder;
        }
        return folder.resolve(fileCount++ + "-" + name);
    }

    synchronized RunningProcess register(RunningProcess process) {
        processes.add(process);
        return process;
    }

    /** Ends all processes and removes all namespaces and files; closing again does nothing. */
    @Override
    public void close() {
        if (remove()) {
            try {
                var _ = Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException shuttingDown) {
                return;
            }
        }
    }

    private synchronized boolean remove() {
        if (closed) {
            return false;
        }
        closed = true;
        var failures = new ArrayList<RuntimeException>();
        // All are asked to end before any is waited for.
        attempt(failures, () -> RunningProcess.endAll(everyProcess(), true));
        // Once more, for what was started meanwhile.
        attempt(failures, () -> RunningProcess.endAll(Kernel.processesIn(namespaces), false));
        attempt(
                failures,
                () -> Kernel.batch(namespaces.stream()
                        .filter(namespace -> Files.exists(Path.of("/run/netns", namespace)))
                        .map(namespace -> "netns delete " + namespace)
                        .toList()));
        Path folder = files;
        if (folder != null) {
            attempt(failures, () -> delete(folder));
        }
        if (!failures.isEmpty()) {
            var failure = new TopologyException("close " + prefix, failures.getFirst());
            failures.stream().skip(1).forEach(failure::addSuppressed);
            throw failure;
        }
        return true;
    }

    private List<ProcessHandle> everyProcess() {
        Stream<ProcessHandle> started = processes.stream()
                .filter(RunningProcess::isAlive)
                .map(process -> ProcessHandle.of(process.pid()))
                .flatMap(Optional::stream)
                .flatMap(handle -> Stream.concat(handle.descendants(), Stream.of(handle)));
        Stream<ProcessHandle> inside = Kernel.processesIn(namespaces).stream();
        return Stream.concat(started, inside).distinct().toList();
    }

    private static void attempt(List<RuntimeException> failures, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }

    private static Path newFolder(String prefix) {
        try {
            return Files.createTempDirectory(prefix + "-");
        } catch (IOException e) {
            throw new UncheckedIOException("make a folder for " + prefix, e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("delete " + folder, e);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(prefix + " is closed");
        }
    }

    private static String requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name: " + name + " (expected: " + NAME + ")");
        }
        return name;
    }

    @Override
    public String toString() {
        return prefix;
    }
}
