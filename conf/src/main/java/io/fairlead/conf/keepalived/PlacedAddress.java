package io.fairlead.conf.keepalived;

import io.fairlead.core.net.IpAddress;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * A line of {@code virtual_ipaddress}, {@code virtual_ipaddress_excluded} or {@code static_ipaddress}: an address and where it is.
 *
 * @param prefixLength in bits
 * @param interfaceName empty where the line has none
 */
record PlacedAddress(
        Statement at,
        IpAddress address,
        int prefixLength,
        Optional<String> interfaceName,
        Optional<String> scope,
        Optional<String> label) {

    /** Reads {@code ADDRESS[/LENGTH] [dev INTERFACE] [scope SCOPE] [label LABEL]}; remarks on whatever else stands there. */
    static Optional<PlacedAddress> parse(Statement statement, Remarks remarks) {
        String[] parts = statement.keyword().split("/", 2);
        Optional<IpAddress> address = Arguments.address(parts[0]);
        int bits = address.map(found -> found.family().lengthBits()).orElse(0);
        Optional<Integer> length = parts.length == 1
                ? Optional.of(bits)
                : Numbers.parse(parts[1]).filter(number -> number >= 0 && number <= bits);
        if (address.isEmpty() || length.isEmpty()) {
            remarks.add(statement, "not carried over (expected: an IP address with or without /LENGTH)");
            return Optional.empty();
        }
        Optional<String> interfaceName = Optional.empty();
        Optional<String> scope = Optional.empty();
        Optional<String> label = Optional.empty();
        for (Iterator<String> words = statement.arguments().iterator(); words.hasNext(); ) {
            String word = words.next();
            switch (word) {
                case "dev" -> interfaceName = next(words);
                case "scope" -> scope = next(words);
                case "label" -> label = next(words);
                case "noprefixroute", "-nodad", "home", "no_track" -> {} // so it is here
                case "brd", "broadcast" -> // without one nobody notices, as balancers do not broadcast
                    next(words);
                case "peer", "preferred_lft", "track_group" -> {
                    next(words);
                    remarks.add(statement, word + ": not carried over: has no counterpart in Fairlead");
                }
                default -> remarks.add(statement, word + ": not carried over: has no counterpart in Fairlead");
            }
        }
        return Optional.of(new PlacedAddress(statement, address.get(), length.get(), interfaceName, scope, label));
    }

    static List<PlacedAddress> parseAll(Statement block, Remarks remarks) {
        return block.body().stream()
                .flatMap(line -> parse(line, remarks).stream())
                .toList();
    }

    private static Optional<String> next(Iterator<String> words) {
        return words.hasNext() ? Optional.of(words.next()) : Optional.empty();
    }

    /** As Fairlead writes it. */
    String text() {
        return address + "/" + prefixLength;
    }
}
