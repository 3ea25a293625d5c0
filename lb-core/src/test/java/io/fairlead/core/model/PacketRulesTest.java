package io.fairlead.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPrefix;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PacketRulesTest {

    @Test
    void keepsTheOutermostOfTheSources() {
        PacketRules rules = PacketRulesFixtures.allowing(
                PacketRulesFixtures.tcp("192.0.2.10", "80"), "10.1.0.0/16", "10.0.0.0/8", "192.0.2.0/24", "10.0.0.0/9");

        assertThat(rules.allowedSources().firstEntry().getValue())
                .containsExactly(IpPrefix.parse("10.0.0.0/8"), IpPrefix.parse("192.0.2.0/24"));
    }

    @Test
    void refusesDestinationsThatOverlap() {
        TreeMap<PacketDestination, Long> marks = new TreeMap<>(Map.of(
                PacketRulesFixtures.tcp("192.0.2.10", "8000-8099"), 1L,
                PacketRulesFixtures.tcp("192.0.2.10", "8050"), 2L));

        assertThatThrownBy(() -> new PacketRules(marks, new TreeSet<>(), new TreeMap<>()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("TCP 192.0.2.10:8000-8099 and TCP 192.0.2.10:8050 overlap (expected: disjoint)");
    }

    @Test
    void refusesSourcesOfTheOtherFamily() {
        assertThatThrownBy(() ->
                        PacketRulesFixtures.allowing(PacketRulesFixtures.tcp("2001:db8::10", "80"), "198.51.100.0/24"))
                .hasMessage("source 198.51.100.0/24 for TCP [2001:db8::10]:80 (expected: IPv6)");
    }

    @Test
    void listsOfSourcesAreSharedByDestinations() {
        TreeMap<PacketDestination, SortedSet<IpPrefix>> allowed = new TreeMap<>();
        for (String port : List.of("80", "443", "8080")) {
            allowed.put(
                    PacketRulesFixtures.tcp("192.0.2.10", port),
                    new TreeSet<>(Set.of(IpPrefix.parse(port.equals("80") ? "10.0.0.0/8" : "198.51.100.0/24"))));
        }

        PacketRules rules = new PacketRules(new TreeMap<>(), new TreeSet<>(), allowed);

        assertThat(rules.sourceLists(IpFamily.IPV4)).hasSize(2);
        assertThat(rules.sourceLists(IpFamily.IPV6)).isEmpty();
    }
}
