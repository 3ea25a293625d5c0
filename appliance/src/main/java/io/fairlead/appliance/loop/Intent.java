package io.fairlead.appliance.loop;

import io.fairlead.conf.CheckPaths;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.policy.RealServerSpec;
import io.fairlead.core.policy.RemovalGuard.Removal;
import io.fairlead.core.policy.Verdict;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.TargetChange;
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
    /** What health checks need beside what the operator asked for: in the kernel, but shown to nobody. */
    private Map<VirtualServerKey, ConfiguredVirtualServer> paths;

    Intent(FairleadConfig config) {
        this.config = config;
        Set<CheckTarget> unused = new HashSet<>();
        for (ConfiguredVirtualServer virtualServer : config.virtualServers()) {
            add(virtualServer, unused);
        }
        paths = CheckPaths.of(config.virtualServers());
        paths.values().forEach(path -> add(path, unused));
    }

    /**
     * What another configuration has that this has not.
     *
     * @param changed virtual servers that are new or different
     * @param removed virtual servers that are not in it any more
     * @param paths all that the checks of the other configuration need
     */
    record Difference(
            List<ConfiguredVirtualServer> changed,
            Set<VirtualServerKey> removed,
            Map<VirtualServerKey, ConfiguredVirtualServer> paths) {

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

    /** Compares with {@code next}. What both have in common at their ends, as after most changes, costs next to nothing. */
    Difference difference(FairleadConfig next) {
        List<ConfiguredVirtualServer> before = config.virtualServers();
        List<ConfiguredVirtualServer> after = next.virtualServers();
        int most = Math.min(before.size(), after.size());
        int start = 0;
        while (start < most && same(before.get(start), after.get(start))) {
            start++;
        }
        int end = 0;
        while (end < most - start && same(before.get(before.size() - 1 - end), after.get(after.size() - 1 - end))) {
            end++;
        }
        Set<VirtualServerKey> removed = new HashSet<>();
        List<ConfiguredVirtualServer> changed = new ArrayList<>();
        List<ConfiguredVirtualServer> candidates = new ArrayList<>();
        goThrough(
                before.subList(start, before.size() - end),
                after.subList(start, after.size() - end),
                removed,
                candidates);
        for (ConfiguredVirtualServer virtualServer : candidates) {
            removed.remove(virtualServer.spec().key());
            if (!virtualServer.equals(byKey.get(virtualServer.spec().key()))) {
                changed.add(virtualServer);
            }
        }
        Map<VirtualServerKey, ConfiguredVirtualServer> nextPaths = nextPaths(after, changed);
        for (ConfiguredVirtualServer path : nextPaths.values()) {
            removed.remove(path.spec().key());
            if (!path.equals(byKey.get(path.spec().key()))) {
                changed.add(path);
            }
        }
        Set<VirtualServerKey> kept = nextPaths.isEmpty() && paths.isEmpty() ? Set.of() : keys(after);
        for (VirtualServerKey key : paths.keySet()) {
            if (!nextPaths.containsKey(key) && !kept.contains(key)) {
                removed.add(key);
            }
        }
        return new Difference(changed, removed, nextPaths);
    }

    /**
     * Notes what is in one of the lists and not, as the same object, in the other. Both are ordered by name; where they were
     * not, more would be noted, and nothing missed.
     */
    @SuppressWarnings("ReferenceEquality")
    private static void goThrough(
            List<ConfiguredVirtualServer> before,
            List<ConfiguredVirtualServer> after,
            Set<VirtualServerKey> onlyBefore,
            List<ConfiguredVirtualServer> onlyAfter) {
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before.get(i) == after.get(j)) {
                i++;
                j++;
                continue;
            }
            int order = i == before.size() ? 1 : j == after.size() ? -1 : byName(before.get(i), after.get(j));
            if (order <= 0) {
                onlyBefore.add(before.get(i++).spec().key());
            }
            if (order >= 0) {
                onlyAfter.add(after.get(j++));
            }
        }
    }

    private static int byName(ConfiguredVirtualServer one, ConfiguredVirtualServer other) {
        return one.spec().name().compareTo(other.spec().name());
    }

    /** Where no check needed a path, only those that changed can: few have any, and looking at all is most of a reload. */
    private Map<VirtualServerKey, ConfiguredVirtualServer> nextPaths(
            List<ConfiguredVirtualServer> after, List<ConfiguredVirtualServer> changed) {
        return paths.isEmpty() && CheckPaths.of(changed).isEmpty() ? Map.of() : CheckPaths.of(after);
    }

    private static Set<VirtualServerKey> keys(List<ConfiguredVirtualServer> virtualServers) {
        Set<VirtualServerKey> keys = HashSet.newHashSet(virtualServers.size());
        virtualServers.forEach(virtualServer -> keys.add(virtualServer.spec().key()));
        return keys;
    }

    /** Nearly all are one and the same object, and there are thousands. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(ConfiguredVirtualServer one, ConfiguredVirtualServer other) {
        return one == other || one.equals(other);
    }

    /**
     * Takes {@code next} over, of which {@code difference} was computed.
     *
     * @return what there is to check now and was not before, and the reverse
     */
    TargetChange change(FairleadConfig next, Difference difference) {
        Set<CheckTarget> begun = new HashSet<>();
        Set<CheckTarget> ended = new HashSet<>();
        for (ConfiguredVirtualServer virtualServer : difference.changed()) {
            remove(virtualServer.spec().key(), ended);
        }
        for (VirtualServerKey key : difference.removed()) {
            remove(key, ended);
        }
        for (ConfiguredVirtualServer virtualServer : difference.changed()) {
            add(virtualServer, begun);
        }
        Set<CheckTarget> kept = new HashSet<>(begun);
        kept.retainAll(ended);
        begun.removeAll(kept);
        ended.removeAll(kept);
        config = next;
        paths = difference.paths();
        return new TargetChange(begun, ended);
    }

    private void add(ConfiguredVirtualServer virtualServer, Set<CheckTarget> begun) {
        byKey.put(virtualServer.spec().key(), virtualServer);
        for (CheckTarget target : virtualServer.targets()) {
            List<ConfiguredVirtualServer> users = byTarget.get(target);
            if (users == null) {
                users = new ArrayList<>(1);
                byTarget.put(target, users);
                begun.add(target);
            }
            users.add(virtualServer);
        }
    }

    private void remove(VirtualServerKey key, Set<CheckTarget> ended) {
        ConfiguredVirtualServer virtualServer = byKey.remove(key);
        if (virtualServer == null) {
            return;
        }
        for (CheckTarget target : virtualServer.targets()) {
            List<ConfiguredVirtualServer> users = byTarget.get(target);
            if (users != null) {
                users.remove(virtualServer);
                if (users.isEmpty()) {
                    byTarget.remove(target);
                    ended.add(target);
                }
            }
        }
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

    /** Returns the virtual server of that key, if it is configured. */
    Optional<ConfiguredVirtualServer> find(VirtualServerKey key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /** Returns the virtual server of that name, if it is configured. */
    Optional<ConfiguredVirtualServer> named(String name) {
        List<ConfiguredVirtualServer> all = config.virtualServers();
        int from = 0;
        int to = all.size() - 1;
        while (from <= to) { // they are ordered by name
            int middle = (from + to) >>> 1;
            int order = all.get(middle).spec().name().compareTo(name);
            if (order == 0) {
                return Optional.of(all.get(middle));
            }
            if (order < 0) {
                from = middle + 1;
            } else {
                to = middle - 1;
            }
        }
        return Optional.empty();
    }

    /** Returns what following {@code difference} would remove: of the virtual servers, and of the real servers. */
    List<Removal> removals(Difference difference) {
        int removedRealServers = 0;
        Set<VirtualServerKey> removed = new HashSet<>(difference.removed());
        removed.removeAll(paths.keySet());
        for (VirtualServerKey key : removed) {
            removedRealServers +=
                    find(key).map(gone -> gone.spec().realServers().size()).orElse(0);
        }
        for (ConfiguredVirtualServer changed : difference.changed()) {
            ConfiguredVirtualServer before = byKey.get(changed.spec().key());
            if (before != null) {
                removedRealServers += removed(before, changed);
            }
        }
        int realServers = 0;
        for (ConfiguredVirtualServer virtualServer : config.virtualServers()) {
            realServers += virtualServer.spec().realServers().size();
        }
        return List.of(
                new Removal(removed.size(), config.virtualServers().size()),
                new Removal(removedRealServers, realServers));
    }

    private static int removed(ConfiguredVirtualServer before, ConfiguredVirtualServer after) {
        Set<RealServerKey> gone = new HashSet<>();
        for (RealServerSpec realServer : before.spec().realServers()) {
            gone.add(realServer.key());
        }
        for (RealServerSpec realServer : after.spec().realServers()) {
            gone.remove(realServer.key());
        }
        return gone.size();
    }

    /** Returns how to look up what the checks say now of the real servers of {@code virtualServer}. */
    static Function<RealServerSpec, Verdict> verdicts(
            ConfiguredVirtualServer virtualServer, Function<CheckTarget, Verdict> health) {
        Map<RealServerKey, Verdict> verdicts =
                HashMap.newHashMap(virtualServer.checks().size());
        for (int i = 0; i < virtualServer.checks().size(); i++) {
            verdicts.put(
                    virtualServer.spec().realServers().get(i).key(),
                    virtualServer.checks().get(i).verdict(health));
        }
        return realServer -> verdicts.getOrDefault(realServer.key(), Verdict.UNKNOWN);
    }
}
