package io.fairlead.appliance;

import io.fairlead.appliance.address.AddressView;
import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.event.EventCounts;
import io.fairlead.appliance.loop.LoopCounts;
import io.fairlead.appliance.loop.LoopView;
import io.fairlead.appliance.metrics.ReloadCounts;
import io.fairlead.appliance.metrics.Scrape;
import io.fairlead.appliance.metrics.Scrape.KernelCounters;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.kernel.VirtualServerStats;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.time.DurationCounts;
import io.fairlead.health.netty.HealthChecker;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers what metrics are made of. Like {@link StatusReporter} it reads the kernel through a channel that delays no decision,
 * and is used by the same platform thread.
 */
final class ScrapeReporter {

    private static final Logger LOG = LoggerFactory.getLogger(ScrapeReporter.class);

    private final IpvsTable table;
    private final HealthChecker checker;
    private final Views views;
    private final String version;

    /** What others tell of themselves. Any thread; none of them blocks. */
    record Views(
            Supplier<LoopCounts> loop,
            Supplier<AddressView> addresses,
            Supplier<ReloadCounts> reloads,
            Supplier<EventCounts> events,
            Supplier<DurationCounts> pauses,
            Supplier<HaReport> highAvailability) {}

    ScrapeReporter(IpvsTable table, HealthChecker checker, Views views, String version) {
        this.table = table;
        this.checker = checker;
        this.views = views;
        this.version = version;
    }

    Scrape report(LoopView view) {
        return new Scrape(
                version,
                view,
                views.loop().get(),
                kernelCounters(view),
                checker::stateOf,
                checker::certificateExpiresOf,
                checker.counters(),
                checker.size(),
                views.addresses().get(),
                views.reloads().get(),
                views.events().get(),
                views.pauses().get(),
                views.highAvailability().get());
    }

    /** A kernel that cannot be asked is one more thing to show, and no reason to show nothing. */
    private KernelCounters kernelCounters(LoopView view) {
        try {
            Map<VirtualServerKey, VirtualServerStats> virtualServers = new HashMap<>();
            for (VirtualServerStats stats : table.readStats()) {
                virtualServers.put(stats.key(), stats);
            }
            Map<VirtualServerKey, Map<RealServerKey, RealServerStats>> realServers = new HashMap<>();
            if (view.config().metrics().perRealServer()) {
                for (ConfiguredVirtualServer configured : view.config().virtualServers()) {
                    VirtualServerKey key = configured.spec().key();
                    if (virtualServers.containsKey(key)) {
                        realServers.put(key, KernelStats.realServers(table, key));
                    }
                }
            }
            return new KernelCounters(true, virtualServers, realServers);
        } catch (KernelException e) {
            LOG.debug("Cannot read the kernel's counters for metrics", e);
            return KernelCounters.UNREAD;
        }
    }
}
