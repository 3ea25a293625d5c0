package io.fairlead.kube.mapping;

import io.fairlead.core.net.IpAddress;
import io.fairlead.kube.address.AddressAllocation;
import io.fairlead.kube.address.AddressAssignment;
import io.fairlead.kube.address.AddressAssignment.Assigned;
import io.fairlead.kube.address.AddressAssignment.Refused;
import io.fairlead.kube.address.AddressPool;
import io.fairlead.kube.model.ClusterObject;
import io.fairlead.kube.model.EndpointSlice;
import io.fairlead.kube.model.Node;
import io.fairlead.kube.model.ObjectName;
import io.fairlead.kube.model.Service;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The objects of a cluster, and what our Services become. A change costs what depends on it: that of a slice the mapping of
 * one Service; that of a Service also the assignment of all addresses; that of a node the mapping of all Services, where
 * nodes are the real servers. For one thread.
 */
public final class ClusterMapping {

    private final ServiceFilter filter;
    private final MappingSpec spec;
    private final List<AddressPool> pools;

    private final Map<ObjectName, Service> services = new HashMap<>();
    private final Map<ObjectName, Map<ObjectName, EndpointSlice>> slices = new HashMap<>();
    private final Map<ObjectName, ObjectName> serviceOfSlice = new HashMap<>();
    private final Map<String, Node> nodes = new TreeMap<>();

    private final SortedMap<ObjectName, MappedService> mapped = new TreeMap<>();
    private final Set<ObjectName> changed = new HashSet<>();
    private final Set<ObjectName> touched = new HashSet<>();
    private boolean servicesChanged;

    public ClusterMapping(ServiceFilter filter, MappingSpec spec, List<AddressPool> pools) {
        this.filter = filter;
        this.spec = spec;
        this.pools = List.copyOf(pools);
    }

    /** Takes an object that is new or has changed. It has an effect with the next {@link #refresh}. */
    public void put(ClusterObject object) {
        switch (object) {
            case Service service -> {
                Service before = services.put(service.name(), service);
                touched.add(service.name());
                if (before == null || !sameForUs(before, service)) {
                    servicesChanged |= concernsOthers(service) || (before != null && concernsOthers(before));
                    changed.add(service.name());
                }
            }
            case EndpointSlice slice -> {
                removeSlice(slice.name());
                if (!slice.service().isEmpty()) {
                    ObjectName service = new ObjectName(slice.name().namespace(), slice.service());
                    slices.computeIfAbsent(service, _ -> new TreeMap<>()).put(slice.name(), slice);
                    serviceOfSlice.put(slice.name(), service);
                    changed.add(service);
                }
            }
            case Node node -> {
                Node before = nodes.put(node.name().name(), node);
                if (before == null || !sameForUs(before, node)) {
                    nodesChanged();
                }
            }
        }
    }

    /** Everything but the version: most changes of a node are of its heartbeat. */
    private static boolean sameForUs(Node one, Node other) {
        return one.eligible() == other.eligible()
                && one.internal().equals(other.internal())
                && one.external().equals(other.external());
    }

    private static boolean sameForUs(Service one, Service other) {
        return one.spec().equals(other.spec())
                && one.ingress().equals(other.ingress())
                && one.metadata().uid().equals(other.metadata().uid())
                && one.metadata().deleting() == other.metadata().deleting()
                && one.metadata().finalizers().equals(other.metadata().finalizers())
                && one.metadata().labels().equals(other.metadata().labels())
                && one.metadata().annotations().equals(other.metadata().annotations());
    }

    private boolean concernsOthers(Service service) {
        return filter.isOurs(service)
                || mapped.containsKey(service.name())
                || !service.spec().externalIps().isEmpty();
    }

    /** Forgets a Service. It has an effect with the next {@link #refresh}. */
    public void removeService(ObjectName name) {
        Service gone = services.remove(name);
        if (gone != null) {
            servicesChanged |= concernsOthers(gone);
            changed.add(name);
        }
    }

    /** Forgets a slice. It has an effect with the next {@link #refresh}. */
    public void removeSlice(ObjectName name) {
        ObjectName service = serviceOfSlice.remove(name);
        if (service != null) {
            Map<ObjectName, EndpointSlice> left = slices.getOrDefault(service, Map.of());
            left.remove(name);
            if (left.isEmpty()) {
                slices.remove(service);
            }
            changed.add(service);
        }
    }

    /** Forgets a node. It has an effect with the next {@link #refresh}. */
    public void removeNode(ObjectName name) {
        if (nodes.remove(name.name()) != null) {
            nodesChanged();
        }
    }

    private void nodesChanged() {
        if (spec.target() == TargetKind.NODES) {
            changed.addAll(mapped.keySet());
        }
    }

