package io.fairlead.ha.election;

/** What a unit gives up when peers cannot hear each other. */
public enum SafetyLevel {
    /** Each side of a split has a master: for two appliances without a witness. */
    AVAILABLE,

    /** A majority of the voters, of which at least one is a witness, must support the master. */
    WITNESSED,

    /** A majority of three or more appliances must support the master. */
    STRICT;

    /** Returns whether a master needs leases from a majority of the voters. */
    public boolean needsMajority() {
        return this != AVAILABLE;
    }
}
