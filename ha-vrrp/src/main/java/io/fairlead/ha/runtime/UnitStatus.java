package io.fairlead.ha.runtime;

import io.fairlead.ha.election.Cause;
import io.fairlead.ha.election.ElectionState;
import io.fairlead.ha.election.HelloRole;
import io.fairlead.ha.election.PeerSpec;
import io.fairlead.ha.election.UnitSpec;
import java.util.Optional;

/**
 * How a unit stands, immutable.
 *
 * @param sinceNanos reading of the monotonic clock: when it came to its role
 * @param cause of its role
 * @param takeovers how often it has become master since this process started
 * @param changes how often it has come to another role since then
 */
public record UnitStatus(
        UnitSpec spec, ElectionState state, long sinceNanos, Cause cause, long takeovers, long changes) {

    public HelloRole role() {
        return state.role();
    }

    /** Returns the peer that is followed as master; empty if this appliance is it, or nobody is. */
    public Optional<PeerSpec> master() {
        int master = state.master();
        return master < 0 || master >= spec.peers().size()
                ? Optional.empty()
                : Optional.of(spec.peers().get(master));
    }
}