    /**
     * Brings what the Services become up to date.
     *
     * @return the Services for which something is different now
     */
    public Set<ObjectName> refresh() {
        Map<ObjectName, AddressAssignment> assignments = servicesChanged ? assign() : Map.of();
        if (servicesChanged) {
            changed.addAll(assignments.keySet().stream()
                    .filter(name -> isAssignedAnew(name, assignments))
                    .toList());
            mapped.keySet().stream()
                    .filter(name -> !assignments.containsKey(name))
                    .forEach(changed::add);
        }
        Set<ObjectName> different = new HashSet<>();
        for (ObjectName name : changed) {
            MappedService before = mapped.get(name);
            Optional<AddressAssignment> assignment = Optional.ofNullable(assignments.get(name));
            if (!servicesChanged) {
                assignment = Optional.ofNullable(before).map(MappedService::assignment);
            }
            Service service = services.get(name);
            if (service == null || assignment.isEmpty()) {
                if (mapped.remove(name) != null) {
                    different.add(name);
                }
                continue;
            }
            Service shown = before != null && sameForUs(before.service(), service) ? before.service() : service;
            MappedService now = map(shown, assignment.get());
            if (!now.equals(before)) {
                mapped.put(name, now);
                different.add(name);
            }
        }
        changed.clear();
        touched.addAll(different);
        servicesChanged = false;
        return different;
    }

    private boolean isAssignedAnew(ObjectName name, Map<ObjectName, AddressAssignment> assignments) {
        MappedService before = mapped.get(name);
        return before == null || !before.assignment().equals(assignments.get(name));
    }

    private Map<ObjectName, AddressAssignment> assign() {
        List<Service> ours = new ArrayList<>();
        Set<IpAddress> external = new HashSet<>();
        for (Service service : services.values()) {
            external.addAll(service.spec().externalIps());
            if (filter.isOurs(service)) {
                ours.add(withWhatItHas(service));
            }
        }
        return AddressAllocation.allocate(pools, ours, external);
    }

    /** What was given a moment ago is not in the status yet, or never will be where we may not write it. */
    private Service withWhatItHas(Service service) {
        MappedService before = mapped.get(service.name());
        if (service.ingress().isEmpty()
                && before != null
                && before.assignment() instanceof Assigned(var addresses, var _)
                && before.service().metadata().uid().equals(service.metadata().uid())) {
            return new Service(
                    service.metadata(),
                    service.spec(),
                    addresses.stream()
                            .map(address -> new Service.Ingress(address.toString(), ""))
                            .toList());
        }
        return service;
    }

    private MappedService map(Service service, AddressAssignment assignment) {
        return switch (assignment) {
            case Refused _ -> new MappedService(service, assignment, List.of(), List.of());
            case Assigned(var addresses, var _) -> {
                ServiceMapping.Mapped servers = ServiceMapping.map(
                        spec,
                        service,
                        addresses,
                        slices.getOrDefault(service.name(), Map.of()).values(),
                        nodes);
                yield new MappedService(service, assignment, servers.servers(), servers.remarks());
            }
        };
    }

    /** Returns our Services by name, as of the last {@link #refresh}. */
    public SortedMap<ObjectName, MappedService> mapped() {
        return Collections.unmodifiableSortedMap(mapped);
    }

    /** Returns the Services that were put, or became something else, since this was last asked. */
    public Set<ObjectName> takeTouched() {
        Set<ObjectName> taken = Set.copyOf(touched);
        touched.clear();
        return taken;
    }

    /** Returns the names of all slices that are of a Service. */
    public Set<ObjectName> sliceNames() {
        return Collections.unmodifiableSet(serviceOfSlice.keySet());
    }

    /** Returns the names of all nodes. */
    public Set<ObjectName> nodeNames() {
        Set<ObjectName> names = new HashSet<>();
        nodes.values().forEach(node -> names.add(node.name()));
        return names;
    }

    /** So many of so many. */
    public record Share(int some, int all) {}

    /** Returns how many of our Services are among {@code names}. */
    public Share ourServices(Set<ObjectName> names) {
        return new Share((int) mapped.keySet().stream().filter(names::contains).count(), mapped.size());
    }

    /** Returns how many endpoints of our Services are in the slices {@code names}. */
    public Share ourEndpoints(Set<ObjectName> names) {
        int some = 0;
        int all = 0;
        for (ObjectName service : mapped.keySet()) {
            for (EndpointSlice slice : slices.getOrDefault(service, Map.of()).values()) {
                all += slice.endpoints().size();
                some += names.contains(slice.name()) ? slice.endpoints().size() : 0;
            }
        }
        return new Share(some, all);
    }

    /** Returns how many of the nodes that we use are among {@code names}. */
    public Share ourNodes(Set<ObjectName> names) {
        boolean areUsed = spec.target() == TargetKind.NODES && !mapped.isEmpty();
        return areUsed ? new Share(names.size(), nodes.size()) : new Share(0, 0);
    }

    /** Returns what makes the same of our Services again: they have the addresses in their status that they have here. */
    public List<ClusterObject> toKeep() {
        List<ClusterObject> kept = new ArrayList<>(nodes.values());
        for (ObjectName name : mapped.keySet()) {
            Service service = services.get(name);
            if (service != null) {
                kept.add(withWhatItHas(service));
                kept.addAll(slices.getOrDefault(name, Map.of()).values());
            }
        }
        return kept;
    }

    /** Returns every Service that is known, ours or not. */
    public Map<ObjectName, Service> services() {
        return Collections.unmodifiableMap(services);
    }
}
