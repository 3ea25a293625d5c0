package io.fairlead.core.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.model.PacketRules;
import io.fairlead.core.model.PacketRulesFixtures;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NftTextTest {

    private static final PacketRules WEB =
            PacketRulesFixtures.marking(PacketRulesFixtures.tcp("192.0.2.10", "8000-8099"), 0x1000_0001L);

    @Test
    void saysWhatComesAndWhatGoes() {
        PacketRules guarded = PacketRulesFixtures.allowing(
                PacketRulesFixtures.tcp("2001:db8::10", "443"), "2001:db8:1::/48", "2001:db8:2::/48");

        assertThat(NftText.lines(WEB, guarded))
                .containsExactly(
                        "nft add element inet fairlead guarded6 { tcp . 2001:db8::10 . 443 : jump allow }"
                                + "  # from 2001:db8:1::/48, 2001:db8:2::/48",
                        "nft delete element inet fairlead marks4-ranges { tcp . 192.0.2.10 . 8000-8099 }");
        assertThat(NftText.lines(PacketRules.NONE, WEB))
                .containsExactly(
                        "nft add element inet fairlead marks4-ranges { tcp . 192.0.2.10 . 8000-8099 : 0x10000001 }");
    }

    @Test
    void aListThatIsEmptyLetsNobodyIn() {
        assertThat(NftText.lines(
                        PacketRules.NONE, PacketRulesFixtures.allowing(PacketRulesFixtures.tcp("192.0.2.10", "80"))))
                .singleElement()
                .asString()
                .endsWith("# from nobody");
    }

    @Test
    void theSameRulesAreNoLines() {
        for (long seed = 1; seed <= 20; seed++) {
            PacketRules rules = PacketRulesFixtures.random(new Random(seed), 30);
            PacketRules again = PacketRulesFixtures.random(new Random(seed), 30);

            assertThat(NftText.lines(rules, again)).as("seed %s", seed).isEmpty();
        }
    }
}
