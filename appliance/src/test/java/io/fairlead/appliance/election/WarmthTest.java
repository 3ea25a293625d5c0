package io.fairlead.appliance.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.election.ConnectionSync.Outcome;
import io.fairlead.core.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmthTest {

    private static final MonotonicInstant START = new MonotonicInstant(-5);
    private static final Outcome NO_SYNC = new Outcome(false, false, List.of());
    private static final Outcome SYNC_BEGINS = new Outcome(true, false, List.of());
    private static final Outcome SYNC_RAN = new Outcome(true, true, List.of());

    private static MonotonicInstant after(Duration duration) {
        return START.plus(duration);
    }

    @Test
    void aStartWaitsUntilEveryCheckHasSpoken() {
        Warmth begun = Warmth.begun(START).after(NO_SYNC, START);

        assertThat(begun.isWarm(after(Warmth.CHECKING))).isFalse();
        assertThat(begun.seen(false).isWarm(after(Duration.ofMinutes(1)))).isFalse();
        assertThat(begun.seen(true).isWarm(after(Warmth.CHECKING))).isTrue();
        assertThat(begun.seen(true).isWarm(after(Warmth.CHECKING.minusNanos(1))))
                .as("the checks may not have begun")
                .isFalse();
    }

    @Test
    void aCheckThatNeverSpeaksIsNotWaitedForForEver() {
        assertThat(Warmth.begun(START).isWarm(after(Warmth.CHECKING_MAX))).isTrue();
    }

    @Test
    void whoBeginsToLearnOfConnectionsWaitsLonger() {
        Warmth begun = Warmth.begun(START).seen(true);

        assertThat(begun.after(SYNC_BEGINS, START).isWarm(after(Warmth.CHECKING)))
                .isFalse();
        assertThat(begun.after(SYNC_BEGINS, START).isWarm(after(Warmth.WARMING)))
                .isTrue();
        assertThat(begun.after(SYNC_RAN, START).isWarm(after(Warmth.CHECKING))).isTrue();
    }

    @Test
    void aReloadThatBeginsSynchronisationWaitsAndAnyOtherDoesNot() {
        Warmth warm = Warmth.begun(START).seen(true);
        MonotonicInstant later = after(Duration.ofHours(1));

        assertThat(warm.after(SYNC_BEGINS, later).isWarm(later)).isFalse();
        assertThat(warm.after(SYNC_RAN, later).isWarm(later)).isTrue();
        assertThat(warm.after(NO_SYNC, later).seen(false).isWarm(later))
                .as("a check that a reload brought")
                .isTrue();
    }
}
