package io.fairlead.ha.shared;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * What one peer's checks say about one subject.
 *
 * @param sinceNanos when that began, on the clock of who holds this
 * @param startedNanos when its slow start began, on the same clock; empty if it is not starting
 */
public record HealthClaim(Health health, long sinceNanos, OptionalLong startedNanos) {

    /** The order is the number on the wire. */
    public enum Health {
        UNKNOWN,
        HEALTHY,
        UNHEALTHY;

        /** Returns the word for people and JSON. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
