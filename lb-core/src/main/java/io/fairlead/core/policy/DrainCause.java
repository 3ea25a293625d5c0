package io.fairlead.core.policy;

/** Why a member of a pool drains. */
public enum DrainCause {
    /** The operator said so. */
    OPERATOR("operator"),
    /** The configuration does not have it any more, or nobody ever asked for it. */
    REMOVED("removed");

    private final String configName;

    DrainCause(String configName) {
        this.configName = configName;
    }

    /** Returns the name in status and the state file. */
    public String configName() {
        return configName;
    }
}
