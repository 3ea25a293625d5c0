package io.fairlead.appliance.event;

import java.util.List;

/**
 * One change of state. A line of the event log's file, and an element of the answer to {@code GET /v1/events}.
 *
 * @param number from 1, growing by 1, also from one run of the appliance to the next; a gap tells of events that were lost
 * @param at when it happened, ISO 8601 in UTC with milliseconds
 * @param subject what changed: {@code web/web-1}, {@code web}, an address, the node's name
 * @param virtualServers the names of the virtual servers concerned, at most {@link EventSubject#VIRTUAL_SERVERS_MAX}
 * @param change what it is now, in the operator's words
 * @param cause why
 */
public record Event(
        long number,
        String at,
        EventKind kind,
        String subject,
        List<String> virtualServers,
        String change,
        String cause) {

    /** Longer texts are cut, so that the log is bounded by the number of its events. */
    static final int TEXT_LENGTH_MAX = 400;

    public Event {
        if (number < 1) {
            throw new IllegalArgumentException("number: " + number + " (expected: from 1)");
        }
        virtualServers = List.copyOf(virtualServers);
        subject = cut(subject);
        change = cut(change);
        cause = cut(cause);
    }

    private static String cut(String text) {
        return text.length() <= TEXT_LENGTH_MAX ? text : text.substring(0, TEXT_LENGTH_MAX - 1) + "…";
    }
}
