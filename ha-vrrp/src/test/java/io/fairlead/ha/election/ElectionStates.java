package io.fairlead.ha.election;

/** Alters a state as no rule would: for the seeded bugs of the simulation. */
public final class ElectionStates {

    private ElectionStates() {}

    public static ElectionState withPhase(ElectionState state, Phase phase, long wakeNanos) {
        return new ElectionState(
                phase,
                state.term(),
                state.peers(),
                state.promise(),
                state.sending(),
                state.condition(),
                state.isolation(),
                state.damping(),
                wakeNanos);
    }

    public static ElectionState withTerm(ElectionState state, long term) {
        return new ElectionState(
                state.phase(),
                term,
                state.peers(),
                state.promise(),
                state.sending(),
                state.condition(),
                state.isolation(),
                state.damping(),
                state.wakeNanos());
    }

    /** A voter that forgot what it promised. */
    public static ElectionState withoutPromise(ElectionState state) {
        return new ElectionState(
                state.phase(),
                state.term(),
                state.peers(),
                new ElectionState.Promise(-1, 0, state.sending().lastNanos() - 1_000_000_000L),
                state.sending(),
                state.condition(),
                state.isolation(),
                state.damping(),
                state.wakeNanos());
    }
}
