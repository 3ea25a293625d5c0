package io.fairlead.conf;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of events beside being kept.
 *
 * @param notification the program that is told of them; empty for none
 * @param kinds of which kinds it is told
 */
public record EventsConfig(Optional<NotifySpec> notification, Set<String> kinds) {

    /** As the event log names them. */
    public static final List<String> ALL_KINDS =
            List.of("appliance", "configuration", "health", "pool", "operator", "kernel", "address", "role");

    /** They are kept. */
    public static final EventsConfig NONE = new EventsConfig(Optional.empty(), Set.of());

    public EventsConfig {
        kinds = Set.copyOf(kinds);
    }
}
