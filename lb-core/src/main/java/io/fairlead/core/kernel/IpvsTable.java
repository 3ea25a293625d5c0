package io.fairlead.core.kernel;

import io.fairlead.core.model.IpvsSnapshot;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.reconcile.IpvsOp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The kernel's IPVS table. Every call may throw {@link KernelException}. Not safe for use by several threads: one thread
 * owns a table and everything it says.
 */
public interface IpvsTable {

    /** The first of the firewall marks that {@link #missingSchedulers} tries; an unlikely number for anyone to use. */
    long PROBE_MARK = 0xfa1e_1eadL;

    /** How many firewall marks it tries, should someone use the first after all. */
    int PROBE_MARKS = 16;

    /** Returns the version and the size of the connection table. */
    IpvsVersion info();

    /** Returns every virtual server, without its real servers, in no particular order. */
    List<VirtualServer> readVirtualServers();

    /** Returns the real servers of a virtual server; {@link ErrnoException} with {@code ESRCH} if it does not exist. */
    List<RealServer> readRealServers(VirtualServerKey key);

    /** Returns the connections of each real server of a virtual server; fails like {@link #readRealServers}. */
    List<RealServerStats> readStats(VirtualServerKey key);

    /** Returns what the table has counted for each virtual server. */
    List<VirtualServerStats> readStats();

    /**
     * Runs {@code ops} in order. One that fails does not keep the others from being tried, and the report names it; only a
     * failure of the channel itself is thrown, after which nobody knows how many have run.
     */
    ApplyReport apply(List<IpvsOp> ops);

    /** Returns how long idle connections are remembered. */
    IpvsTimeouts readTimeouts();

    /** Sets how long idle connections are remembered; a zero leaves that one as it is. */
    void writeTimeouts(IpvsTimeouts timeouts);

    /** Removes every virtual server, whoever made it: for tests and for clean-up by an operator's explicit wish. */
    void flush();

    /** Sets the counters of every virtual server back to zero. */
    void zero();

    /**
     * Returns those of {@code schedulers} that the kernel neither has nor can load. There is no question to ask it: so a
     * virtual server of a firewall mark that nobody else uses is made with each scheduler and removed at once.
     */
    default Set<Scheduler> missingSchedulers(Set<Scheduler> schedulers) {
        Set<Scheduler> missing = new HashSet<>();
        for (Scheduler scheduler : schedulers) {
            for (long mark = PROBE_MARK; mark < PROBE_MARK + PROBE_MARKS; mark++) {
                VirtualServerKey key = new VirtualServerKey.FwmarkKey(IpFamily.IPV4, mark);
                VirtualServer probe = new VirtualServer(key, scheduler, Set.of(), Optional.empty(), false);
                ApplyReport report = apply(List.of(new IpvsOp.AddVirtualServer(probe)));
                if (report.succeeded()) {
                    ApplyReport removal = apply(List.of(new IpvsOp.DeleteVirtualServer(key)));
                    if (!removal.succeeded()) {
                        throw removal.failures().getFirst().cause();
                    }
                    break;
                }
                ErrnoException refusal = report.failures().getFirst().cause();
                if (refusal.errno() == Errno.ENOENT) {
                    missing.add(scheduler);
                    break;
                }
                if (refusal.errno() != Errno.EEXIST) {
                    throw refusal;
                }
            }
        }
        return missing;
    }

    /** Returns the whole table. */
    default IpvsSnapshot read() {
        List<Pool> pools = new ArrayList<>();
        for (VirtualServer virtualServer : readVirtualServers()) {
            try {
                pools.add(Pool.of(virtualServer, readRealServers(virtualServer.key())));
            } catch (ErrnoException e) {
                if (e.errno() != Errno.ESRCH) {
                    throw e;
                } // removed by someone between the two questions
            }
        }
        return IpvsSnapshot.of(pools);
    }
}
