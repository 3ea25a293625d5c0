package io.fairlead.health.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.health.netty.ProbeGate.Standing;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbeGateTest {

    private final CheckTally tally = new CheckTally();
    private final List<String> begun = new ArrayList<>();

    private record Entrant(String name, Standing standing, List<String> begun) implements ProbeGate.Entrant {
        @Override
        public void begin() {
            begun.add(name);
        }
    }

    private Entrant entrant(String name, Standing standing) {
        return new Entrant(name, standing, begun);
    }

    private void enter(ProbeGate gate, Standing standing, int count) {
        for (int i = 0; i < count; i++) {
            gate.enter(entrant(standing + "-" + i, standing));
        }
    }

    @Test
    void thoseThatFailedHaveHalfOfThePlaces() {
        ProbeGate gate = new ProbeGate(8, tally);

        enter(gate, Standing.FAILED, 100);

        assertThat(gate.open()).isEqualTo(4);
        assertThat(tally.read(0).delayed()).isEqualTo(96);
    }

    @Test
    void thoseThatHaveNotAnsweredYetHaveAQuarterBesideThem() {
        ProbeGate gate = new ProbeGate(8, tally);

        enter(gate, Standing.FAILED, 100);
        enter(gate, Standing.NEW, 100);
        assertThat(gate.open()).isEqualTo(6);

        enter(gate, Standing.PASSED, 100);
        assertThat(gate.open()).isEqualTo(8);
        assertThat(begun.stream().filter(name -> name.startsWith("PASSED"))).hasSize(2);
    }

    @Test
    void thoseThatPassedMayHaveEveryPlace() {
        ProbeGate gate = new ProbeGate(8, tally);

        enter(gate, Standing.PASSED, 100);

        assertThat(gate.open()).isEqualTo(8);
    }

    @Test
    void whoHasWaitedLongestIsNextOfThoseForWhomThereIsAPlace() {
        ProbeGate gate = new ProbeGate(4, tally);
        enter(gate, Standing.PASSED, 4);
        gate.enter(entrant("failed", Standing.FAILED));
        gate.enter(entrant("passed", Standing.PASSED));
        gate.enter(entrant("failed too", Standing.FAILED));
        begun.clear();

        gate.leave(Standing.PASSED);
        assertThat(begun).containsExactly("failed");
        gate.leave(Standing.PASSED);
        gate.leave(Standing.PASSED);
        assertThat(begun).containsExactly("failed", "passed", "failed too");
    }

    @Test
    void aBoundOfOneServesAllInTurn() {
        ProbeGate gate = new ProbeGate(1, tally);
        enter(gate, Standing.FAILED, 2);
        gate.enter(entrant("new", Standing.NEW));
        gate.enter(entrant("passed", Standing.PASSED));
        begun.clear();

        gate.leave(Standing.FAILED);
        gate.leave(Standing.FAILED);
        gate.leave(Standing.NEW);

        assertThat(begun).containsExactly("FAILED-1", "new", "passed");
    }

    @Test
    void whoIsForgottenIsNotBegun() {
        ProbeGate gate = new ProbeGate(1, tally);
        Entrant first = entrant("first", Standing.NEW);
        Entrant second = entrant("second", Standing.NEW);
        gate.enter(first);
        gate.enter(second);
        gate.enter(entrant("third", Standing.PASSED));

        gate.forget(second);
        gate.forget(first); // has begun: nothing to forget
        gate.leave(Standing.NEW);

        assertThat(begun).containsExactly("first", "third");
        assertThat(gate.open()).isEqualTo(1);
    }
}
