package io.fairlead.core.reconcile;

import io.fairlead.core.model.PacketDestination;
import io.fairlead.core.model.PacketRules;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Renders a change of packet rules in the words of {@code nft}, for people: what goes, then what comes. The kernel gets the
 * whole table in one transaction instead.
 */
public final class NftText {

    private NftText() {}

    /** Returns a line for each element that differs, without line ends; none if nothing does. */
    public static List<String> lines(PacketRules before, PacketRules after) {
        List<String> lines = new ArrayList<>();
        compare(
                lines,
                "guarded",
                texts(before.allowedSources(), NftText::from),
                texts(after.allowedSources(), NftText::from));
        compare(lines, "marks", texts(before.marks(), NftText::mark), texts(after.marks(), NftText::mark));
        compare(lines, "source-nat", texts(before.sourceNat()), texts(after.sourceNat()));
        compare(lines, before.quiet(), after.quiet());
        return lines;
    }

    private static void compare(List<String> lines, SortedSet<IpAddress> before, SortedSet<IpAddress> after) {
        before.forEach(address -> {
            if (!after.contains(address)) {
                lines.add("nft delete element " + quiet(address));
            }
        });
        after.forEach(address -> {
            if (!before.contains(address)) {
                lines.add("nft add element " + quiet(address));
            }
        });
    }

    private static String quiet(IpAddress address) {
        return "inet fairlead quiet" + (address.family() == IpFamily.IPV4 ? "4" : "6") + " { " + address + " }";
    }

    /** What an element gives, and what a person should know of it. */
    private record Tail(String value, String comment) {}

    private static Tail mark(long mark) {
        return new Tail(String.format(Locale.ROOT, " : 0x%08x", mark), "");
    }

    private static Tail from(SortedSet<IpPrefix> sources) {
        String text = sources.stream().map(IpPrefix::toString).collect(Collectors.joining(", "));
        return new Tail(" : jump allow", "  # from " + (text.isEmpty() ? "nobody" : text));
    }

    private static <T> Map<PacketDestination, Tail> texts(
            NavigableMap<PacketDestination, T> elements, Function<T, Tail> tail) {
        Map<PacketDestination, Tail> texts = new TreeMap<>();
        elements.forEach((destination, value) -> texts.put(destination, tail.apply(value)));
        return texts;
    }

    private static Map<PacketDestination, Tail> texts(SortedSet<PacketDestination> elements) {
        Map<PacketDestination, Tail> texts = new TreeMap<>();
        elements.forEach(destination -> texts.put(destination, new Tail("", "")));
        return texts;
    }

    private static void compare(
            List<String> lines, String set, Map<PacketDestination, Tail> before, Map<PacketDestination, Tail> after) {
        before.forEach((destination, tail) -> {
            if (!tail.equals(after.get(destination))) {
                lines.add("nft delete element " + element(set, destination, "") + " }");
            }
        });
        after.forEach((destination, tail) -> {
            if (!tail.equals(before.get(destination))) {
                lines.add("nft add element " + element(set, destination, tail.value()) + " }" + tail.comment());
            }
        });
    }

    private static String element(String set, PacketDestination destination, String value) {
        return "inet fairlead " + set + (destination.family() == IpFamily.IPV4 ? "4" : "6")
                + (destination.ports().isSingle() ? "" : "-ranges") + " { "
                + destination.protocol().name().toLowerCase(Locale.ROOT) + " . " + destination.address() + " . "
                + destination.ports() + value;
    }
}
