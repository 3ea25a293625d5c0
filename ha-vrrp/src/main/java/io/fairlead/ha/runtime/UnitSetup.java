package io.fairlead.ha.runtime;

import io.fairlead.ha.election.UnitSpec;

/** A unit, its addresses, and how its link is asked. */
public record UnitSetup(UnitSpec spec, UnitAddresses addresses, IsolationTest isolation) {}
