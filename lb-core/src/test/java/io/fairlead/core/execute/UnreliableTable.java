package io.fairlead.core.execute;

import io.fairlead.core.kernel.ApplyReport;
import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.kernel.IpvsTimeouts;
import io.fairlead.core.kernel.IpvsVersion;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.kernel.VirtualServerStats;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.reconcile.IpvsOp;
import java.util.List;
import java.util.Optional;

/** A table that counts how often it is read, and can be told that it can no longer be. */
class UnreliableTable implements IpvsTable {

    private final IpvsTable table;
    private Optional<KernelException> readFailure = Optional.empty();
    private int readsLeft;
    private int reads;

    UnreliableTable(IpvsTable table) {
        this.table = table;
    }

    /** Makes every read fail after so many more. */
    void failReadsAfter(int successes, KernelException failure) {
        readFailure = Optional.of(failure);
        readsLeft = successes;
    }

    /** Makes reads succeed again. */
    void recover() {
        readFailure = Optional.empty();
    }

    /** Returns how often the table was read. */
    int reads() {
        return reads;
    }

    private IpvsTable reading() {
        if (readFailure.isPresent() && readsLeft-- <= 0) {
            throw readFailure.get();
        }
        reads++;
        return table;
    }

    @Override
    public IpvsVersion info() {
        return reading().info();
    }

    @Override
    public List<VirtualServer> readVirtualServers() {
        return reading().readVirtualServers();
    }

    @Override
    public List<RealServer> readRealServers(VirtualServerKey key) {
        return reading().readRealServers(key);
    }

    @Override
    public List<RealServerStats> readStats(VirtualServerKey key) {
        return reading().readStats(key);
    }

    @Override
    public List<VirtualServerStats> readStats() {
        return reading().readStats();
    }

    @Override
    public ApplyReport apply(List<IpvsOp> ops) {
        return table.apply(ops);
    }

    @Override
    public IpvsTimeouts readTimeouts() {
        return reading().readTimeouts();
    }

    @Override
    public void writeTimeouts(IpvsTimeouts timeouts) {
        table.writeTimeouts(timeouts);
    }

    @Override
    public void flush() {
        table.flush();
    }

    @Override
    public void zero() {
        table.zero();
    }
}
