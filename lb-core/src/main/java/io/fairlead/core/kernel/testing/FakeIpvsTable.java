package io.fairlead.core.kernel.testing;

import io.fairlead.core.kernel.ApplyReport;
import io.fairlead.core.kernel.ApplyReport.OpFailure;
import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.kernel.IpvsTimeouts;
import io.fairlead.core.kernel.IpvsVersion;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.kernel.TrafficStats;
import io.fairlead.core.kernel.VirtualServerStats;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.reconcile.IpvsOp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** An IPVS table in memory that refuses what the kernel refuses, with the kernel's error numbers. */
public final class FakeIpvsTable implements IpvsTable {

    private final NavigableMap<VirtualServerKey, VirtualServer> virtualServers = new TreeMap<>();
    private final Map<VirtualServerKey, NavigableMap<RealServerKey, RealServer>> realServers = new HashMap<>();
    private final Map<VirtualServerKey, Map<RealServerKey, RealServerStats>> open = new HashMap<>();
    private final Set<Scheduler> missingSchedulers = new HashSet<>();
    private final List<IpvsOp> applied = new ArrayList<>();
    private Optional<KernelException> channelFailure = Optional.empty();
    private int channelFailureAfter;
    private IpvsTimeouts timeouts =
            new IpvsTimeouts(Duration.ofMinutes(15), Duration.ofMinutes(2), Duration.ofMinutes(5));

    /** Makes the table refuse virtual servers of this scheduler, like a kernel without its module. */
    public void lacks(Scheduler scheduler) {
        missingSchedulers.add(scheduler);
    }

    /** Makes the next {@link #apply} fail as a whole after it has run {@code operations} of its operations. */
    public void failChannelAfter(int operations, KernelException failure) {
        channelFailure = Optional.of(failure);
        channelFailureAfter = operations;
    }

    /** Returns every operation that was carried out, in order, and forgets them. */
    public List<IpvsOp> takeApplied() {
        List<IpvsOp> taken = List.copyOf(applied);
        applied.clear();
        return taken;
    }

    /** Makes a real server have so many open connections, until they are set to something else. */
    public void open(VirtualServerKey virtualServer, RealServerKey realServer, long active, long inactive) {
        open.computeIfAbsent(virtualServer, _ -> new HashMap<>())
                .put(realServer, new RealServerStats(realServer, active, inactive, 0, TrafficStats.NONE));
    }

    /** Puts a pool there, as someone else would. */
    public void put(Pool pool) {
        VirtualServerKey key = pool.virtualServer().key();
        virtualServers.put(key, pool.virtualServer());
        realServers.put(key, new TreeMap<>(pool.realServers()));
    }

    /** Removes a virtual server, as someone else would. */
    public void remove(VirtualServerKey key) {
        virtualServers.remove(key);
        realServers.remove(key);
    }

    @Override
    public IpvsVersion info() {
        return new IpvsVersion("1.2.1", 4096);
    }

    @Override
    public List<VirtualServer> readVirtualServers() {
        return List.copyOf(virtualServers.values());
    }

    @Override
    public List<RealServer> readRealServers(VirtualServerKey key) {
        NavigableMap<RealServerKey, RealServer> found = realServers.get(key);
        if (found == null) {
            throw new ErrnoException("read real servers of " + key, Errno.ESRCH, "");
        }
        return List.copyOf(found.values());
    }

    @Override
    public List<RealServerStats> readStats(VirtualServerKey key) {
        return readRealServers(key).stream()
                .map(realServer -> open.getOrDefault(key, Map.of())
                        .getOrDefault(realServer.key(), RealServerStats.none(realServer.key())))
                .toList();
    }

    @Override
    public List<VirtualServerStats> readStats() {
        return virtualServers.keySet().stream().map(VirtualServerStats::none).toList();
    }

