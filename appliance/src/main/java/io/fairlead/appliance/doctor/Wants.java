package io.fairlead.appliance.doctor;

import io.fairlead.conf.CheckPaths;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.conf.KubernetesPool;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.policy.RealServerSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a configuration needs of a host. Pure. */
final class Wants {

    private Wants() {}

    private static Stream<ConfiguredVirtualServer> virtualServers(HostFacts facts) {
        return facts.config().map(FairleadConfig::virtualServers).orElse(List.of()).stream();
    }

    private static Stream<RealServerSpec> realServers(HostFacts facts) {
        return virtualServers(facts).flatMap(configured -> configured.spec().realServers().stream());
    }

    static boolean forwarding(HostFacts facts, ForwardingMethod method) {
        return realServers(facts).anyMatch(spec -> spec.realServer().forwarding() == method);
    }

    /** Whether somebody's packets are translated, so that this host must route them. */
    static boolean translation(HostFacts facts, IpFamily family) {
        return virtualServers(facts)
                .filter(configured -> configured.spec().key().family() == family)
                .flatMap(configured -> configured.spec().realServers().stream())
                .anyMatch(spec -> spec.realServer().forwarding() == ForwardingMethod.MASQUERADE);
    }

    static boolean packetRules(HostFacts facts) {
        return virtualServers(facts).anyMatch(configured -> configured.packets().needsRules());
    }

    static boolean persistence(HostFacts facts) {
        return virtualServers(facts)
                .anyMatch(configured ->
                        configured.spec().virtualServer().persistence().isPresent());
    }

    static boolean virtualAddresses(HostFacts facts) {
        return facts.config()
                .filter(config -> !config.host().virtualAddresses().isEmpty())
                .isPresent();
    }

    static Set<String> schedulers(HostFacts facts) {
        Set<String> modules = new TreeSet<>();
        virtualServers(facts)
                .forEach(configured -> modules.add(
                        configured.spec().virtualServer().scheduler().moduleName()));
        return modules;
    }

    /** The addresses that clients connect to, with the names of those that are served there. */
    static List<Served> served(HostFacts facts) {
        return virtualServers(facts)
                .flatMap(configured -> configured.destinations().stream()
                        .map(destination -> new Served(
                                configured.spec().name(), destination.address().toString())))
                .distinct()
                .toList();
    }

    /** The addresses that are to be on this host always, without prefix length. */
    static Set<String> listed(HostFacts facts) {
        return facts.config().stream()
                .flatMap(config -> config.host().virtualAddresses().stream())
                .flatMap(set -> set.addresses().stream())
                .map(address -> address.key().address().toString())
                .collect(Collectors.toSet());
    }

    /** Whether an election says on which appliance {@code address} is: of a Service's address its pool tells. */
    static boolean ofVirtualRouter(HostFacts facts, String address) {
        Stream<String> fixed = facts.config().stream()
                .flatMap(config -> config.highAvailability().stream())
                .flatMap(ha -> ha.units().stream())
                .flatMap(unit -> unit.addresses().stream())
                .map(key -> key.address().toString());
        Stream<KubernetesPool> pools =
                facts.config().map(config -> config.kubernetes().pools()).orElse(List.of()).stream()
                        .filter(pool -> pool.virtualRouter().isPresent());
        return fixed.anyMatch(address::equals)
                || pools.anyMatch(pool -> pool.pool().contains(IpAddress.parse(address)));
    }

    record Served(String virtualServer, String address) {}

    /**
     * What the kernel calls the virtual servers of the configuration in {@code /proc/net/ip_vs}, and those that the running
     * appliance made of Services. Empty if nobody knows: what a cluster wants only a running appliance is told.
     */
    static Optional<Set<String>> services(HostFacts facts) {
        if (facts.status().isEmpty()
                && facts.config()
                        .filter(config -> config.kubernetes().enabled())
                        .isPresent()) {
            return Optional.empty();
        }
        return facts.config().map(config -> {
            Set<String> services = new TreeSet<>();
            config.virtualServers()
                    .forEach(configured ->
                            services.add(ProcIpvs.name(configured.spec().key())));
            CheckPaths.of(config.virtualServers()).keySet().forEach(key -> services.add(ProcIpvs.name(key)));
            facts.status().stream()
                    .flatMap(status -> status.virtualServers().stream())
                    .forEach(line -> services.add(ProcIpvs.name(line.service())
                            .orElseGet(() -> "FWM " + config.marks().of(line.name()))));
            return services;
        });
    }
}
