package io.fairlead.ha.runtime;

import io.fairlead.ha.election.Cause;

/** Learns what the elections come to. Called on the election's thread: it must hand over and return. */
public interface ElectionObserver {

    /** A unit has another role; why is in {@code now}. */
    void roleChanged(UnitStatus before, UnitStatus now);

    /** A unit keeps its role, and something happened that an operator would want to know. */
    void noted(UnitStatus unit, Cause cause);
}
