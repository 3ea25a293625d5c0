package io.fairlead.appliance;

import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.kernel.IpvsVersion;
import io.fairlead.core.kernel.UnsupportedKernelException;
import io.fairlead.linux.ipvs.IpvsNetlinkTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's table on two sockets: one to change it, one to read counters.
 *
 * @param present false on a kernel without IPVS
 */
record IpvsTables(IpvsTable loop, IpvsTable status, boolean present, Runnable closing) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IpvsTables.class);

    /**
     * Opens the tables. A kernel without IPVS will do for an appliance that only moves addresses.
     *
     * @throws UnsupportedKernelException if there is no IPVS, and there are virtual servers
     */
    static IpvsTables open(FairleadConfig config) {
        try {
            IpvsNetlinkTable loop = IpvsNetlinkTable.open();
            IpvsVersion info = loop.info();
            LOG.info("Kernel has IPVS version={} connection-table-size={}", info.version(), info.connectionTableSize());
            IpvsNetlinkTable status = IpvsNetlinkTable.open();
            return new IpvsTables(loop, status, true, () -> {
                loop.close();
                status.close();
            });
        } catch (UnsupportedKernelException e) {
            if (config.highAvailability().isEmpty() || !config.virtualServers().isEmpty()) {
                throw e;
            }
            LOG.warn("Kernel has no IPVS: addresses move, and nothing is balanced");
            IpvsTable absent = new AbsentIpvsTable(e);
            return new IpvsTables(absent, absent, false, () -> {});
        }
    }

    @Override
    public void close() {
        closing.run();
    }
}
