package io.fairlead.system.benchmark;

import io.fairlead.appliance.admin.OperatorReport;
import io.fairlead.appliance.admin.OperatorRequest;
import io.fairlead.system.appliance.ApplianceProcess;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What it costs to ask an appliance with a large table for its metrics, with the counters of each real server and without, and
 * how long an operator's change of a weight takes meanwhile. Needs a kernel with IPVS. Prints a table.
 *
 * <p>{@code VIRTUAL-SERVERS REAL-SERVERS-EACH}
 */
public final class ScrapeBenchmark {

    private static final Duration TIME_LIMIT = Duration.ofMinutes(12);
    private static final String URL = "http://127.0.0.1:9650/metrics";
    private static final int SCRAPES = 5;
    private static final int CHANGES = 20;
    private static final double TICKS_PER_MILLI = 0.1;

    private final Workload workload;

    private ScrapeBenchmark(Workload workload) {
        this.workload = workload;
    }

    public static void main(String[] arguments) {
        new ScrapeBenchmark(Workload.parse(arguments[0], arguments[1])).run();
    }

    private void run() {
        System.out.printf(
                Locale.ROOT,
                "%d virtual servers of %d real servers, %d processors%n%n",
                workload.virtualServers(),
                workload.realServersEach(),
                Runtime.getRuntime().availableProcessors());
        try (Topology topology = Topology.create()) {
            NetworkHost host = topology.host("edge");
            try (ApplianceProcess appliance = ApplianceProcess.start(host, configuration(true), "1g")) {
                appliance.await(
                        "every virtual server in the table",
                        TIME_LIMIT,
                        status -> status.reconcile().operations() >= workload.entries());
                System.out.println("| metrics | median ms | longest ms | CPU ms each | KB |");
                System.out.println("| --- | ---: | ---: | ---: | ---: |");
                measureScrapes(host, appliance, "of each real server");
                List<Double> alone = changes(appliance);
                List<Double> beside;
                try (RunningProcess _ = host.start("sh", "-c", "while curl -s -o /dev/null " + URL + "; do :; done")) {
                    beside = changes(appliance);
                }
                appliance.reload(configuration(false));
                measureScrapes(host, appliance, "of virtual servers alone");

                System.out.println("\n| a weight changed by command | median ms | longest ms |");
                System.out.println("| --- | ---: | ---: |");
                printChanges("while nobody asks", alone);
                printChanges("while somebody asks without pause", beside);
            }
        }
    }

    private String configuration(boolean perRealServer) {
        return workload.fairleadConfiguration(Workload.WEIGHT)
                + "fairlead.metrics { listen = \"127.0.0.1:9650\", per-real-server = " + perRealServer + " }\n";
    }

    private static void measureScrapes(NetworkHost host, ApplianceProcess appliance, String what) {
        List<Double> millis = new ArrayList<>();
        long bytes = 0;
        long ticks = ProcessUsage.of(appliance.process().pid()).cpuTicks();
        for (int i = 0; i < SCRAPES; i++) {
            String[] figures = host.run(
                            TIME_LIMIT, "curl", "-sf", "-o", "/dev/null", "-w", "%{time_total} %{size_download}", URL)
                    .orThrow()
                    .out()
                    .strip()
                    .split(" ", -1);
            millis.add(1_000 * Double.parseDouble(figures[0]));
            bytes = Long.parseLong(figures[1]);
        }
        ticks = ProcessUsage.of(appliance.process().pid()).cpuTicks() - ticks;
        millis.sort(null);
        System.out.printf(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.0f | %d |%n",
                what,
                millis.get(SCRAPES / 2),
                millis.getLast(),
                ticks / TICKS_PER_MILLI / SCRAPES,
                bytes / 1_000);
    }

    /** Returns how long each took, in milliseconds, in order. */
    private List<Double> changes(ApplianceProcess appliance) {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < CHANGES; i++) {
            OperatorRequest request =
                    new OperatorRequest("vs7", workload.realServer(7, 0) + ":80", "set-weight", 20 + i, null);
            long start = System.nanoTime();
            OperatorReport report = appliance.operate(request);
            millis.add((System.nanoTime() - start) / 1e6);
            if (!report.accepted()) {
                throw new IllegalStateException(String.valueOf(report));
            }
        }
        millis.sort(null);
        return millis;
    }

    private static void printChanges(String what, List<Double> millis) {
        System.out.printf(Locale.ROOT, "| %s | %.1f | %.1f |%n", what, millis.get(CHANGES / 2), millis.getLast());
    }
}
