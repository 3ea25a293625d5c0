package io.fairlead.health.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.policy.Health;
import io.fairlead.core.policy.Verdict;
import io.fairlead.core.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HealthStateMachineTest {

    private static final CheckResult PASSED = new CheckResult.Passed(Duration.ofMillis(1), "connected");
    private static final CheckResult FAILED =
            new CheckResult.Failed(FailureReason.REFUSED, "connection refused", Duration.ofMillis(1));
    private static final CheckResult OWN_FAULT =
            new CheckResult.Failed(FailureReason.OWN_FAULT, "not asked: no free port", Duration.ofMillis(1));

    private static final MonotonicInstant NOW = new MonotonicInstant(Long.MAX_VALUE - 5); // overflows on the way

    private static CheckSpec riseFall(int rise, int fall) {
        return new CheckSpec(new TcpProbeSpec(), Duration.ofSeconds(1), Duration.ofSeconds(1), rise, fall);
    }

    private static HealthState after(HealthState start, CheckSpec spec, CheckResult... results) {
        HealthState state = start;
        for (CheckResult result : results) {
            state = HealthStateMachine.step(state, result, spec, NOW);
        }
        return state;
    }

    private static HealthState of(Health health) {
        return new HealthState(health, 0, 0, Optional.empty());
    }

    @Nested
    class WhenUnknown {

        @Test
        void firstPassMakesItHealthyWhateverRiseIs() {
            assertThat(after(HealthState.UNKNOWN, riseFall(5, 3), PASSED).health())
                    .isEqualTo(Health.HEALTHY);
        }

        @Test
        void staysUnknownBelowFall() {
            assertThat(after(HealthState.UNKNOWN, riseFall(1, 3), FAILED, FAILED)
                            .health())
                    .isEqualTo(Health.UNKNOWN);
        }

        @Test
        void becomesUnhealthyAtFall() {
            assertThat(after(HealthState.UNKNOWN, riseFall(1, 3), FAILED, FAILED, FAILED)
                            .health())
                    .isEqualTo(Health.UNHEALTHY);
        }
    }

    @Nested
    class WhenHealthy {

        @Test
        void becomesUnhealthyAtFallAndNotBefore() {
            CheckSpec spec = riseFall(2, 3);

            assertThat(after(of(Health.HEALTHY), spec, FAILED, FAILED).health()).isEqualTo(Health.HEALTHY);
            assertThat(after(of(Health.HEALTHY), spec, FAILED, FAILED, FAILED).health())
                    .isEqualTo(Health.UNHEALTHY);
        }

        @Test
        void onePassForgivesTheFailuresBefore() {
            assertThat(after(of(Health.HEALTHY), riseFall(2, 3), FAILED, FAILED, PASSED, FAILED, FAILED)
                            .health())
                    .isEqualTo(Health.HEALTHY);
        }
    }

    @Nested
    class WhenUnhealthy {

        @Test
        void becomesHealthyAtRiseAndNotBefore() {
            CheckSpec spec = riseFall(2, 3);

            assertThat(after(of(Health.UNHEALTHY), spec, PASSED).health()).isEqualTo(Health.UNHEALTHY);
            assertThat(after(of(Health.UNHEALTHY), spec, PASSED, PASSED).health())
                    .isEqualTo(Health.HEALTHY);
        }

        @Test
        void oneFailureStartsTheRiseAgain() {
            assertThat(after(of(Health.UNHEALTHY), riseFall(2, 3), PASSED, FAILED, PASSED)
                            .health())
                    .isEqualTo(Health.UNHEALTHY);
        }
    }

    @Nested
    class ByInitialState {

        private static CheckSpec initially(InitialState state) {
            Duration second = Duration.ofSeconds(1);
            return new CheckSpec(new TcpProbeSpec(), second, second, second, 2, 3, state, Optional.empty());
        }

        private static HealthState initial(InitialState state) {
            return HealthState.initial(new CheckTarget(ServerAddress.parse("198.51.100.1:80"), initially(state)));
        }

        @Test
        void upIsHealthyBeforeAnythingWasAskedAndFallsAsAnyOther() {
            HealthState start = initial(InitialState.UP);

            assertThat(start.health()).isEqualTo(Health.HEALTHY);
            assertThat(after(start, initially(InitialState.UP), FAILED, FAILED).health())
                    .isEqualTo(Health.HEALTHY);
            assertThat(after(start, initially(InitialState.UP), FAILED, FAILED, FAILED)
                            .health())
                    .isEqualTo(Health.UNHEALTHY);
        }

        @Test
        void downMustRiseAsAfterAFailure() {
            HealthState start = initial(InitialState.DOWN);

            assertThat(start.health()).isEqualTo(Health.UNKNOWN);
            assertThat(after(start, initially(InitialState.DOWN), PASSED).health())
                    .isEqualTo(Health.UNKNOWN);
            assertThat(after(start, initially(InitialState.DOWN), PASSED, PASSED)
                            .health())
                    .isEqualTo(Health.HEALTHY);
        }

        @Test
        void waitingTakesTheFirstPass() {
            assertThat(after(initial(InitialState.WAIT), initially(InitialState.WAIT), PASSED)
                            .health())
                    .isEqualTo(Health.HEALTHY);
        }
    }

    @Test
    void theWeightIsThatOfTheLastPass() {
        CheckSpec spec = riseFall(1, 2);
        CheckResult seven = new CheckResult.Passed(Duration.ofMillis(1), "exit code 9", OptionalInt.of(7));

        assertThat(after(HealthState.UNKNOWN, spec, seven).verdict())
                .isEqualTo(new Verdict(Health.HEALTHY, OptionalInt.of(7)));
        assertThat(after(HealthState.UNKNOWN, spec, seven, FAILED).verdict().weight())
                .hasValue(7);
        assertThat(after(HealthState.UNKNOWN, spec, seven, FAILED, FAILED).verdict())
                .isEqualTo(Verdict.UNHEALTHY);
        assertThat(after(HealthState.UNKNOWN, spec, seven, PASSED).verdict()).isEqualTo(Verdict.HEALTHY);
    }

    @Test
    void theVerdictIsAnotherWhereTheWeightIs() {
        HealthState healthy = of(Health.HEALTHY);
        HealthState weighed = new HealthState(Health.HEALTHY, 1, 0, Optional.empty(), OptionalInt.of(7), Flaps.NONE);
        HealthState fallen = new HealthState(Health.UNHEALTHY, 0, 1, Optional.empty(), OptionalInt.of(7), Flaps.NONE);

        assertThat(weighed.hasVerdictOf(healthy)).isFalse();
        assertThat(weighed.hasVerdictOf(weighed)).isTrue();
        assertThat(fallen.hasVerdictOf(of(Health.UNHEALTHY))).isTrue();
    }

    @Test
    void ownFaultIsShownButMovesNothing() {
        CheckSpec spec = riseFall(1, 1);
        HealthState before = after(HealthState.UNKNOWN, spec, PASSED, PASSED);

        HealthState now = after(before, spec, OWN_FAULT, OWN_FAULT);

        assertThat(now).isEqualTo(new HealthState(Health.HEALTHY, 2, 0, Optional.of(OWN_FAULT)));
    }

    @Test
    void countsStopAtTheirMaximum() {
        HealthState state = new HealthState(Health.HEALTHY, Integer.MAX_VALUE, 0, Optional.empty());

        assertThat(after(state, riseFall(1, 1), PASSED).passesInARow()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void bothCountsAtOnceAreRefused() {
        assertThatThrownBy(() -> new HealthState(Health.HEALTHY, 1, 2, Optional.empty()))
                .hasMessage("1 passes and 2 failures in a row (expected: one of them 0, none negative)");
    }

    @Test
    void isHealthyFromTheStartWhereNothingIsAsked() {
        CheckSpec spec = new CheckSpec(new NoProbeSpec(), Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1);

        assertThat(HealthState.initial(new CheckTarget(ServerAddress.parse("[2001:db8::1]:0"), spec)))
                .isEqualTo(HealthState.UNCHECKED);
        assertThat(HealthState.initial(new CheckTarget(ServerAddress.parse("192.0.2.1:80"), riseFall(1, 1))))
                .isEqualTo(HealthState.UNKNOWN);
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    /** The model knows the whole history and no state: it looks back from each result. */
    @ParameterizedTest
    @MethodSource("seeds")
    void agreesWithAModelThatLooksBack(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        CheckSpec spec = riseFall(random.nextInt(1, 6), random.nextInt(1, 6));
        double passShare = random.nextDouble();
        HealthState state = HealthState.UNKNOWN;
        List<Boolean> history = new ArrayList<>();
        Health expected = Health.UNKNOWN;

        for (int i = 0; i < 200; i++) {
            boolean ownFault = random.nextInt(10) == 0;
            boolean pass = random.nextDouble() < passShare;
            state = HealthStateMachine.step(state, ownFault ? OWN_FAULT : pass ? PASSED : FAILED, spec, NOW);
            if (!ownFault) {
                history.add(pass);
                expected = look(expected, history, spec);
            }

            assertThat(state.health()).as("seed %d, after %s", seed, history).isEqualTo(expected);
            assertThat(state.passesInARow()).isEqualTo(lastInARow(history, true));
            assertThat(state.failuresInARow()).isEqualTo(lastInARow(history, false));
        }
    }

    private static Health look(Health before, List<Boolean> history, CheckSpec spec) {
        if (lastInARow(history, false) >= spec.fall()) {
            return Health.UNHEALTHY;
        }
        if (lastInARow(history, true) >= (before == Health.UNHEALTHY ? spec.rise() : 1)) {
            return Health.HEALTHY;
        }
        return before;
    }

    private static int lastInARow(List<Boolean> history, boolean what) {
        int count = 0;
        for (boolean pass : history.reversed()) {
            if (pass != what) {
                break;
            }
            count++;
        }
        return count;
    }
}
