package io.fairlead.core.execute;

import io.fairlead.core.kernel.ApplyReport;
import io.fairlead.core.kernel.ApplyReport.OpFailure;
import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.model.IpvsSnapshot;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.reconcile.IpvsOp;
import io.fairlead.core.reconcile.IpvsPlan;
import io.fairlead.core.reconcile.IpvsReconciler;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the kernel's table follow what is wanted. Keeps in memory what the kernel holds of ours, so that one change among
 * many thousand entries costs one message and no reading; an {@link Audit} finds out, a few virtual servers at a time,
 * where that memory is wrong because someone else changed the table.
 *
 * <p>Virtual servers that were never asked for are not even remembered, so they cannot be touched. Owned by one thread.
 */
public final class TableFollower {

    /** Tries within one call. What the kernel still refuses then is reported; the caller decides when to try again. */
    private static final int TRIES_MAX = 3;

    private final IpvsTable table;
    /** Changed only through {@link #toChange}. */
    private final NavigableMap<VirtualServerKey, Pool> held = new TreeMap<>();
    /** A copy of {@link #held} for others, as long as it is true: with ten thousand entries a copy takes milliseconds. */
    private @Nullable IpvsSnapshot copy;

    /** Touched when the kernel could not be read afterwards: to be read before anything is planned again. */
    private final Set<VirtualServerKey> doubtful = new HashSet<>();

    private @Nullable Audit audit;

    public TableFollower(IpvsTable table) {
        this.table = table;
    }

    /**
     * What came of one call.
     *
     * @param operations how many the kernel carried out
     * @param failures what it still refused after re-reading and planning again
     * @param conflicts how often it held something else than remembered: an entry that existed or was gone already
     */
    public record Outcome(int operations, List<OpFailure> failures, int conflicts) {

        public Outcome {
            failures = List.copyOf(failures);
        }

        /** Returns whether the kernel now holds what is wanted. */
        public boolean succeeded() {
            return failures.isEmpty();
        }
    }

    /**
     * Takes over those of {@code keys} that the kernel holds already, with all their real servers and connections.
     *
     * @return how many were found
     * @throws KernelException if the kernel cannot be read; nothing is remembered then
     */
    public int adopt(Set<VirtualServerKey> keys) {
        Map<VirtualServerKey, Pool> found = new HashMap<>();
        for (VirtualServer virtualServer : table.readVirtualServers()) {
            if (keys.contains(virtualServer.key())) {
                readPool(virtualServer).ifPresent(pool -> found.put(virtualServer.key(), pool));
            }
        }
        toChange().keySet().removeAll(keys);
        held.putAll(found);
        return found.size();
    }

    /** Returns what the kernel holds of a virtual server, as far as we know. */
    public Optional<Pool> held(VirtualServerKey key) {
        return Optional.ofNullable(held.get(key));
    }

    /** Returns every virtual server of ours that the kernel holds, as far as we know. */
    public IpvsSnapshot held() {
        IpvsSnapshot snapshot = copy;
        if (snapshot == null) {
            snapshot = new IpvsSnapshot(held);
            copy = snapshot;
        }
        return snapshot;
    }

    private NavigableMap<VirtualServerKey, Pool> toChange() {
        copy = null;
        return held;
    }

    /** Returns what {@link #follow} would do now. */
    public IpvsPlan plan(Collection<Pool> wanted, Set<VirtualServerKey> removed) {
        IpvsSnapshot desired = IpvsSnapshot.of(wanted);
        NavigableMap<VirtualServerKey, Pool> actual = new TreeMap<>();
        for (VirtualServerKey key : desired.pools().keySet()) {
            remember(actual, key);
        }
        for (VirtualServerKey key : removed) {
            remember(actual, key);
        }
        return IpvsReconciler.plan(desired, new IpvsSnapshot(actual), removed::contains);
    }

    private void remember(Map<VirtualServerKey, Pool> actual, VirtualServerKey key) {
        Pool pool = held.get(key);
        if (pool != null) {
            actual.put(key, pool);
        }
    }

    /**
     * Brings these virtual servers, and no others, to what is wanted. Where the kernel refuses something, the virtual servers
     * concerned are read again and planned again.
     *
     * @param wanted the whole content of each virtual server to bring about
     * @param removed virtual servers of ours to remove
     * @throws KernelException if the channel itself failed; what is remembered is then read from the kernel before it is
     *     relied upon again
     */
    public Outcome follow(Collection<Pool> wanted, Set<VirtualServerKey> removed) {
        reread(Set.of());
        int operations = 0;
        int conflicts = 0;
        for (int attempt = 1; ; attempt++) {
            IpvsPlan plan = plan(wanted, removed);
            if (plan.isEmpty()) {
                return new Outcome(operations, List.of(), conflicts);
            }
            ApplyReport report = apply(plan);
            operations += report.carriedOut();
            noteSuccess(wanted, removed);
            if (report.succeeded()) {
                return new Outcome(operations, List.of(), conflicts);
            }
            conflicts += (int)
                    report.failures().stream().filter(TableFollower::isConflict).count();
            reread(report.failures().stream()
                    .map(failure -> failure.op().virtualServerKey())
                    .collect(Collectors.toSet()));
            if (attempt == TRIES_MAX || report.failures().stream().noneMatch(TableFollower::isConflict)) {
                return new Outcome(operations, report.failures(), conflicts);
            }
        }
    }

