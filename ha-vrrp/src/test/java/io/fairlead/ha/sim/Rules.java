package io.fairlead.ha.sim;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.ha.election.Election;
import io.fairlead.ha.election.ElectionEvent;
import io.fairlead.ha.election.ElectionState;
import io.fairlead.ha.election.Transition;
import io.fairlead.ha.election.UnitSpec;

/** The rules under test: the real ones, or the real ones with a bug seeded. */
@FunctionalInterface
interface Rules {

    Rules REAL = Election::step;

    Transition step(ElectionState state, ElectionEvent event, UnitSpec spec, MonotonicInstant now);
}
