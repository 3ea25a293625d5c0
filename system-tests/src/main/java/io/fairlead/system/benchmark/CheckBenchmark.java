package io.fairlead.system.benchmark;

import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Health checks of many real servers: Fairlead's checker beside a bare loop of Netty, the least that a check could cost in
 * this JVM, and, where the kernel has IPVS, keepalived's TCP_CHECK; one after the other, each in a new network namespace,
 * against real servers in a process of their own. Prints a table.
 *
 * <p>{@code TARGETS CHECKS} on any host, or {@code TARGETS CHECKS keepalived} in the lab, which leaves out HTTP and HTTPS.
 */
public final class CheckBenchmark {

    private static final Duration TIME_LIMIT = Duration.ofMinutes(12);
    private static final Duration KEEPALIVED_WARM_UP = Duration.ofSeconds(10);
    private static final Duration KEEPALIVED_WINDOW = Duration.ofSeconds(30);
    private static final int PORT = 8000;
    private static final int HTTP_SHARE = 4;
    private static final int HTTPS_SHARE = 100;
    private static final String ALL_ADDRESSES = "10.64.0.0/10";
    private final int targets;
    private final long checks;

    private CheckBenchmark(int targets, long checks) {
        this.targets = targets;
        this.checks = checks;
    }

    public static void main(String[] arguments) throws IOException {
        CheckBenchmark benchmark = new CheckBenchmark(Integer.parseInt(arguments[0]), Long.parseLong(arguments[1]));
        if (arguments.length > 2) {
            benchmark.besideKeepalived();
        } else {
            benchmark.besideTheLimit();
        }
    }

    private void besideTheLimit() throws IOException {
        long warmUp = 5L * targets;
        Load bare = load("tcp", "bare", targets, warmUp, Math.min(checks, 20L * targets));
        Load tcp = load("tcp", "tcp", targets, warmUp, checks);
        int httpTargets = targets / HTTP_SHARE;
        int httpsTargets = targets / HTTPS_SHARE;
        Load http = load("http", "http", httpTargets, 5L * httpTargets, 20L * httpTargets);
        Load https = load("https", "https", httpsTargets, 10L * httpsTargets, 20L * httpsTargets);
        print(
                "%d targets by TCP every second, %d by HTTP, %d by HTTPS".formatted(targets, httpTargets, httpsTargets),
                List.of("bare loop", "TCP", "HTTP", "HTTPS"),
                List.of(bare, tcp, http, https));
    }

    private void besideKeepalived() throws IOException {
        long warmUp = 5L * targets;
        Load bare = load("tcp", "bare", targets, warmUp, checks);
        Load tcp = load("tcp", "tcp", targets, warmUp, checks);
        Peer keepalived = keepalived(targets);
        Peer ofOne = keepalived(1);
        print(
                "%d targets by TCP every second".formatted(targets),
                List.of("bare loop", "Fairlead"),
                List.of(bare, tcp));
        System.out.printf(
                Locale.ROOT,
                "keepalived: %.0f checks a second, CPU %.1f us a check, %d bytes of memory a target%n",
                keepalived.perSecond(),
                keepalived.micros(),
                (keepalived.kibibytes() - ofOne.kibibytes()) * 1024 / targets);
    }

    /** What {@link CheckLoad} printed. */
    private record Load(String out) {

        String text(String name) {
            return out.lines()
                    .filter(line -> line.startsWith(name + " "))
                    .map(line -> line.substring(name.length() + 1))
                    .findFirst()
                    .orElse("-");
        }
    }

    private record Peer(double perSecond, double micros, long kibibytes) {}

    private static void print(String title, List<String> names, List<Load> loads) {
        System.out.printf("%n%s, %d processors%n", title, Runtime.getRuntime().availableProcessors());
        row("", names);
        row("checks measured", texts(loads, "checks"));
        row("checks a second", texts(loads, "per-second"));
        row("  one core could do", texts(loads, "per-core"));
        row("CPU a check, us, of the whole JVM", texts(loads, "micros"));
        row("memory a target, bytes of heap", texts(loads, "heap"));
        row("50 % begun within, ms", texts(loads, "late-50"));
        row("99 % begun within, ms", texts(loads, "late-99"));
        row("99.9 % begun within, ms", texts(loads, "late-999"));
        row("failed", texts(loads, "failed"));
        row("descriptors before", texts(loads, "before"));
        row("  at most, as seen", texts(loads, "most"));
        row("  after", texts(loads, "after"));
    }

