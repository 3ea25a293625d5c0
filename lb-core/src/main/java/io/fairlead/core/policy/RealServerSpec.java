package io.fairlead.core.policy;

import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import java.util.Optional;

/**
 * A real server as the operator asked for it.
 *
 * @param name unique within its virtual server
 * @param realServer its address, forwarding method, thresholds and its weight while healthy
 * @param inhibitOnFailure its own answer to failures; empty for that of the virtual server
 */
public record RealServerSpec(String name, RealServer realServer, Optional<Boolean> inhibitOnFailure) {

    /** A real server that follows its virtual server. */
    public RealServerSpec(String name, RealServer realServer) {
        this(name, realServer, Optional.empty());
    }

    /** Returns what identifies the real server in the kernel. */
    public RealServerKey key() {
        return realServer.key();
    }
}
