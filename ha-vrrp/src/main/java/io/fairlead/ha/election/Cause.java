package io.fairlead.ha.election;

/** Why a step changed what it changed; the first reason of a step counts. */
public enum Cause {
    NONE,
    STARTED,
    MASTER_SILENT,
    MASTER_RELEASED,
    MAJORITY_GRANTED,
    MAJORITY_REFUSED,
    BETTER_MASTER,
    CONFLICT_WON,
    RIVAL_GONE,
    HAND_OVER_STARTED,
    HANDED_OVER,
    HAND_OVER_FAILED,
    STALLED,
    RESUMED,
    LEASE_ENDED,
    TRACK_FAULT,
    MAINTENANCE,
    ADDRESSES_FAILED,
    ISOLATED,
    RECOVERED,
    SHUTDOWN,
    IGNORED_UNKNOWN_PEER,
    IGNORED_STALE,
    IGNORED_WRONG_UNIT,
    IGNORED_TERM,
    IGNORED_IN_THIS_STATE
}
