package io.fairlead.health.netty;

import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.HealthState;

/** Who wants to know that a verdict has changed. */
@FunctionalInterface
public interface HealthListener {

    /**
     * Called when the health of {@code target}, or the weight that it asks for, has become another, and only then; {@code now}
     * carries the result that decided. Runs on the thread of the checks, one call at a time and in order for each target: it must return at once
     * (put an event into a queue), as no probe goes on meanwhile. What it throws is logged and changes nothing.
     */
    void healthChanged(CheckTarget target, HealthState previous, HealthState now);

    /** Called when {@code target} is not checked any more, in order after the last change told of it; on the same thread. */
    default void ended(CheckTarget target) {}
}
