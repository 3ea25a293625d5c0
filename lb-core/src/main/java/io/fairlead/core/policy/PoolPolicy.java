package io.fairlead.core.policy;

import java.time.Duration;
import java.util.Optional;

/**
 * How the pool of a virtual server is made from its real servers.
 *
 * @param inhibitOnFailure an unhealthy real server stays in the table with weight 0, so that its connections go on;
 *     otherwise it is removed
 * @param drainTimeout how long connections may go on that a real server has when it is not wanted any more; zero removes it
 *     at once
 * @param slowStart how long the weight of a real server grows that comes into service; zero for not at all
 */
public record PoolPolicy(
        boolean inhibitOnFailure,
        Quorum quorum,
        Optional<SorryServer> sorryServer,
        Duration drainTimeout,
        Duration slowStart) {

    public static final Duration DRAIN_TIMEOUT_DEFAULT = Duration.ofMinutes(1);

    /** A quorum of one, no sorry server, no inhibition, a minute to drain, no slow start. */
    public static final PoolPolicy PLAIN =
            new PoolPolicy(false, Quorum.ONE, Optional.empty(), DRAIN_TIMEOUT_DEFAULT, Duration.ZERO);

    /** Returns the same with another answer to failures. */
    public PoolPolicy withInhibitOnFailure(boolean inhibit) {
        return new PoolPolicy(inhibit, quorum, sorryServer, drainTimeout, slowStart);
    }

    /** Returns the same with another quorum. */
    public PoolPolicy withQuorum(Quorum newQuorum) {
        return new PoolPolicy(inhibitOnFailure, newQuorum, sorryServer, drainTimeout, slowStart);
    }

    /** Returns the same with this sorry server. */
    public PoolPolicy withSorryServer(SorryServer server) {
        return new PoolPolicy(inhibitOnFailure, quorum, Optional.of(server), drainTimeout, slowStart);
    }

    /** Returns the same with another time to drain. */
    public PoolPolicy withDrainTimeout(Duration timeout) {
        return new PoolPolicy(inhibitOnFailure, quorum, sorryServer, timeout, slowStart);
    }

    /** Returns the same with another slow start. */
    public PoolPolicy withSlowStart(Duration duration) {
        return new PoolPolicy(inhibitOnFailure, quorum, sorryServer, drainTimeout, duration);
    }
}
