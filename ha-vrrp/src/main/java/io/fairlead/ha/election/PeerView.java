package io.fairlead.ha.election;

/**
 * What is known of one peer, for one unit.
 *
 * @param heardNanos when it was heard last
 * @param deviationNanos smoothed deviation of the time between two hellos from the interval
 * @param sentNanos its clock in the last hello
 * @param supportSentNanos our clock in the last of our claims that it has promised to support; 0: none
 * @param clarity how much of its last hello could be read; if not all, {@code hello} is what little is known
 * @param catchingUp what it sent while it was not heard may still come at once: that says nothing of how evenly hellos come
 */
public record PeerView(
        long boot,
        long heardNanos,
        long deviationNanos,
        long sentNanos,
        long supportSentNanos,
        boolean catchingUp,
        Clarity clarity,
        UnitHello hello) {

    /** How much of a hello this release can read. */
    public enum Clarity {
        ALL,
        /** Another version: what every release understands. */
        CORE,
        /** Nothing, not even the clock of the sender. */
        NONE
    }

    public boolean isReadable() {
        return clarity == Clarity.ALL;
    }

    /** Returns whether {@code sentNanos} was read, and is of the clock of this boot. */
    boolean hasClockOf(long otherBoot) {
        return boot == otherBoot && clarity != Clarity.NONE;
    }

    boolean isEligible() {
        return hello.has(UnitHello.ELIGIBLE);
    }

    /** Returns whether it could take over, as far as is known. */
    boolean mayTakeOver() {
        return isEligible() || !isReadable();
    }
}
