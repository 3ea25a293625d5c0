package io.fairlead.linux.ipvs;

import static io.fairlead.linux.ipvs.IpvsAttributes.*;

import io.fairlead.linux.wire.Attr;
import io.fairlead.linux.wire.AttributeSet;
import java.util.Optional;

/** The statistics nest that services and destinations share, in its 64-bit form where the kernel has that. */
record Counters(long connections, long bytesIn, long bytesOut, long perSecond) {

    private static final Counters NONE = new Counters(0, 0, 0, 0);

    static Counters decode(AttributeSet entry, Attr<AttributeSet> wide, Attr<AttributeSet> narrow) {
        Optional<AttributeSet> stats64 = entry.find(wide);
        if (stats64.isPresent()) {
            return read(stats64.get(), IPVS_STATS_ATTR_CONNS_64, IPVS_STATS_ATTR_CPS_64);
        }
        return entry.find(narrow)
                .map(stats -> read(stats, IPVS_STATS_ATTR_CONNS_32, IPVS_STATS_ATTR_CPS_32))
                .orElse(NONE);
    }

    private static Counters read(AttributeSet stats, Attr<Long> connections, Attr<Long> perSecond) {
        return new Counters(
                stats.require(connections),
                stats.require(IPVS_STATS_ATTR_INBYTES),
                stats.require(IPVS_STATS_ATTR_OUTBYTES),
                stats.require(perSecond));
    }
}
