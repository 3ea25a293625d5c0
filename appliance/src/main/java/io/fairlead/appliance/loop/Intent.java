package io.fairlead.appliance.loop;

import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.policy.DesiredTable;
import io.fairlead.core.policy.Health;
import io.fairlead.health.check.CheckTarget;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The configuration that is followed, indexed by what the loop asks of it. Changed by difference, so that a reload costs what
 * it changes and not what it leaves. Owned by the loop's thread.
 */
final class Intent {

    private FairleadConfig config;
    private final Map<VirtualServerKey, ConfiguredVirtualServer> byKey = new HashMap<>();
    private final Map<CheckTarget, List<ConfiguredVirtualServer>> byTarget = new HashMap<>();

    Intent(FairleadConfig config) {
        this.config = config;
        boolean _ = add(config.virtualServers());
    }

    /**
     * What another configuration has that this has not.
     *
     * @param changed virtual servers that are new or different
     * @param removed virtual servers that are not in it any more
     */
    record Difference(List<ConfiguredVirtualServer> changed, Set<VirtualServerKey> removed) {

        Set<Scheduler> schedulers() {
            Set<Scheduler> schedulers = new HashSet<>();
            for (ConfiguredVirtualServer virtualServer : changed) {
                schedulers.add(virtualServer.spec().virtualServer().scheduler());
            }
            return schedulers;
        }

        Set<VirtualServerKey> changedKeys() {
            Set<VirtualServerKey> keys = HashSet.newHashSet(changed.size());
            for (ConfiguredVirtualServer virtualServer : changed) {
                keys.add(virtualServer.spec().key());
            }
            return keys;
        }
    }

    FairleadConfig config() {
        return config;
    }

    boolean has(VirtualServerKey key) {
        return byKey.containsKey(key);
    }

    /** Returns everything to check, each target once however many virtual servers use it. */
    Set<CheckTarget> targets() {
        return Set.copyOf(byTarget.keySet());
    }

    /** Compares with {@code next}. What both have in common at their ends, as after most changes, costs next to nothing. */
    Difference difference(FairleadConfig next) {
        List<ConfiguredVirtualServer> before = config.virtualServers();
        List<ConfiguredVirtualServer> after = next.virtualServers();
        int most = Math.min(before.size(), after.size());
        int start = 0;
        while (start < most && before.get(start).equals(after.get(start))) {
            start++;
        }
        int end = 0;
        while (end < most - start && before.get(before.size() - 1 - end).equals(after.get(after.size() - 1 - end))) {
            end++;
        }
        Set<VirtualServerKey> removed = new HashSet<>();
        for (ConfiguredVirtualServer virtualServer : before.subList(start, before.size() - end)) {
            removed.add(virtualServer.spec().key());
        }
        List<ConfiguredVirtualServer> changed = new ArrayList<>();
        for (ConfiguredVirtualServer virtualServer : after.subList(start, after.size() - end)) {
            removed.remove(virtualServer.spec().key());
            if (!virtualServer.equals(byKey.get(virtualServer.spec().key()))) {
                changed.add(virtualServer);
            }
        }
        return new Difference(changed, removed);
    }

    /**
     * Takes {@code next} over, of which {@code difference} was computed.
     *
     * @return whether there is now more or less to check
     */
    boolean change(FairleadConfig next, Difference difference) {
        boolean targetsChanged = false;
        for (ConfiguredVirtualServer virtualServer : difference.changed()) {
            targetsChanged |= remove(virtualServer.spec().key());
        }
        for (VirtualServerKey key : difference.removed()) {
            targetsChanged |= remove(key);
        }
        targetsChanged |= add(difference.changed());
        config = next;
        return targetsChanged;
    }

    private boolean add(List<ConfiguredVirtualServer> added) {
        boolean targetsAdded = false;
        for (ConfiguredVirtualServer virtualServer : added) {
            byKey.put(virtualServer.spec().key(), virtualServer);
            for (CheckTarget target : virtualServer.checks()) {
                List<ConfiguredVirtualServer> users = byTarget.get(target);
                if (users == null) {
                    users = new ArrayList<>(1);
                    byTarget.put(target, users);
                    targetsAdded = true;
                }
                users.add(virtualServer);
            }
        }
        return targetsAdded;
    }

    private boolean remove(VirtualServerKey key) {
        ConfiguredVirtualServer virtualServer = byKey.remove(key);
        if (virtualServer == null) {
            return false;
        }
        boolean targetsRemoved = false;
        for (CheckTarget target : virtualServer.checks()) {
            List<ConfiguredVirtualServer> users = byTarget.get(target);
            if (users != null) {
                users.remove(virtualServer);
                if (users.isEmpty()) {
                    byTarget.remove(target);
                    targetsRemoved = true;
                }
            }
        }
        return targetsRemoved;
    }

    /** Returns the virtual servers whose pools depend on any of {@code targets}. */
    Set<VirtualServerKey> affectedBy(Collection<CheckTarget> targets) {
        Set<VirtualServerKey> affected = new HashSet<>();
        for (CheckTarget target : targets) {
            for (ConfiguredVirtualServer user : byTarget.getOrDefault(target, List.of())) {
                affected.add(user.spec().key());
            }
        }
        return affected;
    }

    /** Returns those of {@code keys} that are configured. */
    List<ConfiguredVirtualServer> find(Collection<VirtualServerKey> keys) {
        List<ConfiguredVirtualServer> found = new ArrayList<>(keys.size());
        for (VirtualServerKey key : keys) {
            ConfiguredVirtualServer virtualServer = byKey.get(key);
            if (virtualServer != null) {
                found.add(virtualServer);
            }
        }
        return found;
    }

    /**
     * Returns what the kernel should hold of each of {@code virtualServers}.
     *
     * @param health what the checks say now
     * @param held what the kernel holds now
     */
    static List<Pool> pools(
            Collection<ConfiguredVirtualServer> virtualServers,
            Function<CheckTarget, Health> health,
            Function<VirtualServerKey, Optional<Pool>> held) {
        List<Pool> pools = new ArrayList<>(virtualServers.size());
        for (ConfiguredVirtualServer virtualServer : virtualServers) {
            pools.add(
                    pool(virtualServer, health, held.apply(virtualServer.spec().key())));
        }
        return pools;
    }

    private static Pool pool(
            ConfiguredVirtualServer virtualServer, Function<CheckTarget, Health> health, Optional<Pool> held) {
        Map<RealServerKey, Health> verdicts =
                HashMap.newHashMap(virtualServer.checks().size());
        for (int i = 0; i < virtualServer.checks().size(); i++) {
            verdicts.put(
                    virtualServer.spec().realServers().get(i).key(),
                    health.apply(virtualServer.checks().get(i)));
        }
        return DesiredTable.pool(
                virtualServer.spec(), (_, realServer) -> verdicts.getOrDefault(realServer.key(), Health.UNKNOWN), held);
    }
}
