package io.fairlead.appliance.metrics;

import io.fairlead.appliance.address.AddressView;
import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.event.EventCounts;
import io.fairlead.appliance.loop.LoopCounts;
import io.fairlead.appliance.loop.LoopView;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.kernel.VirtualServerStats;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.policy.Health;
import io.fairlead.core.time.DurationCounts;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.HealthState;
import io.fairlead.health.netty.CheckCounters;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Everything that metrics are made of, at one moment.
 *
 * @param version of the appliance
 * @param health what is known of a target of the checks
 * @param certificateExpires when the certificate expires that a target of the checks showed last
 * @param targets how many are checked
 */
public record Scrape(
        String version,
        LoopView loop,
        LoopCounts loopCounts,
        KernelCounters kernel,
        Function<CheckTarget, HealthState> health,
        Function<CheckTarget, Optional<Instant>> certificateExpires,
        CheckCounters checks,
        int targets,
        AddressView addresses,
        ReloadCounts reloads,
        EventCounts events,
        DurationCounts pauses,
        HaReport highAvailability) {

    /**
     * What the kernel counts.
     *
     * @param isRead whether the kernel could be asked; else the rest is empty
     * @param realServers of each virtual server; empty where they were not asked for
     */
    public record KernelCounters(
            boolean isRead,
            Map<VirtualServerKey, VirtualServerStats> virtualServers,
            Map<VirtualServerKey, Map<RealServerKey, RealServerStats>> realServers) {

        public static final KernelCounters UNREAD = new KernelCounters(false, Map.of(), Map.of());

        RealServerStats of(VirtualServerKey virtualServer, RealServerKey realServer) {
            return realServers
                    .getOrDefault(virtualServer, Map.of())
                    .getOrDefault(realServer, RealServerStats.none(realServer));
        }
    }

    List<ConfiguredVirtualServer> virtualServers() {
        return loop.config().virtualServers();
    }

    boolean isPerRealServer() {
        return loop.config().metrics().perRealServer();
    }

    Health health(ConfiguredVirtualServer virtualServer, int realServer) {
        return virtualServer
                .checks()
                .get(realServer)
                .verdict(target -> health.apply(target).verdict())
                .health();
    }
}
