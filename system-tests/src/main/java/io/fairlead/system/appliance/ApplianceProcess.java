package io.fairlead.system.appliance;

import io.fairlead.appliance.admin.AdminClient;
import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.appliance.admin.EventsReport;
import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.HaRequest;
import io.fairlead.appliance.admin.KubernetesReport;
import io.fairlead.appliance.admin.OperatorReport;
import io.fairlead.appliance.admin.OperatorRequest;
import io.fairlead.appliance.admin.PlanReport;
import io.fairlead.appliance.admin.ReloadReport;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.RealServerLine;
import io.fairlead.appliance.event.Event;
import io.fairlead.cli.Fairlead;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.TopologyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@code fairlead run} on a host, with a folder of its own for its file and its socket. */
public final class ApplianceProcess implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration STOP_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

    private final NetworkHost host;
    private final Path folder;
    private final String heap;
    private String classPath = System.getProperty("java.class.path");
    private RunningProcess process;

    private ApplianceProcess(NetworkHost host, Path folder, String heap) {
        this.host = host;
        this.folder = folder;
        this.heap = heap;
        this.process = launch();
    }

    /**
     * Starts an appliance and returns at once.
     *
     * @param configuration without {@code fairlead.admin.socket} and {@code state-directory}, which are put into a new folder
     */
    public static ApplianceProcess start(NetworkHost host, String configuration) {
        return start(host, configuration, "128m");
    }

    /** Starts an appliance with so much heap, as in {@code -Xmx}. */
    public static ApplianceProcess start(NetworkHost host, String configuration, String heap) {
        try {
            Path folder = Files.createTempDirectory("fairlead-" + host.name());
            write(folder, configuration);
            return new ApplianceProcess(host, folder, heap);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the command line of {@code fairlead} with these arguments, on this class path and JDK. */
    public static List<String> command(String heap, String... arguments) {
        return command(System.getProperty("java.class.path"), heap, List.of(arguments));
    }

    private static List<String> command(String classPath, String heap, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-XX:-UsePerfData",
                "-Xmx" + heap,
                "--enable-native-access=ALL-UNNAMED",
                "-Dio.netty.machineId=00:00:00:00:00:00:00:01",
                "-cp",
                classPath,
                Fairlead.class.getName()));
        command.addAll(arguments);
        return command;
    }

    private RunningProcess launch() {
        return host.start(command(classPath, heap, List.of("run", "-c", file().toString()))
                .toArray(String[]::new));
    }

    /** Puts the file in place at once, as an editor or a deployment would. */
    private static void write(Path folder, String configuration) throws IOException {
        Path next = folder.resolve("next.conf");
        Files.writeString(next, configuration + ownPaths(folder));
        Files.move(next, folder.resolve("fairlead.conf"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String ownPaths(Path folder) {
        return "\nfairlead.admin.socket = \"" + folder.resolve("admin.sock") + "\"\nfairlead.state-directory = \""
                + folder.resolve("lib") + "\"\n";
    }

    /** Returns what this appliance's file holds when it is given a configuration: that, and where its own files are. */
    public String fileText(String configuration) {
        return configuration + ownPaths(folder);
    }

    /** Returns the configuration file. */
    public Path file() {
        return folder.resolve("fairlead.conf");
    }

    /** Returns the folder of the state file. */
    public Path stateFolder() {
        return folder.resolve("lib");
    }

    /** Returns the admin socket. */
    public Path socket() {
        return folder.resolve("admin.sock");
    }

    /** Returns the process, to signal it or to read its log. */
    public RunningProcess process() {
        return process;
    }

    /** Replaces the file; the appliance does not know yet. */
    public void write(String configuration) {
        try {
            write(folder, configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces the file and has it read again, as {@code fairlead reload} does. */
    public ReloadReport reload(String configuration) {
        write(configuration);
        return AdminJson.read(ReloadReport.class, ask("POST", "/v1/reload", "").body());
    }

    /** The same, whatever the guard says. */
    public ReloadReport forceReload(String configuration) {
        write(configuration);
        return AdminJson.read(
                ReloadReport.class, ask("POST", "/v1/reload?force=true", "").body());
    }

    /** Does something with a real server, as {@code fairlead rs} does. */
    public OperatorReport operate(OperatorRequest request) {
        return AdminJson.read(
                OperatorReport.class,
                ask("POST", "/v1/real-server", AdminJson.write(request)).body());
    }

    /** Asks what a reload would do. */
    public PlanReport plan() {
        return AdminJson.read(PlanReport.class, ask("POST", "/v1/plan", "").body());
    }

    /** Asks how things stand. */
    public StatusReport status() {
        return AdminJson.read(StatusReport.class, ask("GET", "/v1/status", "").body());
    }

    /** Asks what has happened lately, the oldest first. */
    public List<Event> events() {
        return AdminJson.read(EventsReport.class, ask("GET", "/v1/events", "").body())
                .events();
    }

    /** Asks how the following of a cluster stands. */
    public KubernetesReport kubernetes() {
        return AdminJson.read(
                KubernetesReport.class, ask("GET", "/v1/kubernetes", "").body());
    }

    /** Asks how the election stands. */
    public HaReport highAvailability() {
        return AdminJson.read(HaReport.class, ask("GET", "/v1/ha", "").body());
    }

    /** Asks for something of the election, as {@code fairlead ha} does. */
    public HaReport highAvailability(HaRequest request) {
        return AdminJson.read(
                HaReport.class, ask("POST", "/v1/ha", AdminJson.write(request)).body());
    }

    /** Asks that all addresses go to a peer, as {@code fairlead ha failover} does. */
    public HaReport handOver() {
        return AdminJson.read(
                HaReport.class,
                ask("POST", "/v1/ha", AdminJson.write(new HaRequest(null, null)))
                        .body());
    }

    private AdminClient.Answer ask(String method, String path, String body) {
        try {
            return new AdminClient(socket()).send(method, path, body);
        } catch (IOException e) {
            throw new UncheckedIOException(process.err(), e);
        }
    }

    /** Sends SIGHUP. */
    public void hangUp() {
        host.run("kill", "-HUP", Long.toString(process.pid())).orThrow();
    }

    /** Sends SIGTERM and waits for the exit code. */
    public int terminate() {
        host.run("kill", "-TERM", Long.toString(process.pid())).orThrow();
        return process.awaitExit(STOP_TIMEOUT);
    }

    /** Sends SIGKILL and waits for the end. */
    public void kill() {
        host.run("kill", "-KILL", Long.toString(process.pid())).orThrow();
        process.awaitExit(STOP_TIMEOUT);
    }

    /** Starts the process again, after its end, with another release: its class path. */
    public void restart(String otherClassPath) {
        classPath = otherClassPath;
        restart();
    }

    /** Starts the process again with the same file. */
    public void restart() {
        process = launch();
    }

    /** Waits until the status fits; returns how long that took. */
    public Duration await(String what, Duration timeout, Predicate<StatusReport> condition) {
        long start = System.nanoTime();
        Optional<StatusReport> last = Optional.empty();
        while (System.nanoTime() - start < timeout.toNanos()) {
            if (!process.isAlive()) {
                throw new TopologyException("appliance ended while waiting until " + what + ":\n" + process.err());
            }
            try {
                last = Optional.of(status());
                if (condition.test(last.get())) {
                    return Duration.ofNanos(System.nanoTime() - start);
                }
            } catch (UncheckedIOException e) {
                last = Optional.empty(); // not listening yet
            }
            LockSupport.parkNanos(POLL_INTERVAL.toNanos());
        }
        throw new TopologyException(
                "not within " + timeout.toSeconds() + " s: " + what + "; last status " + last + "\n" + process.err());
    }

    /** Waits until so many real servers of a virtual server are healthy; returns how long that took. */
    public Duration awaitHealthy(String virtualServer, int count) {
        return await(
                count + " healthy real servers in " + virtualServer,
                START_TIMEOUT,
                status -> status.virtualServers().stream()
                        .anyMatch(line -> line.name().equals(virtualServer) && line.healthy() == count));
    }

    /** Waits until a real server is in the kernel's table, or out of it; returns how long that took. */
    public Duration awaitInTable(String virtualServer, String realServer, boolean present) {
        return await(
                realServer + (present ? " in" : " out of") + " rotation",
                START_TIMEOUT,
                status -> status.virtualServers().stream()
                        .filter(line -> line.name().equals(virtualServer))
                        .flatMap(line -> line.realServers().stream())
                        .anyMatch(line -> line.name().equals(realServer) && isInTable(line) == present));
    }

    private static boolean isInTable(RealServerLine line) {
        return line.weight() != null;
    }

    /** Ends the process, if need be by force, and removes its folder. */
    @Override
    public void close() {
        process.close();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) { // what is in a folder before the folder
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
