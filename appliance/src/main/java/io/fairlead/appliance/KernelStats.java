package io.fairlead.appliance;

import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.VirtualServerKey;
import java.util.HashMap;
import java.util.Map;

/** Reads the kernel's counters by key. */
final class KernelStats {

    private KernelStats() {}

    /** A virtual server that was removed since the loop was asked has no counters, which is no reason to fail. */
    static Map<RealServerKey, RealServerStats> realServers(IpvsTable table, VirtualServerKey key) {
        Map<RealServerKey, RealServerStats> byKey = new HashMap<>();
        try {
            for (RealServerStats stats : table.readStats(key)) {
                byKey.put(stats.key(), stats);
            }
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ESRCH) {
                throw e;
            }
        }
        return byKey;
    }
}
