package io.fairlead.ha.election;

/**
 * Something whose failure changes a unit's priority.
 *
 * @param weight -253 to 253. Negative: taken off while it fails. Positive: added while it does not. 0: its failure is a fault
 */
public record TrackSpec(String name, int weight) {

    /** The most that a unit can track, so that a set of them fits a long. */
    public static final int COUNT_MAX = 64;

    public TrackSpec {
        if (weight < -253 || weight > 253) {
            throw new IllegalArgumentException("track " + name + ": weight " + weight + " (expected: -253..253)");
        }
    }
}
