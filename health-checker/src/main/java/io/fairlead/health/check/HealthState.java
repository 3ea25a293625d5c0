package io.fairlead.health.check;

import io.fairlead.core.policy.Health;
import java.util.Optional;

/**
 * What the checks of one target add up to so far.
 *
 * @param passesInARow 0 if the last check that counted failed; stops at {@link Integer#MAX_VALUE}
 * @param failuresInARow 0 if the last check that counted passed; stops at {@link Integer#MAX_VALUE}
 * @param lastResult empty before the first; may be an {@link FailureReason#OWN_FAULT}, which is in no count
 */
public record HealthState(Health health, int passesInARow, int failuresInARow, Optional<CheckResult> lastResult) {

    /** Nothing asked yet. */
    public static final HealthState UNKNOWN = new HealthState(Health.UNKNOWN, 0, 0, Optional.empty());

    /** Healthy because nobody asks. */
    public static final HealthState UNCHECKED = new HealthState(Health.HEALTHY, 0, 0, Optional.empty());

    public HealthState {
        if (passesInARow < 0 || failuresInARow < 0 || (passesInARow > 0 && failuresInARow > 0)) {
            throw new IllegalArgumentException(
                    "%d passes and %d failures in a row (expected: one of them 0, none negative)"
                            .formatted(passesInARow, failuresInARow));
        }
    }

    /** Returns the state of {@code target} before its first result: known only where nothing is asked. */
    public static HealthState initial(CheckTarget target) {
        return target.spec().probe() instanceof NoProbeSpec ? UNCHECKED : UNKNOWN;
    }
}
