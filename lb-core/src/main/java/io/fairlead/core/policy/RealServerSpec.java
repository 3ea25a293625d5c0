package io.fairlead.core.policy;

import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;

/**
 * A real server as the operator asked for it.
 *
 * @param name unique within its virtual server
 * @param realServer its address, forwarding method, thresholds and its weight while healthy
 */
public record RealServerSpec(String name, RealServer realServer) {

    /** Returns what identifies the real server in the kernel. */
    public RealServerKey key() {
        return realServer.key();
    }
}
