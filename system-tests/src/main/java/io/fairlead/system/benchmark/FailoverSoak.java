package io.fairlead.system.benchmark;

import io.fairlead.appliance.admin.HaReport;
import io.fairlead.system.appliance.ApplianceProcess;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.TopologyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether a failover happens that nothing called for: two appliances with the default interval and a small heap, on a machine
 * whose every processor has more to do than it can, while whoever may ask them questions does so without pause, each answer
 * of which is garbage to be collected. Fails if a role changed.
 */
final class FailoverSoak {

    private static final String HEAP = "40m";
    private static final int ASKERS_EACH = 2;
    private static final Duration REPORT_EVERY = Duration.ofSeconds(30);

    private FailoverSoak() {}

    static void run(Duration duration) {
        try (FairleadContender contender = new FairleadContender("100ms", HEAP);
                AddressPair pair = AddressPair.start(contender)) {
            List<NetworkHost> hosts = List.of(pair.better, pair.other);
            List<HaReport> before = hosts.stream()
                    .map(host -> contender.appliance(host).highAvailability())
                    .toList();
            List<RunningProcess> load = new ArrayList<>();
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                load.add(pair.client.start("sh", "-c", "while :; do :; done"));
            }
            for (NetworkHost host : hosts) {
                for (int i = 0; i < ASKERS_EACH; i++) {
                    load.add(host.start("sh", "-c", "while :; do curl -s -o /dev/null 127.0.0.1:9650/metrics; done"));
                }
            }
            long end = System.nanoTime() + duration.toNanos();
            while (System.nanoTime() - end < 0) {
                AddressPair.pause(REPORT_EVERY);
                for (int i = 0; i < hosts.size(); i++) {
                    tell(hosts.get(i), contender.appliance(hosts.get(i)));
                }
            }
            load.forEach(RunningProcess::close);
            for (int i = 0; i < hosts.size(); i++) {
                requireSame(
                        hosts.get(i),
                        before.get(i),
                        contender.appliance(hosts.get(i)).highAvailability());
            }
            System.out.println("no failover in " + duration.toMinutes() + " minutes");
        }
    }

    private static void tell(NetworkHost host, ApplianceProcess appliance) {
        HaReport report = appliance.highAvailability();
        HaReport.RouterLine router = report.routers().getFirst();
        System.out.printf(
                Locale.ROOT,
                "%s: %s since %s, term %d; latest %.1f ms, late %d times; jitter of the peer %.1f ms; %s%n",
                host.name(),
                router.role(),
                router.since(),
                router.term(),
                report.latestMillis(),
                report.late(),
                router.peers().getFirst().jitterMillis(),
                collections(host));
    }

    private static String collections(NetworkHost host) {
        return host.run("sh", "-c", "curl -s 127.0.0.1:9650/metrics | grep ^fairlead_jvm_gc_")
                .out()
                .replace('\n', ' ');
    }

    private static void requireSame(NetworkHost host, HaReport before, HaReport after) {
        HaReport.RouterLine was = before.routers().getFirst();
        HaReport.RouterLine is = after.routers().getFirst();
        if (!was.role().equals(is.role()) || was.term() != is.term() || was.takeovers() != is.takeovers()) {
            throw new TopologyException(host.name() + ": was " + was + ", is " + is);
        }
    }
}
