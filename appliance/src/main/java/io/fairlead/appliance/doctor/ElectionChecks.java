package io.fairlead.appliance.doctor;

import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.HaReport.LinkLine;
import io.fairlead.appliance.admin.HaReport.PeerLine;
import io.fairlead.appliance.admin.HaReport.RouterLine;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Whether the addresses of virtual routers are where the election wants them, and whether it can do its work. Pure. */
final class ElectionChecks {

    private static final String CHECK = "virtual-routers";
    private static final String PEERS = "peers";
    private static final Set<String> NOT_HEARD = Set.of("silent", "unheard");
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

    /** Told by the running appliance alone. */
    static Finding peers(HostFacts facts) {
        Optional<HaReport> election = facts.election();
        List<LinkLine> links = election.flatMap(report -> Optional.ofNullable(report.link()))
                .map(HaReport.Link::peers)
                .orElse(List.of());
        for (LinkLine peer : links) {
            if (peer.refusal() != null) {
                return Finding.error(
                        PEERS,
                        "what comes from " + peer.address() + " is refused: " + peer.refusal(),
                        "give both the same key file, cluster and release: until then each may hold the addresses");
            }
        }
        Set<String> unheard = election.map(HaReport::routers).orElse(List.of()).stream()
                .flatMap(router -> router.peers().stream())
                .filter(peer -> NOT_HEARD.contains(peer.role()))
                .map(PeerLine::address)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!unheard.isEmpty()) {
            return Finding.warning(
                    PEERS,
                    "nothing is heard of " + String.join(", ", unheard),
                    "start it, or let UDP pass both ways (high-availability.port)");
        }
        return Finding.ok(PEERS, links.isEmpty() ? "there are none" : "all are heard");
    }

    /** Told by the running appliance alone. */
    static Finding maintenance(HostFacts facts) {
        return facts.election().filter(HaReport::maintenance).isPresent()
                ? Finding.warning(
                        "maintenance", "it holds no address, and takes none over", "fairlead ha maintenance off")
                : Finding.ok("maintenance", "off");
    }

    private static List<String> addresses(RouterLine router, Predicate<String> which) {
        return router.addresses().stream()
                .map(address -> address.substring(0, address.indexOf('/')))
                .filter(which)
                .toList();
    }
}
