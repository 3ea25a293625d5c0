package io.fairlead.core.model;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPrefix;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that Fairlead asks of nf_tables: what happens to packets before and after IPVS. The same type for what is
 * wanted and for what is found. Within each part no packet can be of two destinations.
 *
 * @param marks the firewall mark that a packet gets, 1..4294967295: how several ports become one virtual server
 * @param sourceNat connections that get the address of this host as their source, once IPVS has given them a real server
 * @param allowedSources who may send packets there; from everyone else they are dropped. An empty set drops all.
 * @param quiet addresses of this host from which no reset is sent for a connection that it does not know
 */
public record PacketRules(
        NavigableMap<PacketDestination, Long> marks,
        NavigableSet<PacketDestination> sourceNat,
        NavigableMap<PacketDestination, SortedSet<IpPrefix>> allowedSources,
        SortedSet<IpAddress> quiet) {

    /** No rules: then the kernel has no table of ours. */
    public static final PacketRules NONE = new PacketRules(new TreeMap<>(), new TreeSet<>(), new TreeMap<>());

    /** Rules for destinations alone. */
    public PacketRules(
            NavigableMap<PacketDestination, Long> marks,
            NavigableSet<PacketDestination> sourceNat,
            NavigableMap<PacketDestination, SortedSet<IpPrefix>> allowedSources) {
        this(marks, sourceNat, allowedSources, new TreeSet<>());
    }

    public PacketRules {
        quiet = Collections.unmodifiableSortedSet(new TreeSet<>(quiet));
        marks = Collections.unmodifiableNavigableMap(new TreeMap<>(marks));
        sourceNat = Collections.unmodifiableNavigableSet(new TreeSet<>(sourceNat));
        TreeMap<PacketDestination, SortedSet<IpPrefix>> allowed = new TreeMap<>();
        allowedSources.forEach((destination, sources) -> allowed.put(destination, outermost(destination, sources)));
        allowedSources = Collections.unmodifiableNavigableMap(allowed);
        requireDisjoint(marks.navigableKeySet());
        requireDisjoint(sourceNat);
        requireDisjoint(allowedSources.navigableKeySet());
        for (long mark : marks.values()) {
            if (mark < 1 || mark > 0xffffffffL) {
                throw new IllegalArgumentException("firewall mark " + mark + " (expected: 1..4294967295)");
            }
        }
    }

    /** Prefixes in order, without those that lie within another: what the kernel's interval sets hold. */
    private static SortedSet<IpPrefix> outermost(PacketDestination destination, Collection<IpPrefix> prefixes) {
        TreeSet<IpPrefix> kept = new TreeSet<>();
        for (IpPrefix prefix : new TreeSet<>(prefixes)) { // the wider of two comes first
            if (prefix.family() != destination.family()) {
                throw new IllegalArgumentException("source " + prefix + " for " + destination + " (expected: "
                        + (destination.family() == IpFamily.IPV4 ? "IPv4" : "IPv6") + ")");
            }
            if (kept.isEmpty() || !kept.last().contains(prefix)) {
                kept.add(prefix);
            }
        }
        return Collections.unmodifiableSortedSet(kept);
    }

    private static void requireDisjoint(Collection<PacketDestination> sorted) {
        PacketDestination before = null;
        for (PacketDestination destination : sorted) {
            if (before != null && before.overlaps(destination)) {
                throw new IllegalArgumentException(before + " and " + destination + " overlap (expected: disjoint)");
            }
            before = destination;
        }
    }

    /**
     * Returns {@code next} and beside it those of these rules that have to do with none of its destinations: what may stand
     * while what these rules were for is going and what {@code next} is for is coming.
     */
    public PacketRules extendedBy(PacketRules next) {
        if (isEmpty()) {
            return next;
        }
        TreeSet<PacketDestination> coming = new TreeSet<>(next.marks.keySet());
        coming.addAll(next.sourceNat);
        coming.addAll(next.allowedSources.keySet());
        PacketRules kept = without(coming);
        TreeMap<PacketDestination, Long> allMarks = new TreeMap<>(next.marks);
        allMarks.putAll(kept.marks);
        TreeSet<PacketDestination> allSourceNat = new TreeSet<>(next.sourceNat);
        allSourceNat.addAll(kept.sourceNat);
        TreeMap<PacketDestination, SortedSet<IpPrefix>> allAllowed = new TreeMap<>(next.allowedSources);
        allAllowed.putAll(kept.allowedSources);
        return new PacketRules(allMarks, allSourceNat, allAllowed, next.quiet);
    }

    /**
     * Returns those of these rules that have to do with none of {@code others}.
     *
     * @param others of which no packet can be of two
     */
    public PacketRules without(NavigableSet<PacketDestination> others) {
        if (isEmpty() || others.isEmpty()) {
            return this;
        }
        TreeMap<PacketDestination, Long> keptMarks = new TreeMap<>(marks);
        keptMarks.keySet().removeIf(destination -> !isApart(destination, others));
        TreeSet<PacketDestination> keptSourceNat = new TreeSet<>(sourceNat);
        keptSourceNat.removeIf(destination -> !isApart(destination, others));
        TreeMap<PacketDestination, SortedSet<IpPrefix>> keptAllowed = new TreeMap<>(allowedSources);
        keptAllowed.keySet().removeIf(destination -> !isApart(destination, others));
        return new PacketRules(keptMarks, keptSourceNat, keptAllowed, quiet);
    }

    /** Whoever overlaps one of several that do not overlap each other overlaps a neighbour in their order. */
    private static boolean isApart(PacketDestination destination, NavigableSet<PacketDestination> others) {
        PacketDestination before = others.floor(destination);
        PacketDestination after = others.ceiling(destination);
        return (before == null || !before.overlaps(destination)) && (after == null || !after.overlaps(destination));
    }

    /** Returns the same for destinations, and no resets from {@code addresses}. */
    public PacketRules keepingQuiet(SortedSet<IpAddress> addresses) {
        return addresses.equals(quiet) ? this : new PacketRules(marks, sourceNat, allowedSources, addresses);
    }

    /** Returns whether nothing is asked for. */
    public boolean isEmpty() {
        return marks.isEmpty() && sourceNat.isEmpty() && allowedSources.isEmpty() && quiet.isEmpty();
    }

    /** Returns how many destinations and addresses the rules speak of, each time they do. */
    public int size() {
        return marks.size() + sourceNat.size() + allowedSources.size() + quiet.size();
    }

    /** Returns the different lists of sources of a family, each once. */
    public Set<SortedSet<IpPrefix>> sourceLists(IpFamily family) {
        Set<SortedSet<IpPrefix>> lists = new LinkedHashSet<>();
        for (Map.Entry<PacketDestination, SortedSet<IpPrefix>> entry : allowedSources.entrySet()) {
            if (entry.getKey().family() == family) {
                lists.add(entry.getValue());
            }
        }
        return lists;
    }
}
