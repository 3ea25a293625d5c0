package io.fairlead.appliance.state;

import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.policy.OperatorOverride;
import io.fairlead.core.policy.PoolState;
import io.fairlead.core.policy.RealServerName;
import java.util.Optional;

/** Where the loop notes what should outlive it. Never blocks. */
public interface PoolMemory {

    /** Notes the state of a virtual server of ours; empty once it is not ours any more. */
    void note(VirtualServerKey key, Optional<PoolState> state);

    /** Notes what the operator said about a real server; empty for nothing any more. */
    void note(RealServerName name, Optional<OperatorOverride> override);

    /** Forgets at once, for a loop without a file. */
    PoolMemory NOWHERE = new PoolMemory() {
        @Override
        public void note(VirtualServerKey key, Optional<PoolState> state) {}

        @Override
        public void note(RealServerName name, Optional<OperatorOverride> override) {}
    };
}
