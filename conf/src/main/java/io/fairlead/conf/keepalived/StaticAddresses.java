package io.fairlead.conf.keepalived;

import io.fairlead.conf.keepalived.HoconText.Plain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Translates {@code static_ipaddress} to sets of virtual addresses that no election moves. */
final class StaticAddresses {

    private static final Set<String> SCOPES = Set.of("global", "link", "host");

    private final VrrpGlobals globals;
    private final Remarks remarks;
    private final List<PlacedAddress> addresses = new ArrayList<>();

    StaticAddresses(VrrpGlobals globals, Remarks remarks) {
        this.globals = globals;
        this.remarks = remarks;
    }

    void add(Statement block) {
        addresses.addAll(PlacedAddress.parseAll(block, remarks));
    }

    private record Place(String interfaceName, String scope, String label) {}

    /** Returns the block {@code virtual-addresses}; empty if there are none. */
    Map<String, Object> translate() {
        Map<Place, List<String>> byPlace = new LinkedHashMap<>();
        for (PlacedAddress address : addresses) {
            String scope = address.scope().orElse("global");
            if (!SCOPES.contains(scope)) {
                remarks.add(address.at(), "scope " + scope + ": not carried over (expected: global, link or host)");
                scope = "global";
            }
            byPlace.computeIfAbsent(
                            new Place(
                                    address.interfaceName().orElse(globals.defaultInterface()),
                                    scope,
                                    address.label().orElse("")),
                            _ -> new ArrayList<>())
                    .add(address.text());
        }
        Map<String, Object> sets = new LinkedHashMap<>();
        byPlace.forEach((place, texts) -> {
            Map<String, Object> set = new LinkedHashMap<>();
            set.put("interface", place.interfaceName());
            set.put("addresses", texts);
            if (!place.scope().equals("global")) {
                set.put("scope", new Plain(place.scope()));
            }
            if (!place.label().isEmpty()) {
                set.put("label", place.label());
            }
            set.put("on-stop", new Plain("remove"));
            sets.put("static-" + (sets.size() + 1), set);
        });
        return sets;
    }
}
