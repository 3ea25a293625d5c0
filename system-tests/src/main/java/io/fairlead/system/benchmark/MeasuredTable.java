package io.fairlead.system.benchmark;

import io.fairlead.core.kernel.ApplyReport;
import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.kernel.IpvsTimeouts;
import io.fairlead.core.kernel.IpvsVersion;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.kernel.VirtualServerStats;
import io.fairlead.core.kernel.testing.FakeIpvsTable;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.reconcile.IpvsOp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A table in memory that notes when a real server was added. */
final class MeasuredTable implements IpvsTable {

    private final FakeIpvsTable inner = new FakeIpvsTable();
    private int operations;
    private final Map<String, Long> expected = new HashMap<>();
    private final List<Long> delays = new ArrayList<>();

    /** Begins to measure until the real server of that address is added. */
    synchronized void expect(String address) {
        expected.put(address, System.nanoTime());
    }

    /** Waits for so many operations since the beginning. */
    synchronized void await(int count, Duration timeout) throws IOException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (operations < count) {
            waitUntil(end, operations + " of " + count + " operations");
        }
    }

    /** Waits for so many measurements, and returns them in ascending order, in milliseconds. */
    synchronized List<Long> delays(int count, Duration timeout) throws IOException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (delays.size() < count) {
            waitUntil(end, delays.size() + " of " + count + " changes");
        }
        return delays.stream().sorted().toList();
    }

    @SuppressWarnings("WaitNotInLoop") // the callers loop
    private void waitUntil(long end, String what) throws IOException, InterruptedException {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
            throw new IOException("only " + what + " in time");
        }
        wait(left);
    }

    @Override
    public synchronized ApplyReport apply(List<IpvsOp> ops) {
        ApplyReport report = inner.apply(ops);
        inner.takeApplied();
        long now = System.nanoTime();
        for (IpvsOp op : ops) {
            operations++;
            if (op instanceof IpvsOp.AddRealServer(var _, RealServer realServer)) {
                Long since =
                        expected.remove(realServer.key().address().address().toString());
                if (since != null) {
                    delays.add(TimeUnit.NANOSECONDS.toMillis(now - since));
                }
            }
        }
        notifyAll();
        return report;
    }

    @Override
    public IpvsVersion info() {
        return inner.info();
    }

    @Override
    public List<VirtualServer> readVirtualServers() {
        return inner.readVirtualServers();
    }

    @Override
    public List<RealServer> readRealServers(VirtualServerKey key) {
        return inner.readRealServers(key);
    }

    @Override
    public List<RealServerStats> readStats(VirtualServerKey key) {
        return inner.readStats(key);
    }

    @Override
    public List<VirtualServerStats> readStats() {
        return inner.readStats();
    }

    @Override
    public IpvsTimeouts readTimeouts() {
        return inner.readTimeouts();
    }

    @Override
    public void writeTimeouts(IpvsTimeouts timeouts) {
        inner.writeTimeouts(timeouts);
    }

    @Override
    public void flush() {
        inner.flush();
    }

    @Override
    public void zero() {
        inner.zero();
    }

    @Override
    public Set<Scheduler> missingSchedulers(Set<Scheduler> schedulers) {
        return Set.of();
    }
}
