package io.fairlead.conf;

import io.fairlead.core.model.PacketDestination;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.kube.mapping.KubernetesServer;
import io.fairlead.kube.mapping.MappedService;
import io.fairlead.kube.model.ObjectName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * The virtual servers of a cluster, as if they had been configured. Made anew from the one before, so that what has not
 * changed stays one and the same object, which is what makes comparing thousands of them cheap.
 */
public final class KubernetesServers {

    /** Of no cluster. */
    public static final KubernetesServers NONE = new KubernetesServers(Map.of());

    private record Made(KubernetesServer from, ConfiguredVirtualServer to) {}

    private final Map<String, Made> byName;
    private final List<ConfiguredVirtualServer> ordered;

    private KubernetesServers(Map<String, Made> byName) {
        this.byName = byName;
        this.ordered = byName.values().stream()
                .map(Made::to)
                .sorted(Comparator.comparing(server -> server.spec().name()))
                .toList();
    }

    /** Returns the virtual servers of all {@code services}. */
    public static KubernetesServers of(KubernetesTemplate template, SortedMap<ObjectName, MappedService> services) {
        return NONE.changedTo(template, services);
    }

    /** Returns those of {@code services}, which may be of this already. */
    public KubernetesServers changedTo(KubernetesTemplate template, SortedMap<ObjectName, MappedService> services) {
        Map<String, Made> next = HashMap.newHashMap(byName.size());
        for (MappedService service : services.values()) {
            for (KubernetesServer server : service.servers()) {
                Made before = byName.get(server.name());
                next.put(
                        server.name(),
                        before != null && isSame(before.from(), server)
                                ? before
                                : new Made(server, template.configured(server)));
            }
        }
        return new KubernetesServers(next);
    }

    @SuppressWarnings("ReferenceEquality") // an equal one is made again, which costs little and changes nothing
    private static boolean isSame(KubernetesServer one, KubernetesServer other) {
        return one == other;
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
    }

    /** Returns {@code configured}, ordered by name, and of the cluster's virtual servers those that get along with them. */
    public Merged beside(List<ConfiguredVirtualServer> configured) {
        if (ordered.isEmpty()) {
            return new Merged(configured, List.of());
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
            while (next < configured.size()
                    && configured
                                    .get(next)
                                    .spec()
                                    .name()
                                    .compareTo(server.spec().name())
                            < 0) {
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
