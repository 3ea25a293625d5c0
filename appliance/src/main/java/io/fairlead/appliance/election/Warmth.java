package io.fairlead.appliance.election;

import java.time.Duration;

/** How long an appliance leaves the addresses to a living master, because that one knows more. Pure. */
final class Warmth {

    /** A joiner knows the connections that were made, or sent packets, since it has listened. */
    static final Duration WARMING = Duration.ofSeconds(15);

    /**
     * After a start checks have their first verdicts, as they are spread over a second and few take longer than two: until
     * then a master that has some serves better than we would.
     */
    static final Duration CHECKING = Duration.ofSeconds(3);

    private Warmth() {}

    /**
     * Returns for how long from now on; zero where a wait that has begun goes on as it is.
     *
     * @param begins whether the election begins, and so do the checks
     * @param sync what came of the connection synchronisation
     */
    static Duration pause(boolean begins, ConnectionSync.Outcome sync) {
        if (sync.runs() && !sync.ranBefore()) {
            return WARMING;
        }
        return begins ? CHECKING : Duration.ZERO;
    }
}
