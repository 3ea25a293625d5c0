package io.fairlead.health.check;

import io.fairlead.core.time.MonotonicInstant;

/**
 * What {@link FlapDamping} remembers of one target.
 *
 * @param falls how often it fell without having been healthy for long in between; 0 before the first
 * @param healthySince when it last became healthy; without meaning while {@code falls} is 0
 * @param heldUntil before that it stays unhealthy; without meaning while {@code falls} is 0
 */
public record Flaps(int falls, MonotonicInstant healthySince, MonotonicInstant heldUntil) {

    private static final MonotonicInstant NEVER = new MonotonicInstant(0);

    /** No fall yet, or nobody damps. */
    public static final Flaps NONE = new Flaps(0, NEVER, NEVER);

    /** Returns whether an unhealthy target may not become healthy yet. */
    public boolean holdsDown(MonotonicInstant now) {
        return falls > 0 && now.isBefore(heldUntil);
    }

    Flaps rose(MonotonicInstant now) {
        return falls == 0 ? this : new Flaps(falls, now, heldUntil);
    }
}
