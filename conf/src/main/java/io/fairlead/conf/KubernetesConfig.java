package io.fairlead.conf;

import io.fairlead.kube.address.AddressPool;
import io.fairlead.kube.mapping.LabelSelector;
import io.fairlead.kube.mapping.MappingSpec;
import io.fairlead.kube.mapping.ServiceFilter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is taken from a Kubernetes cluster, and how.
 *
 * @param enabled whether its API is asked at all
 * @param kubeconfig who we are there and where it is
 * @param services which Services are ours
 * @param mapping how they become virtual servers
 * @param pools where their addresses are from, ordered by name; no two with an address in common
 * @param template what their virtual servers have beside what the cluster says
 */
public record KubernetesConfig(
        boolean enabled,
        Path kubeconfig,
        ServiceFilter services,
        MappingSpec mapping,
        List<KubernetesPool> pools,
        KubernetesTemplate template) {

    /** Nothing is taken from any cluster. */
    public static final KubernetesConfig OFF = new KubernetesConfig(
            false,
            Path.of("/"),
            new ServiceFilter(Optional.empty(), false, Set.of(), LabelSelector.EVERYTHING),
            MappingSpec.NODES,
            List.of(),
            KubernetesTemplate.UNCHECKED);

    public KubernetesConfig {
        pools = List.copyOf(pools);
    }

    /** Returns the addresses that may be given, without where they go. */
    public List<AddressPool> addressPools() {
        return pools.stream().map(KubernetesPool::pool).toList();
    }
}
