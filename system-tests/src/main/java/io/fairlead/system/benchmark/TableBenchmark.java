package io.fairlead.system.benchmark;

import io.fairlead.system.appliance.ApplianceProcess;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Programming and changing a large table: Fairlead beside the kernel's limit, {@code ipvsadm} and keepalived, one after the
 * other on the same machine, each in a new network namespace. Prints a table of figures and ratios. With a third argument
 * {@code table} only the kernel's limit and Fairlead's table are measured, for sizes that others need hours for.
 */
public final class TableBenchmark {

    private static final Duration TIME_LIMIT = Duration.ofMinutes(12);
    private static final Duration IDLE_TIME = Duration.ofSeconds(20);
    private static final int REPETITIONS = 3;
    private static final int RELOADS = 5;

    /** So much heap for each 100,000 entries. */
    private static final int HEAP_MIB = 1_024;

    private final Workload workload;
    private final List<String> lines = new ArrayList<>();

    private TableBenchmark(Workload workload) {
        this.workload = workload;
    }

    public static void main(String[] arguments) throws IOException {
        TableBenchmark benchmark = new TableBenchmark(Workload.parse(arguments[0], arguments[1]));
        if (arguments.length > 2 && arguments[2].equals("table")) {
            benchmark.runTable();
        } else {
            benchmark.run();
        }
    }

    private void runTable() {
        double kernel = figure(program("kernel"), "millis");
        String fairlead = program("fairlead-cold");
        say(row("programming an empty table", "ms", "beside the kernel's limit"));
        say(row("  kernel's limit: messages encoded beforehand", ms(kernel), "1.0"));
        double cold = figure(fairlead, "millis");
        say(row("  Fairlead, first thing a new JVM does", ms(cold), ratio(cold, kernel)));
        sayChanges(fairlead);
        lines.forEach(System.out::println);
    }

    /** What changing and looking after a table costs that stands. */
    private void sayChanges(String fairlead) {
        say(row("one weight changed, ms", String.format(Locale.ROOT, "%.2f", figure(fairlead, "change-millis")), ""));
        say(row("a hundred weights changed, ms", ms(figure(fairlead, "hundred-changes-millis")), ""));
        say(row("comparing what is wanted, nothing changed, ms", ms(figure(fairlead, "unchanged-millis")), ""));
        say(row("reading the whole table back, ms", ms(figure(fairlead, "audit-millis")), ""));
        say(row("heap that the table takes in Fairlead, MiB", ms(figure(fairlead, "heap-mib")), ""));
    }

    private int heapMib() {
        return HEAP_MIB * (workload.entries() / 100_000 + 1);
    }

