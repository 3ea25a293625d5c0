package io.fairlead.appliance.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.event.EventSink;
import io.fairlead.core.policy.AdminState;
import io.fairlead.core.policy.OperatorOverride;
import io.fairlead.core.policy.RealServerName;
import io.fairlead.ha.shared.Wishes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Without peers; with them it is told in the lab. */
class SharedKeeperTest {

    private static final RealServerName WEB_1 = new RealServerName("web", "web-1");
    private static final OperatorOverride DRAINED =
            OperatorOverride.NONE.withState(AdminState.DRAINED, Optional.empty());

    private final List<Wishes> remembered = new ArrayList<>();
    private final SharedKeeper keeper = new SharedKeeper(Wishes.NONE, remembered::add, EventSink.NOWHERE);

    @AfterEach
    void close() {
        keeper.close();
    }

    @Test
    void whatAnOperatorSaysIsRemembered() {
        keeper.say(WEB_1, DRAINED);

        try (SharedKeeper later = new SharedKeeper(remembered.getLast(), _ -> {}, EventSink.NOWHERE)) {
            assertThat(later.all()).isEqualTo(Map.of(WEB_1, DRAINED));
        }
        keeper.say(WEB_1, OperatorOverride.NONE);
        assertThat(keeper.all()).isEmpty();
        assertThat(remembered.getLast().all()).isEmpty();
    }

    @Test
    void aWishEndsWithItsRealServerUnlessAPeerMayHaveIt() {
        keeper.say(WEB_1, DRAINED);

        keeper.configured(true, _ -> false);
        assertThat(keeper.all()).containsOnlyKeys(WEB_1);
        keeper.configured(false, _ -> true);
        assertThat(keeper.all()).containsOnlyKeys(WEB_1);
        keeper.configured(false, _ -> false);
        assertThat(keeper.all()).isEmpty();
    }
}
