package io.fairlead.appliance.loop;

import io.fairlead.core.policy.OperatorOverride;
import io.fairlead.core.policy.RealServerName;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What operators want of real servers, whether they said so here or on a peer. It outlives the process. Used by the loop's
 * thread, which alone says something here; never waits.
 */
public interface OperatorWishes {

    /** Returns what counts now, without those of whom nothing is wanted. */
    Map<RealServerName, OperatorOverride> all();

    /**
     * Takes up what an operator said here; {@link OperatorOverride#NONE} for nothing any more.
     *
     * @throws IllegalArgumentException if that is one too many
     */
    void say(RealServerName name, OperatorOverride override);

    /**
     * Learns what is configured now: a wish ends with its real server, and one that comes back later is a new one. While a
     * peer may have it still, the wish stays.
     *
     * @param hasPeers whether there are peers that may
     */
    void configured(boolean hasPeers, Predicate<RealServerName> isConfigured);
}
