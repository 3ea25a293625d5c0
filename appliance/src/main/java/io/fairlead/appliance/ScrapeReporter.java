package io.fairlead.appliance;

import io.fairlead.appliance.address.AddressView;
import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.event.EventCounts;
import io.fairlead.appliance.loop.LoopCounts;
import io.fairlead.appliance.loop.LoopView;
import io.fairlead.appliance.metrics.ReloadCounts;
import io.fairlead.appliance.metrics.Scrape;
import io.fairlead.appliance.metrics.Scrape.KernelCounters;
import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.time.DurationCounts;
import io.fairlead.core.time.Ticker;
import io.fairlead.health.netty.HealthChecker;
import java.util.List;
import java.util.function.Supplier;

/**
 * Gathers what metrics are made of. Like {@link StatusReporter} it reads the kernel through a channel that delays no decision,
 * and is used by the same platform thread.
 */
final class ScrapeReporter {

    private final CounterReader counters;
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
        this.counters = new CounterReader(table, Ticker.system());
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

    private KernelCounters kernelCounters(LoopView view) {
        List<VirtualServerKey> keys = view.config().virtualServers().stream()
                .map(configured -> configured.spec().key())
                .toList();
        return counters.read(keys, view.config().metrics().perRealServer());
    }
}
