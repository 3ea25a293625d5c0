package io.fairlead.appliance.doctor;

import io.fairlead.core.model.ForwardingMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whether the kernel has what is needed, and lets us have it. Pure. */
final class KernelChecks {

    private static final long CAP_NET_ADMIN = 1 << 12;
    private static final long CAP_NET_RAW = 1 << 13;

    private KernelChecks() {}

    static Finding ipvs(HostFacts facts) {
        if (facts.ipvsFile().isPresent()) {
            return Finding.ok("ipvs", "the kernel has IPVS");
        }
        return facts.loadableModules().contains("ip_vs")
                ? Finding.warning("ipvs", "module ip_vs is not loaded", "modprobe ip_vs; the packages load it at boot")
                : Finding.error(
                        "ipvs",
                        "this kernel has no module ip_vs",
                        "install the kernel's modules (linux-modules-extra, kernel-modules), or on a container's host");
    }

    static Finding schedulers(HostFacts facts) {
        Set<String> missing = missing(facts, Wants.schedulers(facts));
        return missing.isEmpty()
                ? Finding.ok("schedulers", "every scheduler that is configured is there")
                : Finding.error("schedulers", "not in this kernel: " + String.join(", ", missing), "another scheduler");
    }

    static Finding modules(HostFacts facts) {
        Set<String> wanted = new TreeSet<>();
        if (Wants.packetRules(facts)) {
            wanted.add("nf_tables");
        }
        if (Wants.forwarding(facts, ForwardingMethod.TUNNEL)) {
            wanted.add("ipip");
        }
        if (Wants.virtualAddresses(facts)
                && facts.config().orElseThrow().host().virtualAddresses().stream()
                        .anyMatch(set -> set.dummy())) {
            wanted.add("dummy");
        }
        Set<String> missing = missing(facts, wanted);
        return missing.isEmpty()
                ? Finding.ok("modules", "every module that is needed is there")
                : Finding.error(
                        "modules",
                        "not in this kernel: " + String.join(", ", missing),
                        "install the kernel's modules, or do without what needs them");
    }

    private static Set<String> missing(HostFacts facts, Set<String> wanted) {
        Set<String> missing = new TreeSet<>(wanted);
        missing.removeAll(facts.modules());
        missing.removeAll(facts.loadableModules());
        return missing;
    }

    static Finding capabilities(HostFacts facts) {
        List<String> missing = new ArrayList<>();
        if ((facts.capabilities() & CAP_NET_ADMIN) == 0) {
            missing.add("CAP_NET_ADMIN");
        }
        if ((facts.capabilities() & CAP_NET_RAW) == 0) {
            missing.add("CAP_NET_RAW");
        }
        if (missing.isEmpty()) {
            return Finding.ok("capabilities", "this user may program the network");
        }
        return facts.status().isPresent()
                ? Finding.ok("capabilities", "an appliance is running; you yourself lack " + String.join(", ", missing))
                : Finding.warning(
                        "capabilities",
                        "you lack " + String.join(", ", missing) + ", without which \"fairlead run\" cannot start",
                        "start it as a service, which has them, or as root");
    }
}
