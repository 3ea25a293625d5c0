package io.fairlead.core.policy;

import java.util.Locale;

/** What the health checks say of a real server. */
public enum Health {
    /** No verdict yet. */
    UNKNOWN,
    HEALTHY,
    UNHEALTHY;

    /** Returns the word for people, JSON and labels. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
