package io.fairlead.ha.election;

/** What the link says to an appliance that hears no peer. */
public enum IsolationVerdict {
    /** It was not asked, or a peer has been heard since. */
    UNKNOWN,

    /** None of those that were asked has answered: it is this appliance that is cut off. */
    CUT_OFF,

    /** One of those has answered, and nobody answers for the addresses. */
    FREE,

    /** One of those has answered, and another appliance answers for an address: it holds them, whatever became of its process. */
    TAKEN
}
