package io.fairlead.appliance.doctor;

import io.fairlead.appliance.admin.StatusReport.AddressLine;
import io.fairlead.core.text.Amount;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whether somebody else has a hand in what is ours. Pure. */
final class RivalChecks {

    private static final Set<String> PROGRAMS =
            Set.of("keepalived", "ldirectord", "kube-proxy", "seesaw_ncc", "vrrpd", "ucarp");
    private static final int NAMED_MAX = 5;

    private RivalChecks() {}

    static Finding programs(HostFacts facts) {
        Set<String> rivals = new TreeSet<>(facts.programs());
        rivals.retainAll(PROGRAMS);
        return rivals.isEmpty()
                ? Finding.ok("other-programs", "no other program that is known to manage IPVS or addresses")
                : Finding.warning(
                        "other-programs",
                        String.join(", ", rivals) + " is running here",
                        "stop it, or let it manage other addresses than Fairlead");
    }

    /** Foreign entries are left alone, so they may be what somebody means; only an operator can tell. */
    static Finding foreignVirtualServers(HostFacts facts) {
        if (facts.ipvsFile().isEmpty() || Wants.services(facts).isEmpty()) {
            return Finding.ok("foreign-virtual-servers", "none seen");
        }
        List<String> foreign =
                new ArrayList<>(ProcIpvs.services(facts.ipvsFile().get()));
        foreign.removeAll(Wants.services(facts).get());
        int leaving = facts.status().map(status -> status.leaving().size()).orElse(0);
        return foreign.size() <= leaving
                ? Finding.ok("foreign-virtual-servers", "none")
                : Finding.warning(
                        "foreign-virtual-servers",
                        Amount.of(foreign.size(), "in the kernel is", "in the kernel are") + " not configured here: "
                                + String.join(", ", foreign.subList(0, Math.min(NAMED_MAX, foreign.size()))),
                        ProcIpvs.removal(foreign.getFirst())
                                + " and such, if nobody wants them; Fairlead leaves them alone");
    }

    static Finding contested(HostFacts facts) {
        List<String> contested =
                facts.status().map(status -> status.reconcile().contested()).orElse(List.of());
        return contested.isEmpty()
                ? Finding.ok("contested", "nobody else changes our virtual servers")
                : Finding.error("contested", contested.getFirst(), "find the other program: fairlead events, ps");
    }

    static Finding foreignAddresses(HostFacts facts) {
        List<String> foreign = facts.status().stream()
                .flatMap(status -> status.addresses().addresses().stream())
                .filter(line -> line.state().equals("foreign"))
                .map(AddressLine::address)
                .toList();
        return foreign.isEmpty()
                ? Finding.ok("foreign-addresses", "none")
                : Finding.warning(
                        "foreign-addresses",
                        "put there by somebody else: " + String.join(", ", foreign),
                        "take them out of that program, or out of virtual-addresses");
    }

    static Finding duplicates(HostFacts facts) {
        return facts.duplicates().orElse(Set.of()).isEmpty()
                ? Finding.ok("duplicate-addresses", "nobody else was heard to answer for a virtual address")
                : Finding.error(
                        "duplicate-addresses",
                        "somebody else answers ARP for "
                                + String.join(
                                        ", ", new TreeSet<>(facts.duplicates().orElseThrow())),
                        "on real servers: the address on lo or a dummy, arp_ignore=1 and arp_announce=2; else a second"
                                + " owner");
    }

    static List<Finding> all(HostFacts facts) {
        return List.of(
                programs(facts),
                foreignVirtualServers(facts),
                contested(facts),
                foreignAddresses(facts),
                duplicates(facts));
    }
}
