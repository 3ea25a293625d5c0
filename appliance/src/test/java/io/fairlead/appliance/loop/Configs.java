package io.fairlead.appliance.loop;

import io.fairlead.conf.AdminConfig;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.conf.EventsConfig;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.conf.HostConfig;
import io.fairlead.conf.KubernetesConfig;
import io.fairlead.conf.MetricsConfig;
import io.fairlead.core.kernel.IpvsTimeouts;
import io.fairlead.core.model.ConnectionThresholds;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.net.TransportProtocol;
import io.fairlead.core.policy.MarkRange;
import io.fairlead.core.policy.PoolPolicy;
import io.fairlead.core.policy.RealServerSpec;
import io.fairlead.core.policy.RemovalGuard;
import io.fairlead.core.policy.VirtualServerSpec;
import io.fairlead.health.check.CheckSet;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.TcpProbeSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Short ways to configurations for tests. */
final class Configs {

    static final Duration NO_AUDIT = Duration.ofHours(1);

    private static final CheckSpec TCP =
            new CheckSpec(new TcpProbeSpec(), Duration.ofSeconds(5), Duration.ofSeconds(2), 2, 3);

    private Configs() {}

    static VirtualServerKey key(int number) {
        return new VirtualServerKey.AddressKey(TransportProtocol.TCP, ServerAddress.parse("192.0.2." + number + ":80"));
    }

    static VirtualServer virtualServer(int number, Scheduler scheduler) {
        return new VirtualServer(key(number), scheduler, Set.of(), Optional.empty(), false);
    }

    static RealServer realServer(int number, int weight) {
        return new RealServer(
                new RealServerKey(ServerAddress.parse("198.51.100." + number + ":80")),
                ForwardingMethod.MASQUERADE,
                weight,
                ConnectionThresholds.NONE);
    }

    static CheckTarget target(int number) {
        return new CheckTarget(ServerAddress.parse("198.51.100." + number + ":80"), TCP);
    }

    static ConfiguredVirtualServer configured(int number, RealServer... realServers) {
        return configured(virtualServer(number, Scheduler.WEIGHTED_ROUND_ROBIN), false, realServers);
    }

    static ConfiguredVirtualServer configured(
            VirtualServer virtualServer, boolean inhibitOnFailure, RealServer... realServers) {
        List<RealServer> all = Arrays.asList(realServers);
        return new ConfiguredVirtualServer(
                new VirtualServerSpec(
                        "vs-" + virtualServer.key(),
                        virtualServer,
                        PoolPolicy.PLAIN.withInhibitOnFailure(inhibitOnFailure),
                        all.stream()
                                .map(realServer ->
                                        new RealServerSpec(realServer.key().toString(), realServer))
                                .toList()),
                all.stream()
                        .map(realServer ->
                                CheckSet.of(new CheckTarget(realServer.key().address(), TCP)))
                        .toList());
    }

    static FairleadConfig config(Duration resyncInterval, List<ConfiguredVirtualServer> virtualServers) {
        return new FairleadConfig(
                "edge",
                virtualServers.stream()
                        .sorted(Comparator.comparing(
                                virtualServer -> virtualServer.spec().name()))
                        .toList(),
                resyncInterval,
                RemovalGuard.OFF,
                new IpvsTimeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO),
                Path.of("/var/lib/fairlead"),
                AdminConfig.of(Path.of("/run/fairlead/admin.sock")),
                MarkRange.DEFAULT,
                HostConfig.NONE,
                KubernetesConfig.OFF,
                MetricsConfig.OFF,
                EventsConfig.NONE,
                Optional.empty());
    }

    static FairleadConfig config(ConfiguredVirtualServer... virtualServers) {
        return config(NO_AUDIT, Arrays.asList(virtualServers));
    }
}
