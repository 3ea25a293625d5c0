package io.fairlead.core.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.testing.FakeConntrack;
import io.fairlead.core.kernel.testing.FakePacketRuleTable;
import io.fairlead.core.model.PacketRules;
import io.fairlead.core.model.PacketRulesFixtures;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PacketRuleFollowerTest {

    private static final PacketRules WEB =
            PacketRulesFixtures.marking(PacketRulesFixtures.tcp("192.0.2.10", "8000-8099"), 7);
    private static final PacketRules TRANSLATED = new PacketRules(
            new TreeMap<>(), new TreeSet<>(List.of(PacketRulesFixtures.tcp("192.0.2.10", "80"))), new TreeMap<>());

    private final FakePacketRuleTable table = new FakePacketRuleTable();
    private final FakeConntrack conntrack = new FakeConntrack();
    private final PacketRuleFollower follower = new PacketRuleFollower(table, conntrack);

    @Test
    void writesWhatIsWantedAndThenNothing() {
        assertThat(follower.follow(WEB)).isTrue();
        assertThat(follower.follow(WEB)).isFalse();
        assertThat(follower.restore()).isFalse();

        assertThat(table.held()).isEqualTo(WEB);
        assertThat(table.writes()).isEqualTo(1);
        assertThat(table.reads()).as("reads while nobody changes any rule").isEqualTo(1);
        assertThat(follower.stands()).isTrue();
    }

    @Test
    void adoptsWhatAnEarlierRunLeft() {
        table.replace(WEB);

        assertThat(follower.follow(WEB)).isFalse();

        assertThat(table.writes()).isEqualTo(1);
    }

    @Test
    void leavesEverythingUntilItIsKnownWhatIsWanted() {
        table.replace(WEB);

        assertThat(follower.restore()).isFalse();

        assertThat(table.held()).isEqualTo(WEB);
    }

    @Test
    void removesATableThatNobodyWantsAnyMore() {
        table.replace(WEB);

        assertThat(follower.follow(PacketRules.NONE)).isTrue();

        assertThat(table.held()).isEqualTo(PacketRules.NONE);
    }

    @Test
    void leavesTheTableAloneWhenOthersChangeTheirs() {
        follower.follow(WEB);
        table.changeOthers();

        assertThat(follower.restore()).isFalse();

        assertThat(table.writes()).isEqualTo(1);
    }

    @Test
    void mendsWhatOthersChange() {
        follower.follow(WEB);
        table.damage();

        assertThat(follower.restore()).isTrue();

        assertThat(table.holds(WEB)).isTrue();
    }

    @Test
    void aRefusalIsTriedAgain() {
        table.refuse(Errno.ENOMEM);

        assertThatThrownBy(() -> follower.follow(WEB)).isInstanceOf(ErrnoException.class);
        assertThat(follower.stands()).isFalse();
        table.accept();

        assertThat(follower.restore()).isTrue();
        assertThat(follower.stands()).isTrue();
    }

    @Test
    void turnsConnectionTrackingOnForSourceNatOnly() {
        follower.follow(WEB);
        assertThat(conntrack.isOn()).isFalse();

        follower.follow(TRANSLATED);
        assertThat(conntrack.isOn()).isTrue();
        conntrack.turnOff();

        assertThat(follower.restore()).isTrue();
        assertThat(conntrack.isOn()).isTrue();
    }
}
