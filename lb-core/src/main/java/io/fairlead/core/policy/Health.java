package io.fairlead.core.policy;

/** What the health checks say of a real server. */
public enum Health {
    /** No verdict yet. */
    UNKNOWN,
    HEALTHY,
    UNHEALTHY
}
