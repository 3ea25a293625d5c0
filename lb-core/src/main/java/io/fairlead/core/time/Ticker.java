package io.fairlead.core.time;

/** Where a shell reads the monotonic clock. Pure code takes a {@link MonotonicInstant} instead. */
@FunctionalInterface
public interface Ticker {

    /** Returns the present instant. */
    MonotonicInstant now();

    /** Returns the ticker of this process. Safe for use by any thread. */
    static Ticker system() {
        return () -> new MonotonicInstant(System.nanoTime());
    }
}
