package io.fairlead.appliance;

import io.fairlead.conf.FairleadConfig;
import io.fairlead.conf.KubernetesServers;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.policy.VirtualAddressSpec;
import io.fairlead.kube.address.AddressAssignment.Assigned;
import io.fairlead.kube.mapping.MappedService;
import io.fairlead.kube.model.ObjectName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the cluster adds to the configuration file. Immutable.
 *
 * @param servers the virtual servers of our Services
 * @param addressesInUse the addresses that they have
 */
record ClusterPart(KubernetesServers servers, SortedSet<IpAddress> addressesInUse) {

    /** No cluster. */
    static final ClusterPart NONE = new ClusterPart(KubernetesServers.NONE, new TreeSet<>());

    /**
     * Returns the same of {@code services}, by the rules of {@code config}.
     *
     * @param different those that differ from what this was made of
     */
    ClusterPart changedTo(
            FairleadConfig config, SortedMap<ObjectName, MappedService> services, Set<ObjectName> different) {
        return new ClusterPart(
                servers.changedTo(config.kubernetes().template(), services, different),
                needsOtherAddresses(services, different) ? addressesOf(services.values()) : addressesInUse);
    }

    /** Nearly every change is of endpoints, and there may be thousands of Services. */
    private boolean needsOtherAddresses(SortedMap<ObjectName, MappedService> services, Set<ObjectName> different) {
        return different.stream().anyMatch(name -> {
            MappedService service = services.get(name);
            return service == null
                    || !(service.assignment() instanceof Assigned(var addresses, var _))
                    || !addressesInUse.containsAll(addresses);
        });
    }

    private static SortedSet<IpAddress> addressesOf(Collection<MappedService> services) {
        SortedSet<IpAddress> inUse = new TreeSet<>();
        for (MappedService service : services) {
            if (service.assignment() instanceof Assigned(var addresses, var _)) {
                inUse.addAll(addresses);
            }
        }
        return inUse;
    }

    /** Returns what stays of it under {@code config}: nothing if that follows no cluster. */
    ClusterPart under(FairleadConfig config) {
        return config.kubernetes().enabled() ? this : NONE;
    }

    /** Returns the virtual servers of the cluster beside those of the configuration, which win. */
    KubernetesServers.Merged beside(FairleadConfig config) {
        return servers.beside(config.virtualServers());
    }

    /** Returns the configuration where virtual routers have the addresses of the pools that name them. */
    FairleadConfig withRouterAddresses(FairleadConfig config) {
        Map<String, List<IpAddress>> more = KubernetesAddresses.ofRouters(config.kubernetes(), addressesInUse);
        return more.isEmpty() ? config : config.withRouterAddresses(more);
    }

    /** Returns the addresses that are to be on interfaces without an election, the configured ones first. */
    List<VirtualAddressSpec> addresses(FairleadConfig config) {
        List<VirtualAddressSpec> configured = config.host().virtualAddresses();
        List<VirtualAddressSpec> all = new ArrayList<>(configured);
        all.addAll(KubernetesAddresses.of(config.kubernetes(), addressesInUse, configured));
        return all;
    }
}
