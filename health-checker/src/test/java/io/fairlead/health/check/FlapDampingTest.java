package io.fairlead.health.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.policy.Health;
import io.fairlead.core.time.MonotonicInstant;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FlapDampingTest {

    private static final FlapDamping DAMPING =
            new FlapDamping(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(5));
    private static final CheckSpec SPEC = new CheckSpec(
            new TcpProbeSpec(),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            1,
            1,
            InitialState.WAIT,
            Optional.of(DAMPING));
    private static final CheckResult PASSED = new CheckResult.Passed(Duration.ofMillis(1), "connected");
    private static final CheckResult FAILED =
            new CheckResult.Failed(FailureReason.REFUSED, "connection refused", Duration.ofMillis(1));

    private MonotonicInstant now = new MonotonicInstant(Long.MAX_VALUE - 5); // overflows on the way
    private HealthState state = HealthState.UNKNOWN;

    private void check(CheckResult result) {
        state = HealthStateMachine.step(state, result, SPEC, now);
    }

    private void after(Duration time) {
        now = now.plus(time);
    }

    private void fall() {
        check(PASSED);
        assertThat(state.health()).isEqualTo(Health.HEALTHY);
        check(FAILED);
        assertThat(state.health()).isEqualTo(Health.UNHEALTHY);
    }

    @Test
    void holdDoublesWithEveryFallAfterTheFirstUpToItsBound() {
        assertThat(DAMPING.hold(1)).isZero();
        assertThat(DAMPING.hold(2)).isEqualTo(Duration.ofSeconds(10));
        assertThat(DAMPING.hold(3)).isEqualTo(Duration.ofSeconds(20));
        assertThat(DAMPING.hold(4)).isEqualTo(Duration.ofSeconds(40));
        assertThat(DAMPING.hold(5)).isEqualTo(Duration.ofMinutes(1));
        assertThat(DAMPING.hold(Integer.MAX_VALUE)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void theFirstFallCostsNothing() {
        fall();

        check(PASSED);

        assertThat(state.health()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void theSecondFallIsHeldDownWhateverPassesUntilItsTime() {
        fall();
        fall();

        after(Duration.ofSeconds(10).minusNanos(1));
        check(PASSED);
        assertThat(state.health()).isEqualTo(Health.UNHEALTHY);
        assertThat(state.passesInARow()).isEqualTo(1);
        assertThat(state.flaps().holdsDown(now)).isTrue();

        after(Duration.ofNanos(1));
        check(PASSED);
        assertThat(state.health()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void aFallAfterALongTimeOfHealthIsAFirstAgain() {
        fall();
        fall();
        after(Duration.ofSeconds(10));
        check(PASSED);
        after(Duration.ofMinutes(5));

        check(FAILED);

        assertThat(state.flaps().falls()).isEqualTo(1);
        check(PASSED);
        assertThat(state.health()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void timeSpentUnhealthyForgetsNothing() {
        fall();
        after(Duration.ofHours(1));

        fall();

        assertThat(state.flaps().falls()).isEqualTo(2);
    }

    @Test
    void failuresBeforeTheFirstHealthAreNoFall() {
        check(FAILED);

        assertThat(state.flaps()).isEqualTo(Flaps.NONE);
    }

    @Test
    void refusesTimesOutOfRange() {
        assertThatThrownBy(() -> new FlapDamping(Duration.ofMillis(999), Duration.ofMinutes(1), Duration.ofMinutes(1)))
                .hasMessage("hold-down PT0.999S (expected: PT1S..PT1H)");
        assertThatThrownBy(() -> new FlapDamping(Duration.ofSeconds(10), Duration.ofSeconds(9), Duration.ofMinutes(1)))
                .hasMessage("hold-down max PT9S (expected: PT10S..PT24H)");
    }
}
