package io.fairlead.conf;

import io.fairlead.core.policy.VirtualServerSpec;
import io.fairlead.health.check.CheckTarget;
import java.util.List;

/**
 * A virtual server with the checks of its real servers.
 *
 * @param checks what to check for each real server, in the order of {@code spec.realServers()}
 */
public record ConfiguredVirtualServer(VirtualServerSpec spec, List<CheckTarget> checks) {

    public ConfiguredVirtualServer {
        checks = List.copyOf(checks);
        if (checks.size() != spec.realServers().size()) {
            throw new IllegalArgumentException(
                    checks.size() + " checks for " + spec.realServers().size() + " real servers");
        }
    }
}
