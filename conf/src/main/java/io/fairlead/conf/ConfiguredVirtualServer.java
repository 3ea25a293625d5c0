package io.fairlead.conf;

import io.fairlead.core.policy.VirtualServerSpec;
import io.fairlead.health.check.CheckSet;
import io.fairlead.health.check.CheckTarget;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A virtual server with the checks of its real servers.
 *
 * @param checks the checks of each real server, in the order of {@code spec.realServers()}
 */
public record ConfiguredVirtualServer(VirtualServerSpec spec, List<CheckSet> checks) {

    public ConfiguredVirtualServer {
        checks = List.copyOf(checks);
        if (checks.size() != spec.realServers().size()) {
            throw new IllegalArgumentException(
                    checks.size() + " checks for " + spec.realServers().size() + " real servers");
        }
    }

    /** Returns everything to check, each target once. */
    public Set<CheckTarget> targets() {
        Set<CheckTarget> targets = LinkedHashSet.newLinkedHashSet(checks.size());
        for (CheckSet set : checks) {
            set.checks().forEach(check -> targets.add(check.target()));
        }
        return targets;
    }
}
