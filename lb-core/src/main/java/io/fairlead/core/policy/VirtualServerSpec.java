package io.fairlead.core.policy;

import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import java.util.List;

/**
 * A virtual server as the operator asked for it.
 *
 * @param name unique in the configuration
 * @param inhibitOnFailure an unhealthy real server stays in the table with weight 0, so that its connections go on;
 *     otherwise it is removed
 * @param realServers in the operator's order; no two with the same name or key
 */
public record VirtualServerSpec(
        String name, VirtualServer virtualServer, boolean inhibitOnFailure, List<RealServerSpec> realServers) {

    public VirtualServerSpec {
        realServers = List.copyOf(realServers);
    }

    /** Returns what identifies the virtual server in the kernel. */
    public VirtualServerKey key() {
        return virtualServer.key();
    }
}
