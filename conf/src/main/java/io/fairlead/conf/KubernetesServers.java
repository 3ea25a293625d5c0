package io.fairlead.conf;

import io.fairlead.core.model.PacketDestination;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.kube.mapping.MappedService;
import io.fairlead.kube.model.ObjectName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * The virtual servers of a cluster, as if they had been configured. Immutable; made anew from the one before by what differs,
 * so that what has not changed stays one and the same object, which is what makes comparing thousands of them cheap.
 */
public final class KubernetesServers {

    /** Of no cluster. */
    public static final KubernetesServers NONE = new KubernetesServers(Map.of(), List.of());

    private static final Comparator<ConfiguredVirtualServer> BY_NAME =
            Comparator.comparing(server -> server.spec().name());

    /** The names of each Service's virtual servers: what most changes leave as they are, so that it need not be copied. */
    private final Map<ObjectName, List<String>> names;

    private final List<ConfiguredVirtualServer> ordered;

    private KubernetesServers(Map<ObjectName, List<String>> names, List<ConfiguredVirtualServer> ordered) {
        this.names = names;
        this.ordered = ordered;
    }

    /** Returns the virtual servers of all {@code services}. */
    public static KubernetesServers of(KubernetesTemplate template, SortedMap<ObjectName, MappedService> services) {
        return NONE.changedTo(template, services, services.keySet());
    }

    /**
     * Returns those of {@code services}.
     *
     * @param different the Services that differ from what this was made of
     */
    public KubernetesServers changedTo(
            KubernetesTemplate template, SortedMap<ObjectName, MappedService> services, Set<ObjectName> different) {
        Map<ObjectName, List<String>> renamed = new HashMap<>();
        List<ConfiguredVirtualServer> nextOrdered = new ArrayList<>(ordered);
        Set<String> gone = new HashSet<>();
        List<ConfiguredVirtualServer> come = new ArrayList<>();
        for (ObjectName name : different) {
            MappedService service = services.get(name);
            List<String> before = names.getOrDefault(name, List.of());
            List<ConfiguredVirtualServer> now = service == null
                    ? List.of()
                    : service.servers().stream().map(template::configured).toList();
            if (before.equals(names(now))) {
                now.forEach(server -> nextOrdered.set(Collections.binarySearch(nextOrdered, server, BY_NAME), server));
            } else {
                renamed.put(name, names(now));
                gone.addAll(before);
                come.addAll(now);
            }
        }
        if (renamed.isEmpty()) {
            return new KubernetesServers(names, nextOrdered);
        }
        nextOrdered.removeIf(server -> gone.contains(server.spec().name()));
        nextOrdered.addAll(come);
        nextOrdered.sort(BY_NAME);
        Map<ObjectName, List<String>> nextNames = new HashMap<>(names);
        nextNames.putAll(renamed);
        nextNames.values().removeIf(List::isEmpty);
        return new KubernetesServers(nextNames, nextOrdered);
    }

    private static List<String> names(List<ConfiguredVirtualServer> servers) {
        return servers.stream().map(server -> server.spec().name()).toList();
    }

    /**
     * Both together.
     *
     * @param virtualServers ordered by name; no key twice
     * @param conflicts which of the cluster's were left out, and why
     */
    public record Merged(List<ConfiguredVirtualServer> virtualServers, List<String> conflicts) {

        public Merged {
            virtualServers = List.copyOf(virtualServers);
            conflicts = List.copyOf(conflicts);
        }

        /** Returns the same without those of the cluster that need packet rules, which the kernel cannot have. */
        public Merged withoutPacketRules(List<ConfiguredVirtualServer> configured, List<String> reasons) {
            Set<ConfiguredVirtualServer> kept = new HashSet<>(configured);
            List<String> more = new ArrayList<>(conflicts);
            more.addAll(reasons);
            return new Merged(
                    virtualServers.stream()
                            .filter(server -> !server.packets().needsRules() || kept.contains(server))
                            .toList(),
                    more);
        }
    }

    /** Returns {@code configured}, ordered by name, and of the cluster's virtual servers those that get along with them. */
    public Merged beside(List<ConfiguredVirtualServer> configured) {
        if (ordered.isEmpty() || configured.isEmpty()) {
            return new Merged(ordered.isEmpty() ? configured : ordered, List.of());
        }
        Map<VirtualServerKey, String> taken = HashMap.newHashMap(configured.size());
        Set<PacketDestination> folded = new HashSet<>();
        for (ConfiguredVirtualServer each : configured) {
            taken.put(each.spec().key(), each.spec().name());
            if (each.packets().mark().isPresent()) {
                folded.addAll(each.packets().destinations());
            }
        }
        List<String> conflicts = new ArrayList<>();
        List<ConfiguredVirtualServer> merged = new ArrayList<>(configured.size() + ordered.size());
        int next = 0;
        for (ConfiguredVirtualServer server : ordered) {
            String other = taken.get(server.spec().key());
            if (other == null && isCovered(server, folded)) {
                other = "a range of ports";
            }
            if (other != null) {
                conflicts.add(server.spec().name() + ": " + server.spec().key() + " is taken by " + other
                        + " of the configuration, which wins");
                continue;
            }
            while (next < configured.size() && BY_NAME.compare(configured.get(next), server) < 0) {
                merged.add(configured.get(next++));
            }
            merged.add(server);
        }
        merged.addAll(configured.subList(next, configured.size()));
        return new Merged(merged, conflicts);
    }

    private static boolean isCovered(ConfiguredVirtualServer server, Collection<PacketDestination> others) {
        return !others.isEmpty()
                && server.destinations().stream()
                        .anyMatch(mine -> others.stream().anyMatch(other -> other.overlaps(mine)));
    }
}
