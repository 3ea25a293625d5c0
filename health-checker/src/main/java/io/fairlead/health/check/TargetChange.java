package io.fairlead.health.check;

import java.util.Set;

/**
 * What is to be checked from now on that was not before, and what not any more. A difference, so that one change among
 * thousands of targets costs one.
 */
public record TargetChange(Set<CheckTarget> begun, Set<CheckTarget> ended) {

    public TargetChange {
        begun = Set.copyOf(begun);
        ended = Set.copyOf(ended);
    }

    /** Returns the change from checking nothing. */
    public static TargetChange begin(Set<CheckTarget> targets) {
        return new TargetChange(targets, Set.of());
    }

    /** Returns whether all stays as it was. */
    public boolean isEmpty() {
        return begun.isEmpty() && ended.isEmpty();
    }
}
