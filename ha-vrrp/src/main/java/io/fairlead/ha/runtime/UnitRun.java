package io.fairlead.ha.runtime;

import io.fairlead.ha.election.Cause;
import io.fairlead.ha.election.ElectionState;
import io.fairlead.ha.election.UnitSpec;
import java.util.OptionalLong;

/** One unit under way. Owned by the election's thread, but for its status, which anybody may read. */
final class UnitRun {

    private static final long UNREADABLE_PAUSE_NANOS = 60_000_000_000L;

    UnitSetup setup;
    ElectionState state;
    /** By index of peer: which boot was heard last, and its clock in that hello. */
    long[] heardBoot;

    long[] heardSent;
    /** Which stall it asked the link about; 0: none. */
    long drainAsked;
    /** Not configured any more; goes once it has said goodbye. */
    boolean leaving;

    /** When it was last told that a peer cannot be read. */
    private OptionalLong unreadableTold = OptionalLong.empty();

    private volatile UnitStatus status;

    UnitRun(UnitSetup setup, long now) {
        this.setup = setup;
        state = ElectionState.initial(setup.spec());
        int peers = setup.spec().peers().size();
        heardBoot = new long[peers];
        heardSent = new long[peers];
        status = new UnitStatus(setup.spec(), state, now, Cause.NONE, 0, 0);
    }

    UnitSpec spec() {
        return setup.spec();
    }

    UnitStatus status() {
        return status;
    }

    void status(UnitStatus next) {
        status = next;
    }

    /** Whether to tell of a peer that cannot be read: one that can be read now and then must not fill the log. */
    boolean tellsOfUnreadable(long now) {
        if (unreadableTold.isPresent() && now - unreadableTold.getAsLong() < UNREADABLE_PAUSE_NANOS) {
            return false;
        }
        unreadableTold = OptionalLong.of(now);
        return true;
    }

    /** Other peers have other places: what was heard of those before says nothing about them. */
    void forgetHeard() {
        int peers = spec().peers().size();
        heardBoot = new long[peers];
        heardSent = new long[peers];
    }
}
