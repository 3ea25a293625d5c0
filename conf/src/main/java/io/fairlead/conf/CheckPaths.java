package io.fairlead.conf;

import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.policy.CheckPath;
import io.fairlead.core.policy.VirtualServerSpec;
import io.fairlead.health.check.CheckSet;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.NetworkProbeSpec;
import io.fairlead.health.check.NoProbeSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the {@link CheckPath}s that virtual servers need. Pure. */
public final class CheckPaths {

    private static final CheckSpec NOTHING =
            new CheckSpec(new NoProbeSpec(), Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1);

    private CheckPaths() {}

    /** Returns the virtual servers that are the paths of the checks of {@code virtualServers}, each once. */
    public static Map<VirtualServerKey, ConfiguredVirtualServer> of(
            Collection<ConfiguredVirtualServer> virtualServers) {
        Map<VirtualServerKey, ConfiguredVirtualServer> paths = new LinkedHashMap<>();
        for (ConfiguredVirtualServer virtualServer : virtualServers) {
            for (int i = 0; i < virtualServer.checks().size(); i++) {
                for (CheckSet.NamedCheck check : virtualServer.checks().get(i).checks()) {
                    if (isThrough(check.target())) {
                        RealServer realServer =
                                virtualServer.spec().realServers().get(i).realServer();
                        ConfiguredVirtualServer path = path(check.target(), realServer);
                        paths.putIfAbsent(path.spec().key(), path);
                    }
                }
            }
        }
        return paths;
    }

    private static boolean isThrough(CheckTarget target) {
        return target.spec().probe() instanceof NetworkProbeSpec question
                && question.connection().through().isPresent();
    }

    private static ConfiguredVirtualServer path(CheckTarget target, RealServer realServer) {
        VirtualServerSpec spec = CheckPath.virtualServer(
                target.address().address().family(),
                realServer.key().address().address(),
                realServer.forwarding(),
                ((NetworkProbeSpec) target.spec().probe()).connection().mark());
        ServerAddress address = spec.realServers().getFirst().key().address();
        return new ConfiguredVirtualServer(spec, List.of(CheckSet.of(new CheckTarget(address, NOTHING))));
    }
}