    private ApplyReport apply(IpvsPlan plan) {
        if (audit != null) {
            audit.touched.addAll(touched(plan));
        }
        try {
            return table.apply(plan.ops());
        } catch (KernelException e) {
            // Nobody knows how many of the operations ran, so what they touched is read again: now, or else before the
            // next plan.
            try {
                reread(touched(plan));
            } catch (KernelException unreadable) {
                e.addSuppressed(unreadable);
            }
            throw e;
        }
    }

    private static Set<VirtualServerKey> touched(IpvsPlan plan) {
        return plan.ops().stream().map(IpvsOp::virtualServerKey).collect(Collectors.toSet());
    }

    /** Reads these from the kernel, and those that could not be read when they should have been. */
    private void reread(Set<VirtualServerKey> keys) {
        doubtful.addAll(keys);
        if (doubtful.isEmpty()) {
            return;
        }
        toChange().keySet().removeAll(doubtful);
        adopt(doubtful);
        doubtful.clear();
    }

    private void noteSuccess(Collection<Pool> wanted, Set<VirtualServerKey> removed) {
        NavigableMap<VirtualServerKey, Pool> changed = toChange();
        changed.keySet().removeAll(removed);
        for (Pool pool : wanted) {
            changed.put(pool.virtualServer().key(), pool);
        }
    }

    /** The kernel held something else than we remembered. */
    private static boolean isConflict(OpFailure failure) {
        int errno = failure.cause().errno();
        return switch (failure.op()) {
            case IpvsOp.AddVirtualServer op -> errno == Errno.EEXIST;
            case IpvsOp.AddRealServer op -> errno == Errno.EEXIST || errno == Errno.ESRCH;
            case IpvsOp.UpdateVirtualServer op -> errno == Errno.ESRCH;
            case IpvsOp.DeleteVirtualServer op -> errno == Errno.ESRCH;
            case IpvsOp.UpdateRealServer op -> errno == Errno.ENOENT || errno == Errno.ESRCH;
            case IpvsOp.DeleteRealServer op -> errno == Errno.ENOENT || errno == Errno.ESRCH;
        };
    }

    private Optional<Pool> readPool(VirtualServer virtualServer) {
        try {
            return Optional.of(Pool.of(virtualServer, table.readRealServers(virtualServer.key())));
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ESRCH) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Starts to compare all that is remembered with the kernel, and ends an audit that was under way.
     *
     * @throws KernelException if the kernel cannot be read
     */
    public Audit startAudit() {
        audit = new Audit(table.readVirtualServers());
        return audit;
    }

    /** A comparison of memory and kernel in small steps. Virtual servers that we change meanwhile are left to the next one. */
    public final class Audit {

        private final Map<VirtualServerKey, VirtualServer> found;
        private final Queue<VirtualServerKey> left = new ArrayDeque<>(held.keySet());
        private final Set<VirtualServerKey> touched = new HashSet<>();
        private final Set<VirtualServerKey> drifted = new TreeSet<>();

        private Audit(List<VirtualServer> virtualServers) {
            found = virtualServers.stream()
                    .filter(virtualServer -> held.containsKey(virtualServer.key()))
                    .collect(Collectors.toMap(VirtualServer::key, virtualServer -> virtualServer, (one, two) -> one));
        }

        /**
         * Compares up to {@code virtualServersMax} more.
         *
         * @return whether the audit is complete
         * @throws KernelException if the kernel cannot be read; the step may be repeated
         */
        public boolean step(int virtualServersMax) {
            for (int i = 0; i < virtualServersMax && !left.isEmpty(); i++) {
                VirtualServerKey key = left.element();
                if (!touched.contains(key)) {
                    compare(key);
                }
                left.remove();
            }
            return left.isEmpty();
        }

        private void compare(VirtualServerKey key) {
            Optional<Pool> actual = Optional.ofNullable(found.get(key)).flatMap(TableFollower.this::readPool);
            if (!actual.equals(held(key))) {
                drifted.add(key);
                actual.ifPresentOrElse(
                        pool -> toChange().put(key, pool), () -> toChange().remove(key));
            }
        }

        /** Returns the virtual servers that were not as remembered; what they really hold is remembered now. */
        public Set<VirtualServerKey> drifted() {
            return drifted;
        }
    }
}
