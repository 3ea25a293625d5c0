package io.fairlead.appliance.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.policy.DrainCause;
import io.fairlead.core.policy.MemberState;
import io.fairlead.core.policy.PoolState;
import io.fairlead.core.policy.Quorum;
import io.fairlead.core.policy.VirtualServerSpec;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoolChangesTest {

    private static final MonotonicInstant NOW = Ticker.system().now();
    private static final VirtualServerSpec WEB =
            Configs.configured(1, Configs.realServer(1, 1)).spec();
    private static final RealServerKey FIRST = WEB.realServers().getFirst().key();

    private final List<String> told = new ArrayList<>();
    private final PoolChanges changes = new PoolChanges((kind, subject, change, cause) ->
            told.add(kind.configName() + " " + subject.get().name() + " " + change + ": " + cause));

    private static PoolState state(Quorum.State quorum) {
        return new PoolState(quorum, Map.of());
    }

    private static PoolState draining(DrainCause cause, Duration left) {
        return new PoolState(
                Quorum.State.HELD,
                Map.of(FIRST, new MemberState.Draining(cause, NOW, NOW.plus(left), NOW, Optional.empty())));
    }

    @Test
    void tellsOfALostQuorumAndOfItsReturnButNotOfAStart() {
        changes.tell(WEB, state(Quorum.State.UNDECIDED), state(Quorum.State.HELD), NOW);
        changes.tell(WEB, state(Quorum.State.HELD), state(Quorum.State.LOST), NOW);
        changes.tell(WEB, state(Quorum.State.LOST), state(Quorum.State.HELD), NOW);

        assertThat(told)
                .containsExactly(
                        "pool " + WEB.name() + " quorum lost: too few of its real servers are healthy",
                        "pool " + WEB.name() + " quorum held again: enough of its real servers are healthy");
    }

    @Test
    void tellsHowADrainBeganAndEnded() {
        String name = WEB.name() + "/" + WEB.realServers().getFirst().name();
        PoolState drains = draining(DrainCause.REMOVED, Duration.ofSeconds(60));
        changes.tell(WEB, state(Quorum.State.HELD), drains, NOW);
        changes.tell(WEB, drains, drains, NOW);
        changes.tell(WEB, drains, state(Quorum.State.HELD), NOW);
        changes.tell(WEB, draining(DrainCause.REMOVED, Duration.ZERO), state(Quorum.State.HELD), NOW);
        changes.tell(WEB, draining(DrainCause.OPERATOR, Duration.ofSeconds(60)), state(Quorum.State.HELD), NOW);

        assertThat(told)
                .containsExactly(
                        "pool " + name + " drains: it is not in the configuration",
                        "pool " + name + " drained: its connections have ended",
                        "pool " + name + " drained: its time to drain was over",
                        "pool " + name + " drains no more: is in service again");
    }
}