    private static List<String> texts(List<Load> loads, String name) {
        return loads.stream().map(load -> load.text(name)).toList();
    }

    private static void row(String what, List<String> cells) {
        StringBuilder line = new StringBuilder("%-36s".formatted(what));
        cells.forEach(cell -> line.append("%12s".formatted(cell)));
        System.out.println(line);
    }

    private static Load load(String protocol, String way, int targets, long warmUp, long checks) throws IOException {
        try (Topology topology = Topology.create()) {
            NetworkHost host = topology.host("fresh").route("local", ALL_ADDRESSES, "dev", "lo");
            startTargets(host, protocol);
            String out = host.run(
                            TIME_LIMIT,
                            java(
                                    CheckLoad.class,
                                    way,
                                    Integer.toString(PORT),
                                    Integer.toString(targets),
                                    Long.toString(warmUp),
                                    Long.toString(checks)))
                    .orThrow()
                    .out();
            progress(way + ": " + out.replace('\n', ' '));
            return new Load(out);
        }
    }

    private static RunningProcess startTargets(NetworkHost host, String protocol) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(protocol, Integer.toString(PORT)));
        if (protocol.equals("https")) {
            Path folder = Files.createTempDirectory("certificate");
            host.run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=target"
                            .concat(" -keyout " + folder + "/key.pem -out " + folder + "/cert.pem")
                            .split(" "))
                    .orThrow();
            arguments.addAll(List.of(folder + "/cert.pem", folder + "/key.pem"));
        }
        RunningProcess process = host.start(java(CheckTargets.class, arguments.toArray(String[]::new)));
        process.awaitLine("listening", TIME_LIMIT);
        return process;
    }

    /** With the options that the packages give to the appliance. */
    private static String[] java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return command.toArray(String[]::new);
    }

    private Peer keepalived(int count) throws IOException {
        Path folder = Files.createTempDirectory("keepalived");
        try (Topology topology = Topology.create()) {
            NetworkHost host = topology.host("fresh").route("local", ALL_ADDRESSES, "dev", "lo");
            RunningProcess servers = startTargets(host, "tcp");
            Path file = folder.resolve("keepalived.conf");
            Files.writeString(file, keepalivedConfiguration(count));
            RunningProcess keepalived = host.start(
                    "keepalived",
                    "-n",
                    "-C",
                    "-l",
                    "-f",
                    file.toString(),
                    "-p",
                    folder.resolve("pid").toString(),
                    "-c",
                    folder.resolve("checkers.pid").toString());
            servers.awaitLine("accepted [1-9].*", TIME_LIMIT);
            LockSupport.parkNanos(KEEPALIVED_WARM_UP.toNanos());
            long accepted = accepted(servers);
            ProcessUsage before = ProcessUsage.of(keepalived.pid());
            long start = System.nanoTime();
            LockSupport.parkNanos(KEEPALIVED_WINDOW.toNanos());
            ProcessUsage after = ProcessUsage.of(keepalived.pid());
            long done = accepted(servers) - accepted;
            double seconds = (System.nanoTime() - start) / 1e9;
            keepalived.kill();
            progress("keepalived, %d targets: %d checks in %.1f s".formatted(count, done, seconds));
            return new Peer(done / seconds, (after.cpuTicks() - before.cpuTicks()) * 1e4 / done, after.peakKibibytes());
        }
    }

    private static long accepted(RunningProcess servers) {
        return servers.out()
                .lines()
                .filter(line -> line.startsWith("accepted "))
                .mapToLong(line -> Long.parseLong(line.substring("accepted ".length())))
                .max()
                .orElse(0);
    }

    private static String keepalivedConfiguration(int count) {
        StringBuilder text = new StringBuilder("""
            global_defs {
              router_id bench
            }
            virtual_server 10.1.0.1 80 {
              delay_loop 1
              lvs_sched wrr
              lvs_method NAT
              protocol TCP
            """);
        for (int i = 0; i < count; i++) {
            text.append("  real_server ")
                    .append(CheckLoad.address(i))
                    .append(' ')
                    .append(PORT)
                    .append("""
                         {
                            weight 1
                            TCP_CHECK {
                              connect_timeout 1
                            }
                          }
                        """);
        }
        return text.append("}\n").toString();
    }

    private static void progress(String line) {
        System.err.println("  " + line);
    }
}
