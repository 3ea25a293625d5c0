package io.fairlead.ha.runtime;

import io.fairlead.ha.election.UnitSpec;

/** A unit and its addresses. */
public record UnitSetup(UnitSpec spec, UnitAddresses addresses) {}
