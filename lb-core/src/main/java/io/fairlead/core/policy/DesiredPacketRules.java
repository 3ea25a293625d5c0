package io.fairlead.core.policy;

import io.fairlead.core.model.PacketDestination;
import io.fairlead.core.model.PacketRules;
import io.fairlead.core.net.IpPrefix;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Computes the packet rules that virtual servers need. Pure. */
public final class DesiredPacketRules {

    private DesiredPacketRules() {}

    /**
     * Returns the rules for all of {@code handlings}.
     *
     * @throws IllegalArgumentException if two of them claim the same packets, which a valid configuration excludes
     */
    public static PacketRules of(Collection<PacketHandling> handlings) {
        TreeMap<PacketDestination, Long> marks = new TreeMap<>();
        TreeSet<PacketDestination> sourceNat = new TreeSet<>();
        TreeMap<PacketDestination, SortedSet<IpPrefix>> allowedSources = new TreeMap<>();
        for (PacketHandling handling : handlings) {
            for (PacketDestination destination : handling.destinations()) {
                handling.mark().ifPresent(mark -> marks.put(destination, mark));
                if (handling.sourceNat()) {
                    sourceNat.add(destination);
                }
                handling.allowedSources().ifPresent(sources -> allowedSources.put(destination, new TreeSet<>(sources)));
            }
        }
        return marks.isEmpty() && sourceNat.isEmpty() && allowedSources.isEmpty()
                ? PacketRules.NONE
                : new PacketRules(marks, sourceNat, allowedSources);
    }
}
