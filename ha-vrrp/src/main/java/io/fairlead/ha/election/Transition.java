package io.fairlead.ha.election;

import java.util.List;

/** What follows from one event. */
public record Transition(ElectionState next, List<ElectionEffect> effects, Cause cause) {}
