package io.fairlead.health.check;

import io.fairlead.core.policy.Health;
import java.util.Optional;

/**
 * Adds check results up to a verdict. Pure: no clock, no I/O, no logging.
 *
 * <pre>
 * from       result       guard                       to          why
 * ---------  -----------  --------------------------  ----------  ------------------------------------------------
 * any        own fault                                unchanged   nothing was learnt; both counts stand still
 * UNKNOWN    passed                                   HEALTHY     the policy gave it no new traffic before; no need to wait
 * UNKNOWN    failed       failures in a row &lt; fall    UNKNOWN     found in a running table: one lost probe is no proof
 * UNKNOWN    failed       failures in a row &gt;= fall   UNHEALTHY
 * HEALTHY    passed                                   HEALTHY
 * HEALTHY    failed       failures in a row &lt; fall    HEALTHY
 * HEALTHY    failed       failures in a row &gt;= fall   UNHEALTHY
 * UNHEALTHY  failed                                   UNHEALTHY
 * UNHEALTHY  passed       passes in a row &lt; rise      UNHEALTHY
 * UNHEALTHY  passed       passes in a row &gt;= rise     HEALTHY
 * </pre>
 */
public final class HealthStateMachine {

    private HealthStateMachine() {}

    /** Returns the state that follows {@code state} when a check by {@code spec} ends in {@code result}. */
    public static HealthState step(HealthState state, CheckResult result, CheckSpec spec) {
        return switch (result) {
            case CheckResult.Passed passed -> passed(state, passed, spec);
            case CheckResult.Failed failed
            when failed.reason() == FailureReason.OWN_FAULT ->
                new HealthState(state.health(), state.passesInARow(), state.failuresInARow(), Optional.of(failed));
            case CheckResult.Failed failed -> failed(state, failed, spec);
        };
    }

    private static HealthState passed(HealthState state, CheckResult.Passed result, CheckSpec spec) {
        int passes = increment(state.passesInARow());
        Health health = switch (state.health()) {
            case UNKNOWN, HEALTHY -> Health.HEALTHY;
            case UNHEALTHY -> passes >= spec.rise() ? Health.HEALTHY : Health.UNHEALTHY;
        };
        return new HealthState(health, passes, 0, Optional.of(result));
    }

    private static HealthState failed(HealthState state, CheckResult.Failed result, CheckSpec spec) {
        int failures = increment(state.failuresInARow());
        Health health = failures >= spec.fall() ? Health.UNHEALTHY : state.health();
        return new HealthState(health, 0, failures, Optional.of(result));
    }

    private static int increment(int count) {
        return count == Integer.MAX_VALUE ? count : count + 1;
    }
}
