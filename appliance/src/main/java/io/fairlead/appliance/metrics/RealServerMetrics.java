package io.fairlead.appliance.metrics;

import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.kernel.TrafficStats;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.policy.AdminState;
import io.fairlead.core.policy.Health;
import io.fairlead.core.policy.OperatorOverride;
import io.fairlead.core.policy.RealServerName;
import io.fairlead.core.policy.RealServerSpec;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** One time series for each real server of each virtual server; left out as a whole with {@code per-real-server = false}. */
final class RealServerMetrics {

    static final MetricGroup GROUP = new MetricGroup("Real servers");

    private static final String[] LABELS = {"virtual_server", "real_server"};

    private static final Metric INFO = GROUP.info(
            "fairlead_real_server_info",
            "What a real server is: always 1.",
            "virtual_server",
            "real_server",
            "address",
            "forwarding");
    private static final Metric HEALTHY = GROUP.gauge(
            "fairlead_real_server_healthy",
            "Whether its checks find it healthy: 1, or 0 while it is unhealthy or unknown.",
            LABELS);
    private static final Metric ENABLED = GROUP.gauge(
            "fairlead_real_server_enabled",
            "Whether an operator lets it serve: 1, or 0 while it is drained or disabled.",
            LABELS);
    private static final Metric WEIGHT = GROUP.gauge(
            "fairlead_real_server_weight", "Its weight in the kernel's table; no value while it is not there.", LABELS);
    private static final Metric CONFIGURED_WEIGHT =
            GROUP.gauge("fairlead_real_server_configured_weight", "Its weight by the configuration.", LABELS);
    private static final Metric ACTIVE =
            GROUP.gauge("fairlead_real_server_active_connections", "Connections that are established.", LABELS);
    private static final Metric INACTIVE =
            GROUP.gauge("fairlead_real_server_inactive_connections", "Connections in any other state.", LABELS);
    private static final Metric CONNECTIONS =
            GROUP.counter("fairlead_real_server_connections_total", "Connections that the kernel scheduled.", LABELS);
    private static final Metric INCOMING_PACKETS =
            GROUP.counter("fairlead_real_server_incoming_packets_total", "Packets from clients.", LABELS);
    private static final Metric OUTGOING_PACKETS = GROUP.counter(
            "fairlead_real_server_outgoing_packets_total", "Packets to clients through this host.", LABELS);
    private static final Metric INCOMING_BYTES =
            GROUP.counter("fairlead_real_server_incoming_bytes_total", "Bytes from clients.", LABELS);
    private static final Metric OUTGOING_BYTES =
            GROUP.counter("fairlead_real_server_outgoing_bytes_total", "Bytes to clients through this host.", LABELS);

    private RealServerMetrics() {}

    static void addTo(Exposition exposition, Scrape scrape) {
        add(
                exposition,
                INFO,
                scrape,
                (samples, at) -> samples.add(
                        1,
                        at.virtualServer(),
                        at.name(),
                        at.spec().key().toString(),
                        at.spec().realServer().path()));
        add(
                exposition,
                HEALTHY,
                scrape,
                (samples, at) -> samples.add(at.health() == Health.HEALTHY, at.virtualServer(), at.name()));
        add(
                exposition,
                ENABLED,
                scrape,
                (samples, at) ->
                        samples.add(at.override().state() == AdminState.ENABLED, at.virtualServer(), at.name()));
        add(
                exposition,
                WEIGHT,
                scrape,
                (samples, at) ->
                        at.inKernel().ifPresent(found -> samples.add(found.weight(), at.virtualServer(), at.name())));
        add(
                exposition,
                CONFIGURED_WEIGHT,
                scrape,
                (samples, at) -> samples.add(at.spec().realServer().weight(), at.virtualServer(), at.name()));
        counted(exposition, ACTIVE, scrape, RealServerStats::activeConnections);
        counted(exposition, INACTIVE, scrape, RealServerStats::inactiveConnections);
        traffic(exposition, CONNECTIONS, scrape, TrafficStats::connections);
        traffic(exposition, INCOMING_PACKETS, scrape, TrafficStats::packetsIn);
        traffic(exposition, OUTGOING_PACKETS, scrape, TrafficStats::packetsOut);
        traffic(exposition, INCOMING_BYTES, scrape, TrafficStats::bytesIn);
        traffic(exposition, OUTGOING_BYTES, scrape, TrafficStats::bytesOut);
    }

    /** One real server of one virtual server. */
    private record Place(Scrape scrape, ConfiguredVirtualServer configured, Optional<Pool> held, int index) {

        RealServerSpec spec() {
            return configured.spec().realServers().get(index);
        }

        String virtualServer() {
            return configured.spec().name();
        }

        String name() {
            return spec().name();
        }

        Health health() {
            return scrape.health(configured, index);
        }

        OperatorOverride override() {
            return scrape.loop()
                    .overrides()
                    .getOrDefault(new RealServerName(virtualServer(), name()), OperatorOverride.NONE);
        }

        Optional<RealServer> inKernel() {
            return held.map(pool -> pool.realServers().get(spec().key()));
        }
    }

    private interface Filler {
        void fill(Samples samples, Place place);
    }

    private static void add(Exposition exposition, Metric metric, Scrape scrape, Filler filler) {
        if (!scrape.isPerRealServer()) {
            return;
        }
        exposition.add(metric, samples -> {
            for (ConfiguredVirtualServer configured : scrape.virtualServers()) {
                Optional<Pool> held =
                        scrape.loop().held().find(configured.spec().key());
                for (int i = 0; i < configured.checks().size(); i++) {
                    filler.fill(samples, new Place(scrape, configured, held, i));
                }
            }
        });
    }

    private static void counted(
            Exposition exposition, Metric metric, Scrape scrape, ToLongFunction<RealServerStats> figure) {
        if (scrape.kernel().isRead()) {
            add(exposition, metric, scrape, (samples, at) -> {
                RealServerStats stats = scrape.kernel()
                        .of(at.configured().spec().key(), at.spec().key());
                samples.add(figure.applyAsLong(stats), at.virtualServer(), at.name());
            });
        }
    }

    private static void traffic(
            Exposition exposition, Metric metric, Scrape scrape, ToLongFunction<TrafficStats> figure) {
        counted(exposition, metric, scrape, stats -> figure.applyAsLong(stats.traffic()));
    }
}
