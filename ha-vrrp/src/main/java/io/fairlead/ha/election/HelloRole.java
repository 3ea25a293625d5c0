package io.fairlead.ha.election;

/** What a peer says it is, for one unit. The order is the number on the wire: append only. */
public enum HelloRole {
    /** It cannot hold the addresses now. */
    FAULT,
    BACKUP,
    /** It asks for the support of a majority. */
    CANDIDATE,
    MASTER,
    /** Master still, and ready to release to the target. */
    HANDING_OVER,
    /** It has removed the addresses: the target, or else the best backup, takes over at once. */
    RELEASED,
    /** As {@link #RELEASED}, and it will not be heard again: RFC 9568's priority 0. */
    LEFT;

    /** Returns whether the sender may hold the addresses. */
    public boolean claims() {
        return this == MASTER || this == HANDING_OVER;
    }

    boolean releases() {
        return this == RELEASED || this == LEFT;
    }
}