    private void run() throws IOException {
        say("%d virtual servers of %d real servers, %d entries, %d processors"
                .formatted(
                        workload.virtualServers(),
                        workload.realServersEach(),
                        workload.entries(),
                        Runtime.getRuntime().availableProcessors()));

        List<Double> kernelTimes = new ArrayList<>();
        List<Double> fairleadTimes = new ArrayList<>();
        String fairleadFigures = "";
        for (int i = 0; i < REPETITIONS; i++) { // in turn, so that a slow spell of the machine meets both
            kernelTimes.add(figure(program("kernel"), "millis"));
            fairleadFigures = program("fairlead");
            fairleadTimes.add(figure(fairleadFigures, "millis"));
        }
        double kernel = median(kernelTimes);
        double fairlead = median(fairleadTimes);
        double cold = figure(program("fairlead-cold"), "millis");
        double ipvsadm = ipvsadm();
        Peer keepalived = keepalived();
        Peer appliance = appliance();

        say("");
        say(row("programming an empty table", "ms", "beside the kernel's limit"));
        say(row("  kernel's limit: messages encoded beforehand", ms(kernel), "1.0"));
        say(row("  Fairlead: plan, encode, send, check", ms(fairlead), ratio(fairlead, kernel)));
        say(row("  Fairlead, first thing a new JVM does", ms(cold), ratio(cold, kernel)));
        say(row("  ipvsadm -R", ms(ipvsadm), ratio(ipvsadm, kernel)));
        say(row("  keepalived, from its start", ms(keepalived.full()), ratio(keepalived.full(), kernel)));
        say(row("  Fairlead, from its start", ms(appliance.full()), ratio(appliance.full(), kernel)));
        sayChanges(fairleadFigures);
        say(row("", "Fairlead", "keepalived"));
        say(row("from start to the first entry, ms", ms(appliance.first()), ms(keepalived.first())));
        say(row("SIGHUP to one changed weight in the kernel, ms", ms(appliance.reload()), ms(keepalived.reload())));
        say(row("  the first of " + RELOADS, ms(appliance.firstReload()), ms(keepalived.firstReload())));
        say(row("  the slowest", ms(appliance.slowestReload()), ms(keepalived.slowestReload())));
        say(row("peak memory, MiB", mebibytes(appliance.peakKibibytes()), mebibytes(keepalived.peakKibibytes())));
        say(row("idle CPU, % of one core", percent(appliance), percent(keepalived)));
        say("");
        say(
                "Fairlead is %.1f times faster than ipvsadm -R; its reload is %.1f times faster than keepalived's, the first %.1f."
                        .formatted(
                                ipvsadm / fairlead,
                                keepalived.reload() / appliance.reload(),
                                keepalived.firstReload() / appliance.firstReload()));
        lines.forEach(System.out::println);
    }

    /** What was measured of a program that keeps running. Times in milliseconds. */
    private record Peer(double first, double full, List<Double> reloads, long peakKibibytes, double idlePercent) {

        double reload() {
            return median(reloads);
        }

        double firstReload() {
            return reloads.getFirst();
        }

        double slowestReload() {
            return Collections.max(reloads);
        }
    }

    private String program(String way) {
        try (Topology topology = Topology.create()) {
            String out = java(topology.host("fresh"), ProgramTable.class, way);
            progress(way + ": " + out.replace('\n', ' '));
            return out;
        }
    }

    private double ipvsadm() throws IOException {
        Path rules = Files.createTempFile("ipvsadm", ".rules");
        try (Topology topology = Topology.create()) {
            Files.writeString(rules, workload.ipvsadmRules());
            NetworkHost host = topology.host("fresh");
            long start = System.nanoTime();
            host.run(TIME_LIMIT, "sh", "-c", "ipvsadm -R < " + rules).orThrow();
            double millis = (System.nanoTime() - start) / 1e6;
            progress("ipvsadm -R: " + ms(millis) + " ms");
            return millis;
        } finally {
            Files.delete(rules);
        }
    }

