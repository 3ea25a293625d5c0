package io.fairlead.ha.election;

/**
 * What is known of one peer, for one unit.
 *
 * @param heardNanos when it was heard last
 * @param deviationNanos smoothed deviation of the time between two hellos from the interval
 * @param sentNanos its clock in the last hello
 * @param supportSentNanos our clock in the last of our claims that it has promised to support; 0: none
 * @param catchingUp what it sent while it was not heard may still come at once: that says nothing of how evenly hellos come
 */
public record PeerView(
        long boot,
        long heardNanos,
        long deviationNanos,
        long sentNanos,
        long supportSentNanos,
        boolean catchingUp,
        UnitHello hello) {

    boolean isEligible() {
        return hello.has(UnitHello.ELIGIBLE);
    }
}
