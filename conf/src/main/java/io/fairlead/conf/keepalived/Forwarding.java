package io.fairlead.conf.keepalived;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code lvs_method} says.
 *
 * @param keepsPort direct routing and tunnels: a real server has the port of its virtual server
 * @param isTunnel real servers may be of the other family
 * @param name of the method
 * @param tunnel how packets are wrapped, where that is not IP in IP
 */
record Forwarding(boolean keepsPort, boolean isTunnel, String name, Map<String, Object> tunnel) {

    private static final Map<String, Object> IN_IP = Map.of("type", new HoconText.Plain("ipip"));

    static final Forwarding NAT = new Forwarding(false, false, "nat", Map.of());

    /** Writes the keys that say so, within a block that would take those of {@code around} else. */
    void put(Map<String, Object> block, Forwarding around) {
        block.put("forwarding", new HoconText.Plain(name));
        if (!tunnel.isEmpty()) {
            block.put("tunnel", tunnel);
        } else if (isTunnel && !around.tunnel.isEmpty()) {
            block.put("tunnel", IN_IP);
        }
    }

    static Optional<Forwarding> parse(Statement statement, Remarks remarks) {
        Deque<String> words = new ArrayDeque<>(statement.arguments());
        String method = words.isEmpty() ? "" : words.pop().toUpperCase(Locale.ROOT);
        Optional<Forwarding> forwarding = switch (method) {
            case "NAT" -> Optional.of(NAT);
            case "DR" -> Optional.of(new Forwarding(true, false, "direct-route", Map.of()));
            case "TUN" -> Optional.of(new Forwarding(true, true, "tunnel", tunnel(statement, words, remarks)));
            default -> Optional.empty();
        };
        if (forwarding.isEmpty()) {
            remarks.add(statement, "\"" + method + "\" (expected: NAT, DR or TUN)");
        } else if (!words.isEmpty()) {
            remarks.add(statement, "not understood: " + String.join(" ", words));
        }
        return forwarding;
    }

    /** {@code [type ipip|gre|gue port N] [nocsum|csum|remcsum]}. */
    private static Map<String, Object> tunnel(Statement statement, Deque<String> words, Remarks remarks) {
        Map<String, Object> options = new LinkedHashMap<>();
        List<String> rest = new ArrayList<>();
        while (!words.isEmpty()) {
            String word = words.pop().toLowerCase(Locale.ROOT);
            switch (word) {
                case "type" -> options.put("type", new HoconText.Plain(words.isEmpty() ? "ipip" : words.pop()));
                case "port" ->
                    Optional.ofNullable(words.poll())
                            .flatMap(Numbers::parse)
                            .ifPresent(port -> options.put("port", port));
                case "nocsum" -> {}
                case "csum" -> options.put("checksum", new HoconText.Plain("full"));
                case "remcsum" -> options.put("checksum", new HoconText.Plain("remote"));
                default -> rest.add(word);
            }
        }
        if (!rest.isEmpty()) {
            remarks.add(statement, "not understood: " + String.join(" ", rest));
        }
        return options.equals(IN_IP) ? Map.of() : options;
    }
}
