package io.fairlead.ha.sim;

/** An invariant does not hold. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final long seed;

    Violation(String invariant, long seed, long realNanos, String detail) {
        super(invariant + " violated at " + realNanos / 1000 + " us by seed " + seed + ": " + detail);
        this.seed = seed;
    }

    long seed() {
        return seed;
    }
}
