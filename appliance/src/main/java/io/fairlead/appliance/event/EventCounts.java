package io.fairlead.appliance.event;

import java.util.Map;

/**
 * How many events were told of since the start.
 *
 * @param told by their kind; every kind has its entry
 * @param lost that found no room, and are in none of the others
 */
public record EventCounts(Map<EventKind, Long> told, long lost) {

    public EventCounts {
        told = Map.copyOf(told);
    }
}
