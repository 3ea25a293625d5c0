package io.fairlead.conf;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code events}. */
final class EventsReader {

    static final Keys KEYS = new Keys("fairlead.events");
    private static final String NOTIFY = KEYS.add("notify");

    static final Keys NOTIFY_KEYS = new Keys("fairlead.events.notify");

    static {
        NOTIFY_KEYS.add("command");
        NOTIFY_KEYS.add("shell-command");
        NOTIFY_KEYS.add("user");
        NOTIFY_KEYS.add("group");
        NOTIFY_KEYS.add("timeout");
    }

    private static final String KINDS = NOTIFY_KEYS.add("kinds");

    private EventsReader() {}

    static EventsConfig read(Section section) {
        return section.section(NOTIFY, NOTIFY_KEYS)
                .map(notify -> new EventsConfig(Optional.of(NotifyReader.read(notify)), kinds(notify)))
                .orElse(EventsConfig.NONE);
    }

    private static Set<String> kinds(Section section) {
        List<String> kinds = section.strings(KINDS).orElse(EventsConfig.ALL_KINDS);
        for (int i = 0; i < kinds.size(); i++) {
            if (!EventsConfig.ALL_KINDS.contains(kinds.get(i))) {
                section.error(
                        KINDS + "[" + i + "]",
                        Section.quoted(kinds.get(i)) + " (expected: one of " + String.join(", ", EventsConfig.ALL_KINDS)
                                + ")");
            }
        }
        if (kinds.isEmpty()) {
            section.error(KINDS, "empty (expected: one or more of " + String.join(", ", EventsConfig.ALL_KINDS) + ")");
        }
        return new LinkedHashSet<>(kinds);
    }
}
