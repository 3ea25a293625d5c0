package io.fairlead.appliance.doctor;

import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.net.IpFamily;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether the kernel's parameters fit what is configured. Pure. */
final class SysctlChecks {

    private static final double NEARLY_FULL = 0.9;

    private SysctlChecks() {}

    private static String set(String name, int value) {
        return "sysctl -w " + name + "=" + value + ", and into /etc/sysctl.d";
    }

    static Finding forwardingIpv4(HostFacts facts) {
        String name = "net.ipv4.ip_forward";
        return Wants.translation(facts, IpFamily.IPV4) && facts.has(name, 0)
                ? Finding.error(
                        "forwarding-ipv4",
                        name + " is 0: answers of real servers behind address translation end here",
                        set(name, 1))
                : Finding.ok("forwarding-ipv4", "fits");
    }

    static Finding forwardingIpv6(HostFacts facts) {
        String name = "net.ipv6.conf.all.forwarding";
        return Wants.translation(facts, IpFamily.IPV6) && facts.has(name, 0)
                ? Finding.error(
                        "forwarding-ipv6",
                        name + " is 0: answers of real servers behind address translation end here",
                        set(name, 1) + "; mind accept_ra=2 where the default route comes from a router")
                : Finding.ok("forwarding-ipv6", "fits");
    }

    /** A host that forwards ignores router advertisements unless told otherwise, and its default route runs out. */
    static Finding routerAdvertisements(HostFacts facts) {
        List<String> lost = facts.interfaces().stream()
                .map(HostFacts.Interface::name)
                .filter(name -> facts.has("net.ipv6.conf.all.forwarding", 1)
                        && facts.has("net.ipv6.conf." + name + ".accept_ra", 1)
                        && facts.advertisedRoutes().contains(name))
                .toList();
        return lost.isEmpty()
                ? Finding.ok("router-advertisements", "fits")
                : Finding.warning(
                        "router-advertisements",
                        "IPv6 is forwarded, so router advertisements are not heard on " + String.join(", ", lost)
                                + ", and the route that came from them runs out",
                        "sysctl -w net.ipv6.conf." + lost.getFirst() + ".accept_ra=2, or a route of your own");
    }

    /** Strict reverse path filtering drops what arrives by another way than answers would take. */
    static Finding reversePath(HostFacts facts) {
        List<String> strict = facts.interfaces().stream()
                .map(HostFacts.Interface::name)
                .filter(name -> effective(facts, name, "rp_filter") == 1)
                .toList();
        boolean concerned = facts.interfaces().size() > 1
                && (Wants.forwarding(facts, ForwardingMethod.DIRECT_ROUTE)
                        || Wants.forwarding(facts, ForwardingMethod.TUNNEL)
                        || Wants.packetRules(facts));
        return strict.isEmpty() || !concerned
                ? Finding.ok("rp-filter", "fits")
                : Finding.warning(
                        "rp-filter",
                        "strict on " + String.join(", ", strict)
                                + ": packets that arrive by another way than answers would take are dropped silently",
                        "sysctl -w net.ipv4.conf.all.rp_filter=2 where ways differ");
    }

    /** The kernel takes the larger of the two. */
    private static long effective(HostFacts facts, String interfaceName, String key) {
        return Stream.of("all", interfaceName)
                .map(name -> facts.sysctl("net.ipv4.conf." + name + "." + key))
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .max()
                .orElse(0);
    }

    /** A virtual address on a dummy interface is answered for on every interface, also on those it does not belong to. */
    static Finding strictArp(HostFacts facts) {
        boolean onDummy = facts.config().stream()
                .flatMap(config -> config.host().virtualAddresses().stream())
                .anyMatch(set -> set.dummy());
        List<String> loose = facts.interfaces().stream()
                .map(HostFacts.Interface::name)
                .filter(name -> effective(facts, name, "arp_ignore") == 0)
                .toList();
        return !onDummy || loose.size() < 2
                ? Finding.ok("strict-arp", "fits")
                : Finding.warning(
                        "strict-arp",
                        "virtual addresses are on a dummy interface, and answered for by ARP on each of "
                                + String.join(", ", loose),
                        "sysctl -w net.ipv4.conf.all.arp_announce=2; separate the networks, or name an interface");
    }

    /** With both, a client that reuses a port waits a second, up to Linux 5.9. */
    static Finding connectionReuse(HostFacts facts) {
        return facts.has("net.ipv4.vs.conntrack", 1)
                        && facts.has("net.ipv4.vs.conn_reuse_mode", 1)
                        && facts.sysctls().getOrDefault("kernel.osrelease", "6").matches("([34]|5\\.[0-8])\\..*")
                ? Finding.warning(
                        "connection-reuse",
                        "conntrack and conn_reuse_mode are both 1: a client that reuses a port waits for a second",
                        set("net.ipv4.vs.conn_reuse_mode", 0))
                : Finding.ok("connection-reuse", "fits");
    }

    static Finding quiescentTemplates(HostFacts facts) {
        String name = "net.ipv4.vs.expire_quiescent_template";
        return Wants.persistence(facts) && facts.has(name, 0)
                ? Finding.warning(
                        "persistence",
                        name + " is 0: a drained real server still gets the clients that are bound to it",
                        set(name, 1))
                : Finding.ok("persistence", "fits");
    }

    static Finding connectionTracking(HostFacts facts) {
        OptionalLong count = facts.sysctl("net.netfilter.nf_conntrack_count");
        OptionalLong max = facts.sysctl("net.netfilter.nf_conntrack_max");
        return count.isPresent() && max.isPresent() && count.getAsLong() > NEARLY_FULL * max.getAsLong()
                ? Finding.error(
                        "conntrack",
                        "connection tracking is nearly full: " + count.getAsLong() + " of " + max.getAsLong(),
                        "raise net.netfilter.nf_conntrack_max, or exempt the virtual addresses (notrack)")
                : Finding.ok("conntrack", "not full");
    }

    static List<Finding> all(HostFacts facts) {
        return Stream.of(
                        forwardingIpv4(facts),
                        forwardingIpv6(facts),
                        routerAdvertisements(facts),
                        reversePath(facts),
                        strictArp(facts),
                        connectionReuse(facts),
                        quiescentTemplates(facts),
                        connectionTracking(facts))
                .collect(Collectors.toList());
    }
}
