package io.fairlead.core.policy;

/** What the operator wants of a real server, whatever its health. */
public enum AdminState {
    /** Health decides. */
    ENABLED("enabled"),
    /** No new connections; those that are open may end, until a deadline. Then it leaves the pool until it is enabled. */
    DRAINED("drained"),
    /** Out of the pool at once, with its connections. */
    DISABLED("disabled");

    private final String configName;

    AdminState(String configName) {
        this.configName = configName;
    }

    /** Returns the name in commands, status and the state file. */
    public String configName() {
        return configName;
    }
}
