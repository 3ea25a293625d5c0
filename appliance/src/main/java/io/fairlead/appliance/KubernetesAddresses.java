package io.fairlead.appliance;

import io.fairlead.conf.KubernetesConfig;
import io.fairlead.conf.KubernetesPool;
import io.fairlead.core.announce.AnnouncementSpec;
import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.policy.VirtualAddressSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/** Which addresses of a cluster's Services are to be on which interfaces. Pure. */
final class KubernetesAddresses {

    private KubernetesAddresses() {}

    /** Returns the addresses {@code inUse} in the sets of their pools, without those that are configured. */
    static List<VirtualAddressSpec> of(
            KubernetesConfig config, SortedSet<IpAddress> inUse, List<VirtualAddressSpec> configured) {
        Set<IpAddress> taken = new HashSet<>();
        configured.forEach(set ->
                set.addresses().forEach(address -> taken.add(address.key().address())));
        List<VirtualAddressSpec> specs = new ArrayList<>();
        for (KubernetesPool pool : config.pools()) {
            pool.interfaceName().ifPresent(interfaceName -> {
                List<InterfaceAddress> addresses = inUse.stream()
                        .filter(address -> pool.pool().contains(address) && !taken.contains(address))
                        .map(address -> new InterfaceAddress(
                                new InterfaceAddressKey(
                                        interfaceName, address, address.family().lengthBits()),
                                Optional.empty()))
                        .toList();
                specs.add(new VirtualAddressSpec(
                        "kubernetes/" + pool.pool().name(),
                        interfaceName,
                        pool.dummy(),
                        addresses,
                        false,
                        AnnouncementSpec.DEFAULT));
            });
        }
        return specs;
    }

    /** Returns the addresses {@code inUse} of the pools that name a virtual router, by its name. */
    static Map<String, List<IpAddress>> ofRouters(KubernetesConfig config, SortedSet<IpAddress> inUse) {
        Map<String, List<IpAddress>> byRouter = new HashMap<>();
        for (KubernetesPool pool : config.pools()) {
            pool.virtualRouter()
                    .ifPresent(router -> byRouter.computeIfAbsent(router, _ -> new ArrayList<>())
                            .addAll(inUse.stream().filter(pool.pool()::contains).toList()));
        }
        return byRouter;
    }
}
