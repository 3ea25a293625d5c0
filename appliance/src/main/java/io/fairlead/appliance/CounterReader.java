package io.fairlead.appliance;

import io.fairlead.appliance.metrics.Scrape.KernelCounters;
import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.kernel.VirtualServerStats;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the kernel's counters for metrics, for a tenth of the time at most: the kernel is asked once for each virtual server, which
 * holds up others who want its table. Who asks more often gets what was read last. Used by one platform thread.
 */
final class CounterReader {

    private static final Logger LOG = LoggerFactory.getLogger(CounterReader.class);

    /** After a reading there is none for so many times as long as it took. */
    private static final int REST = 9;

    private final IpvsTable table;
    private final Ticker ticker;
    private Optional<Reading> last = Optional.empty();

    /** @param until when the kernel may be asked again */
    private record Reading(KernelCounters counters, boolean perRealServer, MonotonicInstant until) {}

    CounterReader(IpvsTable table, Ticker ticker) {
        this.table = table;
        this.ticker = ticker;
    }

    /**
     * Returns the counters of all virtual servers, and of the real servers of {@code keys} if asked for. A kernel that cannot be
     * asked is one more thing to show, and no reason to show nothing.
     */
    KernelCounters read(Collection<VirtualServerKey> keys, boolean perRealServer) {
        MonotonicInstant begin = ticker.now();
        if (last.isPresent()
                && last.get().perRealServer() == perRealServer
                && begin.isBefore(last.get().until())) {
            return last.get().counters();
        }
        last = Optional.empty(); // not in memory together with the next
        try {
            KernelCounters counters = ask(keys, perRealServer);
            MonotonicInstant end = ticker.now();
            MonotonicInstant until = end.plus(end.since(begin).multipliedBy(REST));
            last = Optional.of(new Reading(counters, perRealServer, until));
            return counters;
        } catch (KernelException e) {
            LOG.debug("Cannot read the kernel's counters for metrics", e);
            return KernelCounters.UNREAD;
        }
    }

    private KernelCounters ask(Collection<VirtualServerKey> keys, boolean perRealServer) {
        Map<VirtualServerKey, VirtualServerStats> virtualServers = new HashMap<>();
        for (VirtualServerStats stats : table.readStats()) {
            virtualServers.put(stats.key(), stats);
        }
        Map<VirtualServerKey, Map<RealServerKey, RealServerStats>> realServers = new HashMap<>();
        for (VirtualServerKey key : keys) {
            if (perRealServer && virtualServers.containsKey(key)) {
                realServers.put(key, KernelStats.realServers(table, key));
            }
        }
        return new KernelCounters(true, virtualServers, realServers);
    }
}
