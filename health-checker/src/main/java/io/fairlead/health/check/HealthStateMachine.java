package io.fairlead.health.check;

import io.fairlead.core.policy.Health;
import io.fairlead.core.time.MonotonicInstant;
import java.util.Optional;

/**
 * Adds check results up to a verdict. Pure: no clock, no I/O, no logging.
 *
 * <pre>
 * from       result       guard                         to          why
 * ---------  -----------  ----------------------------  ----------  ------------------------------------------------
 * any        own fault                                  unchanged   nothing was learnt; both counts stand still
 * UNKNOWN    passed       initial state is not DOWN     HEALTHY     the policy gave it no new traffic before; no need to wait
 * UNKNOWN    passed       DOWN, passes in a row &lt; rise  UNKNOWN
 * UNKNOWN    passed       passes in a row &gt;= rise       HEALTHY
 * UNKNOWN    failed       failures in a row &lt; fall      UNKNOWN     found in a running table: one lost probe is no proof
 * UNKNOWN    failed       failures in a row &gt;= fall     UNHEALTHY
 * HEALTHY    passed                                     HEALTHY
 * HEALTHY    failed       failures in a row &lt; fall      HEALTHY
 * HEALTHY    failed       failures in a row &gt;= fall     UNHEALTHY   a fall, which damping counts
 * UNHEALTHY  failed                                     UNHEALTHY
 * UNHEALTHY  passed       passes in a row &lt; rise        UNHEALTHY
 * UNHEALTHY  passed       held down by damping          UNHEALTHY   the passes count on meanwhile
 * UNHEALTHY  passed       passes in a row &gt;= rise       HEALTHY
 * </pre>
 */
public final class HealthStateMachine {

    private HealthStateMachine() {}

    /** Returns the state that follows {@code state} when a check by {@code spec} ends in {@code result} at {@code now}. */
    public static HealthState step(HealthState state, CheckResult result, CheckSpec spec, MonotonicInstant now) {
        return switch (result) {
            case CheckResult.Passed passed -> passed(state, passed, spec, now);
            case CheckResult.Failed failed
            when failed.reason() == FailureReason.OWN_FAULT ->
                new HealthState(
                        state.health(),
                        state.passesInARow(),
                        state.failuresInARow(),
                        Optional.of(failed),
                        state.weight(),
                        state.flaps());
            case CheckResult.Failed failed -> failed(state, failed, spec, now);
        };
    }

    private static HealthState passed(
            HealthState state, CheckResult.Passed result, CheckSpec spec, MonotonicInstant now) {
        int passes = increment(state.passesInARow());
        Health health = switch (state.health()) {
            case HEALTHY -> Health.HEALTHY;
            case UNKNOWN ->
                spec.initialState() != InitialState.DOWN || passes >= spec.rise() ? Health.HEALTHY : Health.UNKNOWN;
            case UNHEALTHY ->
                passes >= spec.rise() && !state.flaps().holdsDown(now) ? Health.HEALTHY : Health.UNHEALTHY;
        };
        boolean rose = health == Health.HEALTHY && state.health() != Health.HEALTHY;
        Flaps flaps = rose ? state.flaps().rose(now) : state.flaps();
        return new HealthState(health, passes, 0, Optional.of(result), result.weight(), flaps);
    }

    private static HealthState failed(
            HealthState state, CheckResult.Failed result, CheckSpec spec, MonotonicInstant now) {
        int failures = increment(state.failuresInARow());
        Health health = failures >= spec.fall() ? Health.UNHEALTHY : state.health();
        boolean fell = health == Health.UNHEALTHY && state.health() == Health.HEALTHY;
        Flaps flaps =
                fell && spec.damping().isPresent() ? spec.damping().get().fell(state.flaps(), now) : state.flaps();
        return new HealthState(health, 0, failures, Optional.of(result), state.weight(), flaps);
    }

    private static int increment(int count) {
        return count == Integer.MAX_VALUE ? count : count + 1;
    }
}
