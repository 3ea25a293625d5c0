package io.fairlead.appliance.doctor;

import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.HaReport.RouterLine;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Whether the addresses of virtual routers are where the election wants them. Pure. */
final class ElectionChecks {

    private static final String CHECK = "virtual-routers";
    /** Roles without addresses that may last; the others are on their way to one of them. */
    private static final Set<String> WITHOUT_ADDRESSES = Set.of("backup", "fault");

    private ElectionChecks() {}

    /** Told by the running appliance alone: a file does not know who is master. */
    static Finding addresses(HostFacts facts) {
        List<RouterLine> routers = facts.election().map(HaReport::routers).orElse(List.of());
        for (RouterLine router : routers) {
            List<String> missing =
                    addresses(router, address -> !facts.addresses().contains(address));
            if (router.role().equals("master") && !missing.isEmpty()) {
                return Finding.error(
                        CHECK,
                        router.name() + " is master, and not on this host: " + String.join(", ", missing),
                        "fairlead ha status says what the kernel refuses; else see who takes addresses from the"
                                + " interface");
            }
        }
        for (RouterLine router : routers) {
            List<String> foreign = addresses(router, facts.addresses()::contains);
            if (WITHOUT_ADDRESSES.contains(router.role()) && !foreign.isEmpty()) {
                return Finding.warning(
                        CHECK,
                        router.name() + " is " + router.role() + ", yet on this host: " + String.join(", ", foreign),
                        "take it out of the host's own network configuration, or of the program that put it there");
            }
        }
        return routers.isEmpty()
                ? Finding.ok(CHECK, "no running appliance has any")
                : Finding.ok(CHECK, "their addresses are where the election wants them");
    }

    private static List<String> addresses(RouterLine router, Predicate<String> which) {
        return router.addresses().stream()
                .map(address -> address.substring(0, address.indexOf('/')))
                .filter(which)
                .toList();
    }
}
