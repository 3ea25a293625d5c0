package io.fairlead.appliance;

import io.fairlead.core.kernel.ApplyReport;
import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.kernel.IpvsTimeouts;
import io.fairlead.core.kernel.IpvsVersion;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.kernel.UnsupportedKernelException;
import io.fairlead.core.kernel.VirtualServerStats;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.reconcile.IpvsOp;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The table of a kernel without IPVS, for an appliance without virtual servers: empty, and refusing whatever is asked. */
final class AbsentIpvsTable implements IpvsTable {

    private final UnsupportedKernelException reason;

    /** @param reason what the kernel said */
    AbsentIpvsTable(UnsupportedKernelException reason) {
        this.reason = reason;
    }

    @Override
    public IpvsVersion info() {
        return new IpvsVersion("none", 0);
    }

    @Override
    public List<VirtualServer> readVirtualServers() {
        return List.of();
    }

    @Override
    public List<RealServer> readRealServers(VirtualServerKey key) {
        throw reason;
    }

    @Override
    public List<RealServerStats> readStats(VirtualServerKey key) {
        throw reason;
    }

    @Override
    public List<VirtualServerStats> readStats() {
        return List.of();
    }

    @Override
    public ApplyReport apply(List<IpvsOp> ops) {
        throw reason;
    }

    @Override
    public IpvsTimeouts readTimeouts() {
        return new IpvsTimeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    @Override
    public void writeTimeouts(IpvsTimeouts timeouts) {
        throw reason;
    }

    @Override
    public void flush() {}

    @Override
    public void zero() {}

    @Override
    public Set<Scheduler> missingSchedulers(Set<Scheduler> schedulers) {
        if (schedulers.isEmpty()) {
            return Set.of();
        }
        throw reason;
    }
}