    private Peer keepalived() throws IOException {
        Path folder = Files.createTempDirectory("keepalived");
        try (Topology topology = Topology.create()) {
            NetworkHost host = topology.host("fresh");
            Path file = folder.resolve("keepalived.conf");
            Files.writeString(file, workload.keepalivedConfiguration(Workload.WEIGHT));
            RunningProcess watcher = watch(host, "first");
            long start = System.nanoTime();
            RunningProcess peer = host.start(
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
            Peer measured = measure(host, peer, start, watcher, file, workload::keepalivedConfiguration, "keepalived");
            peer.kill(); // a stop in good order removes every entry by itself, which takes longer than all the rest
            return measured;
        }
    }

    private Peer appliance() throws IOException {
        try (Topology topology = Topology.create()) {
            NetworkHost host = topology.host("fresh");
            RunningProcess watcher = watch(host, "first");
            String configuration = workload.fairleadConfiguration(Workload.WEIGHT);
            long start = System.nanoTime();
            try (ApplianceProcess appliance = ApplianceProcess.start(host, configuration, heapMib() + "m")) {
                return measure(
                        host,
                        appliance.process(),
                        start,
                        watcher,
                        appliance.file(),
                        weight -> appliance.fileText(workload.fairleadConfiguration(weight)),
                        "fairlead");
            }
        }
    }

    private interface ConfigurationOf {
        String weight(int firstWeight);
    }

    private Peer measure(
            NetworkHost host,
            RunningProcess process,
            long start,
            RunningProcess firstWatcher,
            Path file,
            ConfigurationOf configuration,
            String name)
            throws IOException {
        firstWatcher.awaitLine("millis", TIME_LIMIT);
        double first = (System.nanoTime() - start) / 1e6;
        java(host, WatchTable.class, "full");
        double full = (System.nanoTime() - start) / 1e6;
        progress(name + ": first entry " + ms(first) + " ms, full " + ms(full) + " ms");

        LockSupport.parkNanos(IDLE_TIME.dividedBy(4).toNanos());
        ProcessUsage before = ProcessUsage.of(process.pid());
        long idleStart = System.nanoTime();
        LockSupport.parkNanos(IDLE_TIME.toNanos());
        long idleTicks = ProcessUsage.of(process.pid()).cpuTicks() - before.cpuTicks();
        double idlePercent = idleTicks * 10 * 100 / ((System.nanoTime() - idleStart) / 1e6);

        List<Double> reloads = new ArrayList<>();
        for (int weight = Workload.WEIGHT; reloads.size() < RELOADS; weight++) {
            reloads.add(reload(host, process, file, configuration, weight + 1, weight));
        }
        progress(name + ": reloads "
                + String.join(", ", reloads.stream().map(TableBenchmark::ms).toList()) + " ms");
        return new Peer(first, full, reloads, ProcessUsage.of(process.pid()).peakKibibytes(), idlePercent);
    }

    private double reload(
            NetworkHost host,
            RunningProcess process,
            Path file,
            ConfigurationOf configuration,
            int weight,
            int weightBefore)
            throws IOException {
        Path next = file.resolveSibling("next.conf");
        Files.writeString(next, configuration.weight(weight));
        return figure(
                java(
                        host,
                        WatchTable.class,
                        "reload",
                        file.toString(),
                        next.toString(),
                        Long.toString(process.pid()),
                        Integer.toString(weight),
                        Integer.toString(weightBefore)),
                "millis");
    }

    private RunningProcess watch(NetworkHost host, String what) {
        RunningProcess watcher = host.start(javaCommand(WatchTable.class, what));
        watcher.awaitLine("watching", TIME_LIMIT);
        return watcher;
    }

    private String java(NetworkHost host, Class<?> main, String way, String... more) {
        return host.run(TIME_LIMIT, javaCommand(main, way, more)).orThrow().out();
    }

    private String[] javaCommand(Class<?> main, String way, String... more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xms" + heapMib() + "m",
                "-Xmx" + heapMib() + "m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                way,
                Integer.toString(workload.virtualServers()),
                Integer.toString(workload.realServersEach())));
        command.addAll(List.of(more));
        return command.toArray(String[]::new);
    }

    private static double figure(String out, String name) {
        return out.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + name + " in: " + out));
    }

    private static double median(List<Double> figures) {
        return figures.stream().sorted().toList().get(figures.size() / 2);
    }

    private static String ms(double millis) {
        return String.format(Locale.ROOT, "%.0f", millis);
    }

    private static String ratio(double one, double other) {
        return String.format(Locale.ROOT, "%.1f", one / other);
    }

    private static String mebibytes(long kibibytes) {
        return Long.toString(kibibytes / 1024);
    }

    private static String percent(Peer peer) {
        return String.format(Locale.ROOT, "%.1f", peer.idlePercent());
    }

    private static String row(String what, String one, String other) {
        return String.format(Locale.ROOT, "%-52s %12s %26s", what, one, other);
    }

    private void say(String line) {
        lines.add(line);
    }

    private static void progress(String line) {
        System.err.println("  " + line);
    }
}
