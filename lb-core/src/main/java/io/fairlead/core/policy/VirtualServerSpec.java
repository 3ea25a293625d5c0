package io.fairlead.core.policy;

import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import java.util.List;
import java.util.Optional;

/**
 * A virtual server as the operator asked for it.
 *
 * @param name unique in the configuration
 * @param policy how its pool is made
 * @param realServers in the operator's order; no two with the same name or key, and none with the key of the sorry server
 */
public record VirtualServerSpec(
        String name, VirtualServer virtualServer, PoolPolicy policy, List<RealServerSpec> realServers) {

    public VirtualServerSpec {
        realServers = List.copyOf(realServers);
    }

    /** Returns what identifies the virtual server in the kernel. */
    public VirtualServerKey key() {
        return virtualServer.key();
    }

    /** Returns the same as nobody asks for it any more: without anyone to serve it, so that all it has drains. */
    public VirtualServerSpec leaving() {
        return new VirtualServerSpec(
                name,
                virtualServer,
                new PoolPolicy(false, Quorum.ONE, Optional.empty(), policy.drainTimeout(), policy.slowStart()),
                List.of());
    }
}
