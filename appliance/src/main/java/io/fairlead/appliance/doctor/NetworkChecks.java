package io.fairlead.appliance.doctor;

import io.fairlead.core.model.ForwardingMethod;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whether packets get in, through and out. Pure. */
final class NetworkChecks {

    private static final int USUAL_MTU = 1500;
    private static final int TUNNEL_BYTES = 20;
    private static final Pattern DROPPING_CHAIN =
            Pattern.compile("type filter hook (input|forward|output) priority .*policy drop;.*");

    private NetworkChecks() {}

    /** A virtual server nobody can reach. What a virtual router has is not missed: it is where the election wants it. */
    static Finding reachable(HostFacts facts) {
        Set<String> absent = Wants.served(facts).stream()
                .map(Wants.Served::address)
                .filter(address -> !facts.addresses().contains(address))
                .filter(address -> !Wants.ofVirtualRouter(facts, address))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> nobodys = new TreeSet<>(absent);
        nobodys.removeAll(Wants.listed(facts));
        if (!nobodys.isEmpty()) {
            return Finding.warning(
                    "virtual-addresses",
                    String.join(", ", nobodys)
                            + ": not on this host, and neither in virtual-addresses nor in a virtual router",
                    "put it into one of them; nothing, where packets for it are routed to this host or another program"
                            + " moves it");
        }
        if (absent.isEmpty()) {
            return Finding.ok(
                    "virtual-addresses", "every virtual server's address is on this host, or moved by an election");
        }
        return facts.status().isEmpty()
                ? Finding.ok("virtual-addresses", "will be put on this host when the appliance runs")
                : Finding.warning(
                        "virtual-addresses",
                        String.join(", ", absent) + ": in virtual-addresses, and not on this host",
                        "fairlead status says why; fairlead reload, if the file has changed since");
    }

    static Finding loopback(HostFacts facts) {
        return facts.addresses().contains("127.0.0.1")
                ? Finding.ok("loopback", "up")
                : Finding.error("loopback", "lo is down: the kernel refuses real servers", "ip link set lo up");
    }

    static Finding tunnelMtu(HostFacts facts) {
        int largest = facts.interfaces().stream()
                .filter(HostFacts.Interface::up)
                .mapToInt(HostFacts.Interface::mtu)
                .max()
                .orElse(0);
        return Wants.forwarding(facts, ForwardingMethod.TUNNEL) && largest < USUAL_MTU + TUNNEL_BYTES
                ? Finding.warning(
                        "tunnel-mtu",
                        "tunnels add " + TUNNEL_BYTES + " bytes and more to packets, and no interface takes more than "
                                + largest,
                        "an MTU of 1550 and more towards the real servers, or a smaller MSS on them (ip route … advmss"
                                + " 1440)")
                : Finding.ok("tunnel-mtu", "fits");
    }

    static Finding firewall(HostFacts facts) {
        if (facts.ruleset().isEmpty()) {
            return Finding.unknown(
                    "firewall", "nft could not be asked", "run this as root, with nft installed, to have it looked at");
        }
        List<String> dropping = facts.ruleset().get().stream()
                .map(String::strip)
                .filter(line -> DROPPING_CHAIN.matcher(line).matches())
                .toList();
        return dropping.isEmpty()
                ? Finding.ok("firewall", "no chain drops what no rule names")
                : Finding.warning(
                        "firewall",
                        "drops what no rule names: "
                                + dropping.stream()
                                        .map(line -> line.split(" ", -1)[3])
                                        .distinct()
                                        .collect(Collectors.joining(", ")),
                        "let in the virtual servers' ports (input), the real servers' answers (forward), and the"
                                + " peers");
    }

    /** What is seen of real servers in direct routing is that they answer ARP for the address, or that nobody could look. */
    static Finding directRouting(HostFacts facts) {
        return Wants.forwarding(facts, ForwardingMethod.DIRECT_ROUTE)
                        && facts.duplicates().isEmpty()
                ? Finding.unknown(
                        "direct-routing",
                        "whether real servers answer ARP for the virtual addresses could not be asked",
                        "run this as root with arping (iputils) on the host that has the address")
                : Finding.ok("direct-routing", "fits");
    }

    static List<Finding> all(HostFacts facts) {
        return List.of(loopback(facts), reachable(facts), tunnelMtu(facts), firewall(facts), directRouting(facts));
    }
}
