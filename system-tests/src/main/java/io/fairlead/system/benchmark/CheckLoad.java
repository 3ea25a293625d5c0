package io.fairlead.system.benchmark;

import com.sun.management.OperatingSystemMXBean;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.HttpExpectation;
import io.fairlead.health.check.HttpProbeSpec;
import io.fairlead.health.check.HttpRequestSpec;
import io.fairlead.health.check.ProbeSpec;
import io.fairlead.health.check.StatusRange;
import io.fairlead.health.check.TargetChange;
import io.fairlead.health.check.TcpProbeSpec;
import io.fairlead.health.check.TlsSpec;
import io.fairlead.health.netty.CheckCounters;
import io.fairlead.health.netty.HealthChecker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Checks many targets and prints what that took. {@code WAY PORT TARGETS WARM-UP-CHECKS CHECKS}, each target every second, where WAY is
 * {@code bare} (Netty's loop and nothing else), {@code tcp}, {@code http} or {@code https} (Fairlead's checker).
 *
 * <p>Prints {@code checks N}, {@code micros N} (CPU of the whole process for each check, with its garbage collection and its
 * compiler), {@code per-core N} (so many would fill one core), {@code per-second N}, {@code late-50}, {@code late-99}, {@code late-999} (milliseconds within which that share
 * began), {@code heap N} (bytes for each target), {@code failed N}, and how many sockets and event queues were open:
 * {@code before N}, at {@code most N} as seen, {@code after N}.
 */
final class CheckLoad {

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    /** Of the warm-up, and of the measurement: a machine that cannot follow gives the figures of what it did. */
    private static final Duration TIME_LIMIT = Duration.ofMinutes(4);

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final int targets;
    private final long warmUpChecks;
    private final long checks;

    private CheckLoad(int targets, long warmUpChecks, long checks) {
        this.targets = targets;
        this.warmUpChecks = warmUpChecks;
        this.checks = checks;
    }

    public static void main(String[] arguments) throws InterruptedException {
        int port = Integer.parseInt(arguments[1]);
        int targets = Integer.parseInt(arguments[2]);
        CheckLoad load = new CheckLoad(targets, Long.parseLong(arguments[3]), Long.parseLong(arguments[4]));
        if (arguments[0].equals("bare")) {
            load.bare(port);
        } else {
            load.checker(probe(arguments[0]), port);
        }
    }

    private static ProbeSpec probe(String way) {
        Optional<TlsSpec> tls =
                Optional.of(new TlsSpec(false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
        return switch (way) {
            case "tcp" -> new TcpProbeSpec();
            case "http" -> http(Optional.empty());
            case "https" -> http(tls);
            default -> throw new IllegalArgumentException(way);
        };
    }

    private static ProbeSpec http(Optional<TlsSpec> tls) {
        return new HttpProbeSpec(
                ConnectionSpec.DEFAULT,
                tls,
                HttpProbeSpec.Version.HTTP_1_1,
                new HttpRequestSpec("GET", "/", Optional.empty(), List.of(), Optional.empty()),
                new HttpExpectation(List.of(new StatusRange(200, 299)), Optional.empty(), Optional.empty()));
    }

    private void bare(int port) throws InterruptedException {
        List<SocketAddress> addresses = new ArrayList<>();
        for (int i = 0; i < targets; i++) {
            addresses.add(new InetSocketAddress(address(i).toInetAddress(), port));
        }
        CheckFigures figures = new CheckFigures();
        long before = heapBytes();
        int descriptors = descriptors();
        try (BareLoop _ = new BareLoop(addresses, figures)) {
            measure(figures::read, before, descriptors);
        }
        System.out.println("after " + descriptors());
    }

    private void checker(ProbeSpec probe, int port) throws InterruptedException {
        Set<CheckTarget> all = HashSet.newHashSet(targets);
        for (int i = 0; i < targets; i++) {
            all.add(new CheckTarget(
                    new ServerAddress(address(i), port), new CheckSpec(probe, INTERVAL, INTERVAL, 2, 3)));
        }
        long before = heapBytes();
        int descriptors = descriptors();
        try (HealthChecker checker = new HealthChecker((_, _, _) -> {})) {
            checker.update(TargetChange.begin(all));
            measure(() -> counts(checker.counters()), before, descriptors);
            System.out.println("failed " + checker.counters().failed());
        }
        System.out.println("after " + descriptors());
    }

    private static CheckFigures.Counts counts(CheckCounters counters) {
        return new CheckFigures.Counts(
                counters.passed(), counters.lateness().counts().counts());
    }

    private void measure(Supplier<CheckFigures.Counts> counts, long heapBefore, int descriptorsBefore)
            throws InterruptedException {
        long end = System.nanoTime() + TIME_LIMIT.toNanos();
        while (counts.get().passed() < warmUpChecks && System.nanoTime() < end) {
            Thread.sleep(LOOK_EVERY);
        }
        CheckFigures.Counts first = counts.get();
        long cpu = cpuNanos();
        long start = System.nanoTime();
        int most = 0;
        end = start + TIME_LIMIT.toNanos();
        while (counts.get().passed() < first.passed() + checks && System.nanoTime() < end) {
            Thread.sleep(LOOK_EVERY);
            most = Math.max(most, descriptors());
        }
        CheckFigures.Counts done = counts.get().since(first);
        double seconds = (System.nanoTime() - start) / 1e9;
        double micros = (cpuNanos() - cpu) / 1e3 / done.passed();
        System.out.printf(
                "checks %d%nmicros %.1f%nper-core %.0f%nper-second %.0f%n",
                done.passed(), micros, 1e6 / micros, done.passed() / seconds);
        System.out.printf(
                "late-50 %.0f%nlate-99 %.0f%nlate-999 %.0f%n",
                done.millisWithin(0.5), done.millisWithin(0.99), done.millisWithin(0.999));
        System.out.printf("heap %d%n", (heapBytes() - heapBefore) / targets);
        System.out.printf("before %d%nmost %d%n", descriptorsBefore, most);
    }

    static IpAddress address(int index) {
        return new IpAddress(IpFamily.IPV4, 0, 0x0a400000L + index + 1);
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Returns how many sockets and event queues are open: the class loader opens files as it likes. */
    private static int descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.filter(CheckLoad::isSocketOrQueue).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSocketOrQueue(Path descriptor) {
        try {
            String link = Files.readSymbolicLink(descriptor).toString();
            return link.startsWith("socket:") || link.startsWith("anon_inode:");
        } catch (IOException e) {
            return false; // closed since
        }
    }
}
