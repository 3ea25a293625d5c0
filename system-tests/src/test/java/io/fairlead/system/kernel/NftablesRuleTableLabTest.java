package io.fairlead.system.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.kernel.PacketRuleTable;
import io.fairlead.core.kernel.PacketRuleTableContract;
import io.fairlead.core.model.PacketDestination;
import io.fairlead.core.model.PacketRules;
import io.fairlead.core.model.PacketRulesFixtures;
import io.fairlead.core.net.IpPrefix;
import io.fairlead.linux.nftables.NftablesRuleTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The kernel keeps the contract of packet rules, and {@code nft} reads them as they are meant. The lab gives it a network
 * namespace of its own.
 */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NftablesRuleTableLabTest extends PacketRuleTableContract {

    private final NftablesRuleTable table = NftablesRuleTable.open();

    @BeforeAll
    void someoneElseHasATable() throws Exception {
        nft("add table inet others; add set inet others numbers { type mark; }");
    }

    @AfterAll
    void close() throws Exception {
        assertThat(nft("list tables")).isEqualTo("table inet others\n");
        nft("delete table inet others");
        table.close();
    }

    @Override
    protected PacketRuleTable table() {
        return table;
    }

    private int others;

    @Override
    protected void changeOthers() {
        nft("add element inet others numbers { " + ++others + " }");
    }

    @Override
    protected void damage() {
        nft("flush map inet fairlead marks4-ranges");
    }

    private static String nft(String commands) {
        try {
            Process process = new ProcessBuilder("nft", commands)
                    .redirectErrorStream(true)
                    .start();
            try (InputStream out = process.getInputStream()) {
                String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
                assertThat(process.waitFor()).as("nft %s: %s", commands, text).isZero();
                return text;
            }
        } catch (IOException e) {
            throw new AssertionError("nft " + commands, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("nft " + commands, e);
        }
    }

    @Test
    void everyKindOfDamageShows() {
        PacketRules rules = everything();
        for (String damage : List.of(
                "delete table inet fairlead",
                "flush chain inet fairlead postrouting",
                "flush set inet fairlead source-nat4",
                "delete element inet fairlead marks4 { tcp . 192.0.2.10 . 443 }",
                "delete element inet fairlead marks4 { tcp . 192.0.2.10 . 443 };"
                        + " add element inet fairlead marks4 { tcp . 192.0.2.10 . 443 : 0x7 }",
                "add element inet fairlead sources4-0 { 203.0.113.0/24 }",
                "insert rule inet fairlead prerouting accept",
                "add rule inet fairlead allow4-0 ip saddr 203.0.113.1 drop",
                "add chain inet fairlead other",
                "add set inet fairlead other { type mark; }",
                "chain inet fairlead prerouting { policy drop; }")) {
            table.replace(rules);
            assertThat(table.holds(rules)).isTrue();

            nft(damage);

            assertThat(table.holds(rules)).as("after %s", damage).isFalse();
        }
    }

    private static PacketRules everything() {
        TreeMap<PacketDestination, Long> marks = new TreeMap<>();
        marks.put(PacketRulesFixtures.tcp("192.0.2.10", "443"), 0x1000_0001L);
        marks.put(PacketRulesFixtures.tcp("2001:db8::10", "8000-8099"), 0x1000_0002L);
        TreeMap<PacketDestination, SortedSet<IpPrefix>> allowed = new TreeMap<>();
        allowed.put(
                PacketRulesFixtures.tcp("192.0.2.10", "80"),
                new TreeSet<>(List.of(IpPrefix.parse("198.51.100.0/25"), IpPrefix.parse("198.51.100.128/25"))));
        TreeSet<PacketDestination> sourceNat = new TreeSet<>(List.of(PacketRulesFixtures.tcp("192.0.2.10", "80")));
        return new PacketRules(marks, sourceNat, allowed);
    }

    @Test
    void nftReadsWhatIsMeant() {
        table.replace(everything());

        assertThat(nft("list table inet fairlead")).isEqualTo("""
            table inet fairlead {
            	comment "made by Fairlead, which undoes other changes"
            	map guarded4 {
            		type inet_proto . ipv4_addr . inet_service : verdict
            		elements = { tcp . 192.0.2.10 . 80 : jump allow4-0 }
            	}

            	map marks4 {
            		type inet_proto . ipv4_addr . inet_service : mark
            		elements = { tcp . 192.0.2.10 . 443 : 0x10000001 }
            	}

            	map marks6-ranges {
            		type inet_proto . ipv6_addr . inet_service : mark
            		flags interval
            		elements = { tcp . 2001:db8::10 . 8000-8099 : 0x10000002 }
            	}

            	set source-nat4 {
            		type inet_proto . ipv4_addr . inet_service
            		elements = { tcp . 192.0.2.10 . 80 }
            	}

            	set sources4-0 {
            		type ipv4_addr
            		flags interval
            		elements = { 198.51.100.0/25, 198.51.100.128/25 }
            	}

            	chain allow4-0 {
            		ip saddr != @sources4-0 counter packets 0 bytes 0 drop
            	}

            	chain output {
            		type route hook output priority mangle; policy accept;
            		meta mark set meta l4proto . ip daddr . th dport map @marks4
            		meta mark set meta l4proto . ip6 daddr . th dport map @marks6-ranges
            	}

            	chain postrouting {
            		type nat hook postrouting priority srcnat; policy accept;
            		meta l4proto . ip daddr . th dport != @source-nat4 meta l4proto . ct original ip daddr . ct original proto-dst @source-nat4 counter packets 0 bytes 0 masquerade
            	}

            	chain prerouting {
            		type filter hook prerouting priority mangle; policy accept;
            		meta l4proto . ip daddr . th dport vmap @guarded4
            		meta mark set meta l4proto . ip daddr . th dport map @marks4
            		meta mark set meta l4proto . ip6 daddr . th dport map @marks6-ranges
            	}
            }
            """);
    }
}
