package io.fairlead.conf;

import io.fairlead.core.model.PacketDestination;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which virtual server has which ports of an address, once one of them has several. The kernel would take overlaps: a packet
 * with a mark never looks for its address.
 */
final class PortClaims {

    private record Claim(PacketDestination destination, Section section) {}

    private final List<Claim> claims = new ArrayList<>();
    private boolean anyFolded;

    void add(ConfiguredVirtualServer virtualServer, Section section) {
        anyFolded |= virtualServer.packets().mark().isPresent();
        for (PacketDestination destination : virtualServer.destinations()) {
            claims.add(new Claim(destination, section));
        }
    }

    /** Reports every virtual server that claims a port of another. */
    void check() {
        if (!anyFolded) {
            return;
        }
        NavigableMap<PacketDestination, Claim> sorted = new TreeMap<>();
        Set<Section> reported = new HashSet<>();
        for (Claim claim : claims) {
            PacketDestination destination = claim.destination();
            var before = sorted.floorEntry(destination);
            var after = sorted.ceilingEntry(destination);
            if (before != null && before.getKey().overlaps(destination)) {
                report(claim, before.getValue(), reported);
            } else if (after != null && after.getKey().overlaps(destination)) {
                report(claim, after.getValue(), reported);
            } else {
                sorted.put(destination, claim);
            }
        }
    }

    private static void report(Claim claim, Claim first, Set<Section> reported) {
        if (reported.add(claim.section())) {
            claim.section()
                    .error(
                            "",
                            claim.destination() + " overlaps " + first.destination() + " of virtual server "
                                    + first.section().name() + " at "
                                    + claim.section()
                                            .reading()
                                            .problems()
                                            .place(first.section().origin(""))
                                    + " (expected: each port of an address once)");
        }
    }

    /** Returns whether any port is claimed twice, once one of {@code all} has several. */
    static boolean overlap(Collection<ConfiguredVirtualServer> all) {
        if (all.stream()
                .noneMatch(virtualServer -> virtualServer.packets().mark().isPresent())) {
            return false;
        }
        NavigableSet<PacketDestination> sorted = new TreeSet<>();
        for (ConfiguredVirtualServer virtualServer : all) {
            for (PacketDestination destination : virtualServer.destinations()) {
                PacketDestination before = sorted.floor(destination);
                PacketDestination after = sorted.ceiling(destination);
                if ((before != null && before.overlaps(destination))
                        || (after != null && after.overlaps(destination))) {
                    return true;
                }
                sorted.add(destination);
            }
        }
        return false;
    }
}
