package io.fairlead.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.model.PacketRules;
import io.fairlead.core.model.PacketRulesFixtures;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link PacketRuleTable} promises, held against the double and the kernel alike. */
public abstract class PacketRuleTableContract {

    private static final PacketRules WEB =
            PacketRulesFixtures.marking(PacketRulesFixtures.tcp("192.0.2.10", "8000-8099"), 0x1000_0001L);
    private static final PacketRules GUARDED =
            PacketRulesFixtures.allowing(PacketRulesFixtures.tcp("2001:db8::10", "443"), "2001:db8:1::/48");

    protected abstract PacketRuleTable table();

    /** Someone else changes our table. */
    protected abstract void damage();

    /** Someone else changes rules that are not ours. */
    protected abstract void changeOthers();

    @AfterEach
    void removeTheTable() {
        table().replace(PacketRules.NONE);
    }

    @Test
    void holdsNothingAtFirst() {
        assertThat(table().holds(PacketRules.NONE)).isTrue();
        assertThat(table().holds(WEB)).isFalse();
    }

    @Test
    void holdsWhatWasWritten() {
        table().replace(WEB);

        assertThat(table().holds(WEB)).isTrue();
        assertThat(table().holds(PacketRules.NONE)).isFalse();
        assertThat(table().holds(GUARDED)).isFalse();
    }

    @Test
    void newRulesTakeThePlaceOfAllOldOnes() {
        table().replace(WEB);

        table().replace(GUARDED);

        assertThat(table().holds(GUARDED)).isTrue();
        assertThat(table().holds(WEB)).isFalse();
    }

    @Test
    void noRulesAreNoTable() {
        table().replace(WEB);

        table().replace(PacketRules.NONE);
        table().replace(PacketRules.NONE);

        assertThat(table().holds(PacketRules.NONE)).isTrue();
    }

    @Test
    void everyChangeMakesANewGeneration() {
        long first = table().generation();
        assertThat(table().generation()).isEqualTo(first);

        table().replace(WEB);
        long second = table().generation();
        changeOthers();
        long third = table().generation();

        assertThat(second).isNotEqualTo(first);
        assertThat(third).isNotEqualTo(second);
        assertThat(table().holds(WEB)).isTrue();
    }

    @Test
    void whatSomeoneElseDidToItShows() {
        table().replace(WEB);

        damage();

        assertThat(table().holds(WEB)).isFalse();
        table().replace(WEB);
        assertThat(table().holds(WEB)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void holdsAnyRules(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 5; i++) {
            PacketRules rules = PacketRulesFixtures.random(random, random.nextInt(60));
            PacketRules others = PacketRulesFixtures.random(random, random.nextInt(60));

            table().replace(rules);

            assertThat(table().holds(rules)).as("rules of seed %s", seed).isTrue();
            assertThat(table().holds(others)).isEqualTo(others.equals(rules));
        }
    }

    @Test
    void thousandsOfDestinationsAreOneTransaction() {
        PacketRules rules = PacketRulesFixtures.random(new Random(9), 3_000);

        table().replace(rules);

        assertThat(table().holds(rules)).isTrue();
    }
}
