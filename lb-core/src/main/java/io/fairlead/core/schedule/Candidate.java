package io.fairlead.core.schedule;

import io.fairlead.core.model.RealServerKey;

/**
 * A real server as a scheduler sees it.
 *
 * @param weight now
 * @param lastWeight the last weight that was not 0, which {@code mh} goes by ({@code last_weight}); 0 if it never had one
 * @param overloaded whether it has reached its upper threshold
 */
public record Candidate(RealServerKey key, int weight, int lastWeight, boolean overloaded) {

    /** Returns whether a scheduler would give it a new connection. */
    boolean isAvailable() {
        return weight > 0 && !overloaded;
    }
}
