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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A configuration, indexed by what the loop asks of it. Immutable. */
final class Intent {

    private final FairleadConfig config;
    private final Map<VirtualServerKey, ConfiguredVirtualServer> byKey;
    private final Map<CheckTarget, List<ConfiguredVirtualServer>> byTarget = new HashMap<>();

    Intent(FairleadConfig config) {
        this.config = config;
        this.byKey = LinkedHashMap.newLinkedHashMap(config.virtualServers().size());
        for (ConfiguredVirtualServer virtualServer : config.virtualServers()) {
            byKey.put(virtualServer.spec().key(), virtualServer);
            for (CheckTarget target : virtualServer.checks()) {
                List<ConfiguredVirtualServer> users = byTarget.computeIfAbsent(target, unused -> new ArrayList<>(1));
                if (users.isEmpty() || users.getLast() != virtualServer) {
                    users.add(virtualServer);
                }
            }
        }
    }

    FairleadConfig config() {
        return config;
    }

    Set<VirtualServerKey> keys() {
        return byKey.keySet();
    }

    /** Returns everything to check, each target once however many virtual servers use it. */
    Set<CheckTarget> targets() {
        return byTarget.keySet();
    }

    Set<Scheduler> schedulers() {
        Set<Scheduler> schedulers = new HashSet<>();
        for (ConfiguredVirtualServer virtualServer : config.virtualServers()) {
            schedulers.add(virtualServer.spec().virtualServer().scheduler());
        }
        return schedulers;
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

    /**
     * Returns what the kernel should hold of the virtual servers {@code keys}; those that are not configured are left out.
     *
     * @param health what the checks say now
     * @param held what the kernel holds now
     */
    List<Pool> pools(
            Collection<VirtualServerKey> keys,
            Function<CheckTarget, Health> health,
            Function<VirtualServerKey, Optional<Pool>> held) {
        List<Pool> pools = new ArrayList<>(keys.size());
        for (VirtualServerKey key : keys) {
            ConfiguredVirtualServer virtualServer = byKey.get(key);
            if (virtualServer != null) {
                pools.add(pool(virtualServer, health, held.apply(key)));
            }
        }
        return pools;
    }

    private static Pool pool(
            ConfiguredVirtualServer virtualServer, Function<CheckTarget, Health> health, Optional<Pool> held) {
        Map<RealServerKey, CheckTarget> checks = new HashMap<>();
        for (int i = 0; i < virtualServer.checks().size(); i++) {
            checks.put(
                    virtualServer.spec().realServers().get(i).key(),
                    virtualServer.checks().get(i));
        }
        return DesiredTable.pool(
                virtualServer.spec(), (unused, realServer) -> health.apply(checks.get(realServer.key())), held);
    }
}
