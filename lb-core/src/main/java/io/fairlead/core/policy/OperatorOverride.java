package io.fairlead.core.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an operator said about one real server at run time. It outlives reloads and restarts.
 *
 * @param weight takes the place of the configured weight and of one from a check
 * @param drainTimeout how long a drain may last, from when it began; empty for that of the virtual server
 */
public record OperatorOverride(AdminState state, OptionalInt weight, Optional<Duration> drainTimeout) {

    public static final OperatorOverride NONE =
            new OperatorOverride(AdminState.ENABLED, OptionalInt.empty(), Optional.empty());

    /** Returns the same with another state. */
    public OperatorOverride withState(AdminState newState, Optional<Duration> newDrainTimeout) {
        return new OperatorOverride(newState, weight, newDrainTimeout);
    }

    /** Returns the same with another weight. */
    public OperatorOverride withWeight(OptionalInt newWeight) {
        return new OperatorOverride(state, newWeight, drainTimeout);
    }

    /** Returns it for people, such as {@code drained within 60 s, weight 5}. */
    public String text() {
        StringBuilder text = new StringBuilder(state.configName());
        drainTimeout.ifPresent(
                timeout -> text.append(" within ").append(timeout.toSeconds()).append(" s"));
        weight.ifPresent(number -> text.append(", weight ").append(number));
        return text.toString();
    }
}
