package io.fairlead.linux.ipvs;

import static io.fairlead.linux.ipvs.IpvsAttributes.*;

import io.fairlead.core.kernel.TrafficStats;
import io.fairlead.linux.wire.Attr;
import io.fairlead.linux.wire.AttributeSet;
import java.util.Optional;

/** The statistics nest that services and destinations share, in its 64-bit form where the kernel has that. */
record Counters(TrafficStats traffic, long connectionsPerSecond) {

    private static final Counters NONE = new Counters(TrafficStats.NONE, 0);

    static Counters decode(AttributeSet entry, Attr<AttributeSet> wide, Attr<AttributeSet> narrow) {
        Optional<AttributeSet> stats64 = entry.find(wide);
        if (stats64.isPresent()) {
            AttributeSet stats = stats64.get();
            return new Counters(
                    new TrafficStats(
                            stats.require(IPVS_STATS_ATTR_CONNS_64),
                            stats.require(IPVS_STATS_ATTR_INPKTS_64),
                            stats.require(IPVS_STATS_ATTR_OUTPKTS_64),
                            stats.require(IPVS_STATS_ATTR_INBYTES),
                            stats.require(IPVS_STATS_ATTR_OUTBYTES)),
                    stats.require(IPVS_STATS_ATTR_CPS_64));
        }
        return entry.find(narrow)
                .map(stats -> new Counters(
                        new TrafficStats(
                                stats.require(IPVS_STATS_ATTR_CONNS_32),
                                stats.require(IPVS_STATS_ATTR_INPKTS_32),
                                stats.require(IPVS_STATS_ATTR_OUTPKTS_32),
                                stats.require(IPVS_STATS_ATTR_INBYTES),
                                stats.require(IPVS_STATS_ATTR_OUTBYTES)),
                        stats.require(IPVS_STATS_ATTR_CPS_32)))
                .orElse(NONE);
    }
}
