package io.fairlead.appliance.admin;

import io.fairlead.appliance.event.Event;
import java.util.List;

/**
 * The answer to {@code GET /v1/events}.
 *
 * @param events the oldest first
 * @param last where to go on after: the number of the last event of all, unless {@code most} left no room for it
 * @param missed how many of those asked for are not kept any more
 */
public record EventsReport(int schemaVersion, List<Event> events, long last, long missed) {

    public EventsReport {
        events = List.copyOf(events);
    }
}
