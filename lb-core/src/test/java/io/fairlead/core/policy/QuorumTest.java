package io.fairlead.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.policy.Quorum.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuorumTest {

    @ParameterizedTest
    @CsvSource({
        // quorum 5, hysteresis 2: gained at 7, lost below 3; 10 configured
        "LOST, 6, 0, LOST",
        "LOST, 7, 0, HELD",
        "HELD, 3, 0, HELD",
        "HELD, 2, 0, LOST",
        // the first decision knows no past, so it has no slack
        "UNDECIDED, 5, 5, HELD",
        "UNDECIDED, 4, 1, UNDECIDED",
        "UNDECIDED, 4, 0, LOST",
        "UNDECIDED, 0, 10, UNDECIDED",
    })
    void isGainedAboveAndLostBelowByTheHysteresis(State before, long live, long waiting, State after) {
        assertThat(new Quorum(5, 2).next(before, live, waiting, 10)).isEqualTo(after);
    }

    @Test
    void isLostWithTheLastLiveWeightWhateverTheHysteresis() {
        assertThat(new Quorum(3, 2).next(State.HELD, 1, 0, 9)).isEqualTo(State.HELD);
        assertThat(new Quorum(3, 2).next(State.HELD, 0, 0, 9)).isEqualTo(State.LOST);
        assertThat(Quorum.ONE.next(State.HELD, 0, 9, 9)).isEqualTo(State.LOST);
    }

    @Test
    void isNoMoreThanAllConfiguredWeights() {
        assertThat(new Quorum(100, 0).next(State.LOST, 4, 0, 4)).isEqualTo(State.HELD);
        assertThat(new Quorum(100, 0).next(State.HELD, 3, 0, 4)).isEqualTo(State.LOST);
    }

    @Test
    void canAlwaysBeLostAndGainedAgain() {
        // A hysteresis as large as the quorum counts as one less ...
        assertThat(new Quorum(2, 7).next(State.HELD, 1, 0, 9)).isEqualTo(State.HELD);
        // ... and what gains it is no more than there can be.
        assertThat(new Quorum(4, 3).next(State.LOST, 5, 0, 5)).isEqualTo(State.HELD);
    }

    @Test
    void ofAPoolWithoutWeightsIsNeverHeld() {
        assertThat(Quorum.ONE.next(State.LOST, 0, 0, 0)).isEqualTo(State.LOST);
        assertThat(Quorum.ONE.next(State.UNDECIDED, 0, 0, 0)).isEqualTo(State.LOST);
    }

    @Test
    void refusesWhatMeansNothing() {
        assertThatThrownBy(() -> new Quorum(0, 0)).hasMessage("quorum 0, hysteresis 0 (expected: from 1, from 0)");
    }
}
