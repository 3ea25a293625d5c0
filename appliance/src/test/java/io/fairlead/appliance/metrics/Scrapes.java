package io.fairlead.appliance.metrics;

import io.fairlead.appliance.address.AddressView;
import io.fairlead.appliance.event.EventCounts;
import io.fairlead.appliance.event.EventKind;
import io.fairlead.appliance.loop.LoopCounts;
import io.fairlead.appliance.loop.LoopView;
import io.fairlead.appliance.loop.PacketRuleStatus;
import io.fairlead.appliance.loop.ReconcileStatus;
import io.fairlead.appliance.metrics.Scrape.KernelCounters;
import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.kernel.TrafficStats;
import io.fairlead.core.kernel.VirtualServerStats;
import io.fairlead.core.model.IpvsSnapshot;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.policy.Health;
import io.fairlead.core.policy.PoolState;
import io.fairlead.core.policy.Quorum;
import io.fairlead.core.policy.RealServerSpec;
import io.fairlead.core.time.DurationCounts;
import io.fairlead.core.time.DurationTally;
import io.fairlead.core.time.Ticker;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.HealthState;
import io.fairlead.health.netty.CheckCounters;
import io.fairlead.health.netty.Lateness;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Scrapes for tests, of appliances where all goes well but what is asked for 198.51.100.99. */
final class Scrapes {

    private static final Duration MILLISECOND = Duration.ofMillis(1);

    private Scrapes() {}

    /** An appliance in the middle of its work. */
    static Scrape typical() {
        return of("""
            fairlead {
              node-name = edge-a
              defaults { health-check { type = https, host = "shop.example" } }
              virtual-servers {
                shop {
                  address = "192.0.2.10", port = 443
                  sorry-server { address = "198.51.100.9" }
                  real-servers = [
                    { name = shop-1, address = "198.51.100.11", weight = 3 }
                    { name = shop-2, address = "198.51.100.99", weight = 2 }
                  ]
                }
                dns { address = "2001:db8::53", port = 53, protocol = udp
                  real-servers = [{ address = "2001:db8:1::53" }] }
              }
            }
            """);
    }

    static Scrape of(String config) {
        try {
            Path file = Files.createTempFile("fairlead", ".conf");
            try {
                return switch (ConfigFile.load(Files.writeString(file, config))) {
                    case ConfigOutcome.Accepted accepted -> of(accepted.config());
                    case ConfigOutcome.Refused refused -> throw new AssertionError(refused.report());
                };
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Scrape of(FairleadConfig config) {
        List<Pool> pools = new ArrayList<>();
        Map<VirtualServerKey, PoolState> states = new HashMap<>();
        Map<VirtualServerKey, VirtualServerStats> stats = new HashMap<>();
        Map<VirtualServerKey, Map<RealServerKey, RealServerStats>> realServerStats = new HashMap<>();
        for (ConfiguredVirtualServer each : config.virtualServers()) {
            VirtualServerKey key = each.spec().key();
            pools.add(Pool.of(
                    each.spec().virtualServer(),
                    each.spec().realServers().stream()
                            .filter(server -> !isDown(server))
                            .map(RealServerSpec::realServer)
                            .toList()));
            states.put(key, new PoolState(Quorum.State.HELD, Map.of()));
            stats.put(key, new VirtualServerStats(key, new TrafficStats(310, 4_000, 3_000, 5_000_000_000L, 7), 2));
            Map<RealServerKey, RealServerStats> ofEach = new HashMap<>();
            for (RealServerSpec server : each.spec().realServers()) {
                ofEach.put(
                        server.key(),
                        new RealServerStats(server.key(), 12, 40, 1, new TrafficStats(180, 2_000, 1_500, 64_000, 3)));
            }
            realServerStats.put(key, ofEach);
        }
        LoopView view = new LoopView(
                config,
                IpvsSnapshot.of(pools),
                new ReconcileStatus(
                        7,
                        2,
                        1,
                        Optional.of(Instant.ofEpochSecond(1_700_000_000)),
                        Optional.of(Instant.ofEpochSecond(1_700_000_030)),
                        List.of(),
                        List.of("add real server: EPERM")),
                states,
                Map.of(),
                Set.of(),
                PacketRuleStatus.NONE,
                Ticker.system().now());
        return new Scrape(
                "0.1.0",
                view,
                new LoopCounts(1, 256, 0, durations(), durations(), durations()),
                new KernelCounters(true, stats, realServerStats),
                Scrapes::stateOf,
                Scrapes::certificateExpires,
                new CheckCounters(
                        812,
                        Map.of(FailureReason.REFUSED, 9L, FailureReason.OWN_FAULT, 0L),
                        0,
                        1,
                        2,
                        new Lateness(new DurationTally(Lateness.STEPS).read()),
                        Map.of("https", durations())),
                2,
                AddressView.NONE,
                ReloadCounts.NONE
                        .withApplied(Instant.ofEpochSecond(1_700_000_000))
                        .withRefused(),
                new EventCounts(Map.of(EventKind.CONFIGURATION, 2L), 0),
                durations(),
                Elections.master());
    }

    private static boolean isDown(RealServerSpec server) {
        return server.key().toString().startsWith("198.51.100.99:");
    }

    private static HealthState stateOf(CheckTarget target) {
        return target.toString().contains("198.51.100.99")
                ? new HealthState(
                        Health.UNHEALTHY,
                        0,
                        3,
                        Optional.of(new CheckResult.Failed(FailureReason.REFUSED, "connection refused", MILLISECOND)))
                : new HealthState(Health.HEALTHY, 5, 0, Optional.of(new CheckResult.Passed(MILLISECOND, "status 200")));
    }

    /** The shop has shown one, and what is away now showed it before. */
    private static Optional<Instant> certificateExpires(CheckTarget target) {
        return target.address().port() == 443 ? Optional.of(Instant.now().plus(Duration.ofDays(30))) : Optional.empty();
    }

    private static DurationCounts durations() {
        DurationTally tally = new DurationTally(List.of(MILLISECOND, Duration.ofMillis(10)));
        tally.add(Duration.ofNanos(500_000));
        tally.add(Duration.ofMillis(4));
        tally.add(Duration.ofMillis(40));
        return tally.read();
    }

    /** Returns what Prometheus would be told, in its classic text format. */
    static String text(Scrape scrape) {
        try {
            StringWriter out = new StringWriter();
            MetricsText.of(scrape, "").body().writeTo(out);
            return out.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
