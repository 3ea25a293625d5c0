package io.fairlead.core.reconcile;

import io.fairlead.core.model.IpvsSnapshot;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.VirtualServerKey;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Computes the operations that turn the table found into the table wanted.
 *
 * <p>The order is the contract:
 *
 * <ol>
 *   <li>virtual servers that are missing are created,
 *   <li>real servers that are missing are added,
 *   <li>attributes that differ are updated, virtual servers first,
 *   <li>real servers that should not be there are removed,
 *   <li>virtual servers that should not be there are removed, and with them their real servers.
 * </ol>
 *
 * <p>Adding comes before removing, so a pool whose members are all replaced is never empty in between; and nothing that
 * exists is removed to be added again, because that would cut its connections.
 */
public final class IpvsReconciler {

    private IpvsReconciler() {}

    /**
     * Returns the plan from {@code actual} to {@code desired}. Pure: same input, same plan.
     *
     * @param owned which virtual servers of {@code actual} are ours; no other is ever touched
     */
    public static IpvsPlan plan(IpvsSnapshot desired, IpvsSnapshot actual, Predicate<VirtualServerKey> owned) {
        Phases phases = new Phases();
        merge(desired.pools(), actual.pools(), (wanted, found) -> {
            if (found == null) {
                phases.create(wanted);
            } else if (wanted != null) {
                phases.change(wanted, found);
            } else if (owned.test(found.virtualServer().key())) {
                phases.removedVirtualServers.add(
                        new IpvsOp.DeleteVirtualServer(found.virtualServer().key()));
            }
        });
        return phases.inOrder();
    }

    /** The operations of each phase, in the order of the keys. */
    private static final class Phases {
        private final List<IpvsOp> addedVirtualServers = new ArrayList<>();
        private final List<IpvsOp> addedRealServers = new ArrayList<>();
        private final List<IpvsOp> updatedVirtualServers = new ArrayList<>();
        private final List<IpvsOp> updatedRealServers = new ArrayList<>();
        private final List<IpvsOp> removedRealServers = new ArrayList<>();
        private final List<IpvsOp> removedVirtualServers = new ArrayList<>();

        void create(Pool wanted) {
            addedVirtualServers.add(new IpvsOp.AddVirtualServer(wanted.virtualServer()));
            for (RealServer realServer : wanted.realServers().values()) {
                addedRealServers.add(
                        new IpvsOp.AddRealServer(wanted.virtualServer().key(), realServer));
            }
        }

        void change(Pool wanted, Pool found) {
            VirtualServerKey key = wanted.virtualServer().key();
            if (!wanted.virtualServer().equals(found.virtualServer())) {
                updatedVirtualServers.add(new IpvsOp.UpdateVirtualServer(wanted.virtualServer()));
            }
            IpvsReconciler.<RealServerKey, RealServer>merge(wanted.realServers(), found.realServers(), (want, have) -> {
                if (have == null) {
                    addedRealServers.add(new IpvsOp.AddRealServer(key, want));
                } else if (want == null) {
                    removedRealServers.add(new IpvsOp.DeleteRealServer(key, have.key()));
                } else if (!want.equals(have)) {
                    updatedRealServers.add(new IpvsOp.UpdateRealServer(key, want));
                }
            });
        }

        IpvsPlan inOrder() {
            List<IpvsOp> ops = new ArrayList<>();
            ops.addAll(addedVirtualServers);
            ops.addAll(addedRealServers);
            ops.addAll(updatedVirtualServers);
            ops.addAll(updatedRealServers);
            ops.addAll(removedRealServers);
            ops.addAll(removedVirtualServers);
            return new IpvsPlan(ops);
        }
    }

    /** Walks two maps side by side in the order of their keys; a side that lacks the key is null, never both. */
    private static <K extends Comparable<? super K>, V> void merge(
            NavigableMap<K, V> wanted, NavigableMap<K, V> found, BiConsumer<@Nullable V, @Nullable V> visitor) {
        Iterator<Map.Entry<K, V>> wantedEntries = wanted.entrySet().iterator();
        Iterator<Map.Entry<K, V>> foundEntries = found.entrySet().iterator();
        Map.Entry<K, V> want = next(wantedEntries);
        Map.Entry<K, V> have = next(foundEntries);
        while (true) {
            if (want != null && have != null) {
                int order = want.getKey().compareTo(have.getKey());
                visitor.accept(order <= 0 ? want.getValue() : null, order >= 0 ? have.getValue() : null);
                want = order <= 0 ? next(wantedEntries) : want;
                have = order >= 0 ? next(foundEntries) : have;
            } else if (want != null) {
                visitor.accept(want.getValue(), null);
                want = next(wantedEntries);
            } else if (have != null) {
                visitor.accept(null, have.getValue());
                have = next(foundEntries);
            } else {
                return;
            }
        }
    }

    private static <K, V> Map.@Nullable Entry<K, V> next(Iterator<Map.Entry<K, V>> entries) {
        return entries.hasNext() ? entries.next() : null;
    }
}
