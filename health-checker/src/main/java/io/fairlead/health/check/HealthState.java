package io.fairlead.health.check;

import io.fairlead.core.policy.Health;
import io.fairlead.core.policy.Verdict;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the checks of one target add up to so far.
 *
 * @param passesInARow 0 if the last check that counted failed; stops at {@link Integer#MAX_VALUE}
 * @param failuresInARow 0 if the last check that counted passed; stops at {@link Integer#MAX_VALUE}
 * @param lastResult empty before the first; may be an {@link FailureReason#OWN_FAULT}, which is in no count
 * @param weight what the last pass asked for in place of the configured weight
 * @param flaps what damping remembers; {@link Flaps#NONE} without it
 */
public record HealthState(
        Health health,
        int passesInARow,
        int failuresInARow,
        Optional<CheckResult> lastResult,
        OptionalInt weight,
        Flaps flaps) {

    /** Nothing asked yet. */
    public static final HealthState UNKNOWN = new HealthState(Health.UNKNOWN, 0, 0, Optional.empty());

    /** Healthy because nobody asks, or before anybody has. */
    public static final HealthState UNCHECKED = new HealthState(Health.HEALTHY, 0, 0, Optional.empty());

    /** A state without a weight of its own and without a fall. */
    public HealthState(Health health, int passesInARow, int failuresInARow, Optional<CheckResult> lastResult) {
        this(health, passesInARow, failuresInARow, lastResult, OptionalInt.empty(), Flaps.NONE);
    }

    public HealthState {
        if (passesInARow < 0 || failuresInARow < 0 || (passesInARow > 0 && failuresInARow > 0)) {
            throw new IllegalArgumentException(
                    "%d passes and %d failures in a row (expected: one of them 0, none negative)"
                            .formatted(passesInARow, failuresInARow));
        }
    }

    /** Returns the state of {@code target} before its first result: known where nothing is asked, or where the spec says so. */
    public static HealthState initial(CheckTarget target) {
        return target.spec().probe() instanceof NoProbeSpec || target.spec().initialState() == InitialState.UP
                ? UNCHECKED
                : UNKNOWN;
    }

    /** Returns what counts for others. */
    public Verdict verdict() {
        return health == Health.HEALTHY && weight.isPresent() ? new Verdict(health, weight) : Verdict.of(health);
    }

    /** Returns whether {@code other} says the same to others: without allocation, as each result asks. */
    public boolean hasVerdictOf(HealthState other) {
        return health == other.health && (health != Health.HEALTHY || weight.equals(other.weight));
    }
}
