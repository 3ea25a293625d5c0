package io.fairlead.core.policy;

import io.fairlead.core.time.MonotonicInstant;
import java.util.Optional;

/** What must be remembered of one member of a pool from one decision to the next. Most members need nothing. */
public sealed interface MemberState {

    /**
     * In service, in a pool with slow start.
     *
     * @param rampSince when its weight began to grow; empty once it has its full weight
     */
    record Serving(Optional<MonotonicInstant> rampSince) implements MemberState {
        static final Serving AT_FULL_WEIGHT = new Serving(Optional.empty());
    }

    /**
     * In the kernel's table with weight 0 until its connections have ended.
     *
     * @param since when it began
     * @param deadline when it ends whatever is still open
     * @param countAt when its connections are counted next
     * @param quietSince since when every count has found none active
     */
    record Draining(
            DrainCause cause,
            MonotonicInstant since,
            MonotonicInstant deadline,
            MonotonicInstant countAt,
            Optional<MonotonicInstant> quietSince)
            implements MemberState {}

    /** Drained at the operator's wish, and out of the table; waits to be enabled. */
    record Drained() implements MemberState {
        static final Drained INSTANCE = new Drained();
    }
}
