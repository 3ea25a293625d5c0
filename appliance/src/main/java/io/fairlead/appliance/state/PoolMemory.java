package io.fairlead.appliance.state;

import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.policy.PoolState;
import java.util.Optional;

/** Where the loop notes what should outlive it. Never blocks. */
@FunctionalInterface
public interface PoolMemory {

    /** Notes the state of a virtual server of ours; empty once it is not ours any more. */
    void note(VirtualServerKey key, Optional<PoolState> state);

    /** Forgets at once, for a loop without a file. */
    PoolMemory NOWHERE = (_, _) -> {};
}
