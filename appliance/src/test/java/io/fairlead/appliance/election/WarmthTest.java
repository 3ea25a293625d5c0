package io.fairlead.appliance.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.election.ConnectionSync.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmthTest {

    private static final Outcome NO_SYNC = new Outcome(false, false, List.of());
    private static final Outcome SYNC_BEGINS = new Outcome(true, false, List.of());
    private static final Outcome SYNC_RAN = new Outcome(true, true, List.of());

    @Test
    void aStartWaitsForTheFirstVerdicts() {
        assertThat(Warmth.pause(true, NO_SYNC)).isEqualTo(Warmth.CHECKING);
        assertThat(Warmth.pause(true, SYNC_RAN)).isEqualTo(Warmth.CHECKING);
    }

    @Test
    void whoBeginsToLearnOfConnectionsWaitsLonger() {
        assertThat(Warmth.pause(true, SYNC_BEGINS)).isEqualTo(Warmth.WARMING);
        assertThat(Warmth.pause(false, SYNC_BEGINS)).isEqualTo(Warmth.WARMING);
        assertThat(Warmth.WARMING).isGreaterThan(Warmth.CHECKING);
    }

    @Test
    void aReloadBeginsNoWait() {
        assertThat(Warmth.pause(false, NO_SYNC)).isEqualTo(Duration.ZERO);
        assertThat(Warmth.pause(false, SYNC_RAN)).isEqualTo(Duration.ZERO);
    }
}