    @Override
    public ApplyReport apply(List<IpvsOp> ops) {
        List<OpFailure> failures = new ArrayList<>();
        Set<VirtualServerKey> notCreated = new HashSet<>();
        int carriedOut = 0;
        for (int i = 0; i < ops.size(); i++) {
            if (channelFailure.isPresent() && i == channelFailureAfter) {
                KernelException failure = channelFailure.get();
                channelFailure = Optional.empty();
                throw failure;
            }
            IpvsOp op = ops.get(i);
            int errno = run(op);
            if (errno == 0) {
                applied.add(op);
                carriedOut++;
            } else if (errno != Errno.ESRCH || !notCreated.contains(op.virtualServerKey())) {
                failures.add(new OpFailure(op, new ErrnoException(op.toString(), errno, "")));
            }
            if (errno != 0 && errno != Errno.EEXIST && op instanceof IpvsOp.AddVirtualServer) {
                notCreated.add(op.virtualServerKey());
            }
        }
        return new ApplyReport(carriedOut, failures);
    }

    /** Carries out one operation and returns zero, or the error number of the kernel's refusal. */
    private int run(IpvsOp op) {
        return switch (op) {
            case IpvsOp.AddVirtualServer(var virtualServer) -> {
                if (virtualServers.containsKey(virtualServer.key())) {
                    yield Errno.EEXIST;
                }
                if (missingSchedulers.contains(virtualServer.scheduler())) {
                    yield Errno.ENOENT;
                }
                virtualServers.put(virtualServer.key(), virtualServer);
                realServers.put(virtualServer.key(), new TreeMap<>());
                yield 0;
            }
            case IpvsOp.UpdateVirtualServer(var virtualServer) -> {
                if (!virtualServers.containsKey(virtualServer.key())) {
                    yield Errno.ESRCH;
                }
                if (missingSchedulers.contains(virtualServer.scheduler())) {
                    yield Errno.ENOENT;
                }
                virtualServers.put(virtualServer.key(), virtualServer);
                yield 0;
            }
            case IpvsOp.DeleteVirtualServer(var key) -> {
                if (virtualServers.remove(key) == null) {
                    yield Errno.ESRCH;
                }
                realServers.remove(key);
                yield 0;
            }
            case IpvsOp.AddRealServer(var parent, var realServer) -> {
                NavigableMap<RealServerKey, RealServer> pool = realServers.get(parent);
                if (pool == null) {
                    yield Errno.ESRCH;
                }
                int invalid = invalid(parent, realServer);
                if (invalid != 0) {
                    yield invalid;
                }
                yield pool.putIfAbsent(realServer.key(), realServer) == null ? 0 : Errno.EEXIST;
            }
            case IpvsOp.UpdateRealServer(var parent, var realServer) -> {
                NavigableMap<RealServerKey, RealServer> pool = realServers.get(parent);
                if (pool == null) {
                    yield Errno.ESRCH;
                }
                int invalid = invalid(parent, realServer);
                if (invalid != 0) {
                    yield invalid;
                }
                yield pool.replace(realServer.key(), realServer) == null ? Errno.ENOENT : 0;
            }
            case IpvsOp.DeleteRealServer(var parent, var key) -> {
                NavigableMap<RealServerKey, RealServer> pool = realServers.get(parent);
                if (pool == null) {
                    yield Errno.ESRCH;
                }
                yield pool.remove(key) == null ? Errno.ENOENT : 0;
            }
        };
    }

    /** Returns zero, or the error number for what no pool could hold. */
    private static int invalid(VirtualServerKey parent, RealServer realServer) {
        if (realServer.key().address().address().family() != parent.family()
                && realServer.forwarding() != ForwardingMethod.TUNNEL) {
            return Errno.EINVAL;
        }
        return realServer.thresholds().lower() > realServer.thresholds().upper() ? Errno.ERANGE : 0;
    }

    @Override
    public IpvsTimeouts readTimeouts() {
        return timeouts;
    }

    @Override
    public void writeTimeouts(IpvsTimeouts written) {
        timeouts = written.over(timeouts);
    }

    @Override
    public void flush() {
        virtualServers.clear();
        realServers.clear();
    }

    @Override
    public void zero() {}
}
