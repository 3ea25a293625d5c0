package io.fairlead.appliance.metrics;

import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.core.kernel.TrafficStats;
import io.fairlead.core.kernel.VirtualServerStats;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.policy.Health;
import io.fairlead.core.policy.PoolState;
import io.fairlead.core.policy.Quorum;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** One time series for each virtual server. */
final class VirtualServerMetrics {

    static final MetricGroup GROUP = new MetricGroup("Virtual servers");

    private static final String LABEL = "virtual_server";

    private static final Metric INFO = GROUP.info(
            "fairlead_virtual_server_info", "What a virtual server is: always 1.", LABEL, "destination", "scheduler");
    private static final Metric PRESENT = GROUP.gauge(
            "fairlead_virtual_server_present", "Whether the kernel's table has the virtual server: 1 or 0.", LABEL);
    private static final Metric QUORUM_HELD = GROUP.gauge(
            "fairlead_virtual_server_quorum_held",
            "Whether enough real servers are healthy: 1, or 0 while the quorum is lost or undecided.",
            LABEL);
    private static final Metric SORRY = GROUP.gauge(
            "fairlead_virtual_server_sorry_server_active", "Whether the sorry server answers: 1 or 0.", LABEL);
    private static final Metric REAL_SERVERS = GROUP.gauge(
            "fairlead_virtual_server_real_servers",
            "Configured real servers by their health: healthy, unhealthy or unknown.",
            LABEL,
            "health");
    private static final Metric CONNECTIONS =
            GROUP.counter("fairlead_virtual_server_connections_total", "Connections that the kernel scheduled.", LABEL);
    private static final Metric INCOMING_PACKETS =
            GROUP.counter("fairlead_virtual_server_incoming_packets_total", "Packets from clients.", LABEL);
    private static final Metric OUTGOING_PACKETS = GROUP.counter(
            "fairlead_virtual_server_outgoing_packets_total",
            "Packets to clients through this host: none with direct routing and tunnels.",
            LABEL);
    private static final Metric INCOMING_BYTES =
            GROUP.counter("fairlead_virtual_server_incoming_bytes_total", "Bytes from clients.", LABEL);
    private static final Metric OUTGOING_BYTES = GROUP.counter(
            "fairlead_virtual_server_outgoing_bytes_total",
            "Bytes to clients through this host: none with direct routing and tunnels.",
            LABEL);

    private VirtualServerMetrics() {}

    static void addTo(Exposition exposition, Scrape scrape) {
        exposition.add(INFO, samples -> {
            for (ConfiguredVirtualServer each : scrape.virtualServers()) {
                samples.add(
                        1,
                        each.spec().name(),
                        each.destination(),
                        each.spec().virtualServer().scheduler().toString());
            }
        });
        exposition.add(PRESENT, samples -> {
            for (ConfiguredVirtualServer each : scrape.virtualServers()) {
                samples.add(
                        scrape.loop().held().find(each.spec().key()).isPresent(),
                        each.spec().name());
            }
        });
        exposition.add(QUORUM_HELD, samples -> {
            for (ConfiguredVirtualServer each : scrape.virtualServers()) {
                PoolState state =
                        scrape.loop().states().getOrDefault(each.spec().key(), PoolState.INITIAL);
                samples.add(state.quorum() == Quorum.State.HELD, each.spec().name());
            }
        });
        exposition.add(SORRY, samples -> {
            for (ConfiguredVirtualServer each : scrape.virtualServers()) {
                samples.add(scrape.loop().isSorry(each.spec()), each.spec().name());
            }
        });
        exposition.add(REAL_SERVERS, samples -> {
            for (ConfiguredVirtualServer each : scrape.virtualServers()) {
                countByHealth(scrape, each)
                        .forEach((health, count) ->
                                samples.add(count, each.spec().name(), health.word()));
            }
        });
        traffic(exposition, CONNECTIONS, scrape, TrafficStats::connections);
        traffic(exposition, INCOMING_PACKETS, scrape, TrafficStats::packetsIn);
        traffic(exposition, OUTGOING_PACKETS, scrape, TrafficStats::packetsOut);
        traffic(exposition, INCOMING_BYTES, scrape, TrafficStats::bytesIn);
        traffic(exposition, OUTGOING_BYTES, scrape, TrafficStats::bytesOut);
    }

    private static void traffic(
            Exposition exposition, Metric metric, Scrape scrape, ToLongFunction<TrafficStats> figure) {
        Map<VirtualServerKey, VirtualServerStats> counted = scrape.kernel().virtualServers();
        exposition.add(metric, samples -> {
            for (ConfiguredVirtualServer each : scrape.virtualServers()) {
                VirtualServerStats stats = counted.get(each.spec().key());
                if (stats != null) {
                    samples.add(figure.applyAsLong(stats.traffic()), each.spec().name());
                }
            }
        });
    }

    private static Map<Health, Integer> countByHealth(Scrape scrape, ConfiguredVirtualServer virtualServer) {
        Map<Health, Integer> counts = new EnumMap<>(Health.class);
        for (Health health : Health.values()) {
            counts.put(health, 0);
        }
        for (int i = 0; i < virtualServer.checks().size(); i++) {
            counts.merge(scrape.health(virtualServer, i), 1, Integer::sum);
        }
        return counts;
    }
}
