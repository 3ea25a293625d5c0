package io.fairlead.appliance;

import io.fairlead.appliance.HealthReporter.RealServerHealth;
import io.fairlead.appliance.PeerVerdicts.PeerVerdictLines;
import io.fairlead.appliance.address.AddressView;
import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.MemberLine;
import io.fairlead.appliance.admin.StatusReport.RealServerLine;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
import io.fairlead.appliance.host.HostView;
import io.fairlead.appliance.loop.LoopView;
import io.fairlead.appliance.loop.PacketRuleStatus;
import io.fairlead.appliance.loop.ReconcileStatus;
import io.fairlead.appliance.peers.SharedView;
import io.fairlead.appliance.state.ReloadGuardFile.Guard;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.kernel.IpvsVersion;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.kernel.VirtualServerStats;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.policy.Health;
import io.fairlead.core.policy.RealServerName;
import io.fairlead.core.policy.RealServerSpec;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import io.fairlead.health.netty.HealthChecker;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts the loop's view, the checks' verdicts and the kernel's counters into one report. Reads the kernel through a channel
 * of its own, so that a look at ten thousand virtual servers delays no decision. Used by one platform thread.
 */
final class StatusReporter {

    private final IpvsTable table;
    private final HealthChecker checker;
    private final HealthReporter health;
    private final Supplier<AddressView> addresses;
    private final Supplier<HostView> host;
    private final Supplier<SharedView> shared;
    private final Supplier<HaReport> election;
    private final Supplier<Optional<Guard>> guard;
    private final String version;
    private final Instant since;

    StatusReporter(
            IpvsTable table,
            HealthChecker checker,
            HealthTimes healthTimes,
            Supplier<AddressView> addresses,
            Supplier<HostView> host,
            Supplier<SharedView> shared,
            Supplier<HaReport> election,
            Supplier<Optional<Guard>> guard,
            String version,
            Instant since) {
        this.table = table;
        this.checker = checker;
        this.health =
                new HealthReporter(checker::stateOf, checker::historyOf, checker::certificateExpiresOf, healthTimes);
        this.addresses = addresses;
        this.host = host;
        this.shared = shared;
        this.election = election;
        this.guard = guard;
        this.version = version;
        this.since = since;
    }

    StatusReport report(LoopView view) {
        IpvsVersion info = table.info();
        Map<VirtualServerKey, VirtualServerStats> stats = new HashMap<>();
        for (VirtualServerStats entry : table.readStats()) {
            stats.put(entry.key(), entry);
        }
        PolicyReporter policy = new PolicyReporter(view, Instant.now());
        PeerVerdicts peers = new PeerVerdicts(shared.get(), Instant.now(), System.nanoTime());
        List<VirtualServerLine> lines = new ArrayList<>();
        for (ConfiguredVirtualServer configured : view.config().virtualServers()) {
            VirtualServerKey key = configured.spec().key();
            lines.add(virtualServer(
                    configured,
                    policy,
                    peers,
                    view.held().find(key),
                    stats.getOrDefault(key, VirtualServerStats.none(key))));
        }
        return new StatusReport(
                StatusReport.SCHEMA_VERSION,
                view.config().nodeName(),
                version,
                time(since),
                new StatusReport.Kernel(info.version(), info.connectionTableSize()),
                reconcile(view.reconcile()),
                HealthReporter.checks(checker.size(), checker.counters()),
                packetRules(view.packetRules()),
                lines,
                policy.leaving(key -> KernelStats.realServers(table, key)),
                addresses(addresses.get()),
                host(host.get()),
                roles(election.get()),
                guard.get().map(StatusReporter::guard).orElse(null));
    }

    private static List<StatusReport.RoleLine> roles(HaReport election) {
        return election.routers().stream()
                .map(router -> new StatusReport.RoleLine(router.name(), router.role(), router.since(), router.cause()))
                .toList();
    }

    private static StatusReport.GuardLine guard(Guard guard) {
        return new StatusReport.GuardLine(guard.phase().text(), guard.deadline().toString());
    }

    private static StatusReport.Host host(HostView view) {
        return new StatusReport.Host(
                view.sysctls().stream()
                        .map(line -> new StatusReport.SysctlLine(
                                line.name(),
                                line.wanted(),
                                line.value().orElse(null),
                                line.before().orElse(null)))
                        .toList(),
                view.drift(),
                view.modules().stream()
                        .map(line -> new StatusReport.ModuleLine(
                                line.name(), line.state().name().toLowerCase(Locale.ROOT)))
                        .toList(),
                view.failing());
    }

    private static StatusReport.Addresses addresses(AddressView view) {
        return new StatusReport.Addresses(
                view.addresses().stream()
                        .map(line -> new StatusReport.AddressLine(
                                line.set(),
                                line.key().address() + "/" + line.key().prefixLength(),
                                line.key().interfaceName(),
                                line.state().name().toLowerCase(Locale.ROOT)))
                        .toList(),
                view.drift(),
                view.failing());
    }

    private static StatusReport.PacketRules packetRules(PacketRuleStatus status) {
        return new StatusReport.PacketRules(
                status.failing().isPresent() ? "behind" : status.destinations() == 0 ? "none" : "in-sync",
                status.destinations(),
                status.writes(),
                status.drift(),
                status.lastChange().map(StatusReporter::time).orElse(null),
                status.failing().orElse(null));
    }

    private static StatusReport.Reconcile reconcile(ReconcileStatus status) {
        return new StatusReport.Reconcile(
                status.failing().isEmpty() ? "in-sync" : "behind",
                status.operations(),
                status.drift(),
                status.refusals(),
                status.lastChange().map(StatusReporter::time).orElse(null),
                status.lastAudit().map(StatusReporter::time).orElse(null),
                status.contested(),
                status.failing());
    }

    private VirtualServerLine virtualServer(
            ConfiguredVirtualServer configured,
            PolicyReporter policy,
            PeerVerdicts peers,
            Optional<Pool> held,
            VirtualServerStats stats) {
        Map<RealServerKey, RealServerStats> realServerStats = held.isPresent()
                ? KernelStats.realServers(table, configured.spec().key())
                : Map.of();
        List<RealServerLine> lines = new ArrayList<>();
        int healthy = 0;
        MonotonicInstant now = Ticker.system().now();
        for (int i = 0; i < configured.checks().size(); i++) {
            RealServerSpec spec = configured.spec().realServers().get(i);
            RealServerHealth checked = health.realServer(configured.checks().get(i), now);
            if (checked.verdict().health() == Health.HEALTHY) {
                healthy++;
            }
            lines.add(realServer(
                    spec,
                    checked,
                    held,
                    realServerStats.get(spec.key()),
                    policy.member(configured.spec(), spec),
                    peers.of(new RealServerName(configured.spec().name(), spec.name()))));
        }
        return new VirtualServerLine(
                configured.spec().name(),
                configured.destination(),
                configured.spec().virtualServer().scheduler().toString(),
                healthy,
                stats.traffic().connections(),
                stats.connectionsPerSecond(),
                stats.traffic().bytesIn(),
                stats.traffic().bytesOut(),
                lines,
                policy.pool(configured.spec(), realServerStats));
    }

    private static RealServerLine realServer(
            RealServerSpec spec,
            RealServerHealth checked,
            Optional<Pool> held,
            @Nullable RealServerStats stats,
            MemberLine member,
            PeerVerdictLines peers) {
        Optional<RealServer> inKernel = held.map(pool -> pool.realServers().get(spec.key()));
        return new RealServerLine(
                spec.name(),
                spec.key().toString(),
                spec.realServer().path(),
                checked.verdict().health().word(),
                checked.reason(),
                checked.since().map(StatusReporter::time).orElse(null),
                inKernel.map(RealServer::weight).orElse(null),
                spec.realServer().weight(),
                stats == null ? 0 : stats.activeConnections(),
                stats == null ? 0 : stats.inactiveConnections(),
                stats == null ? 0 : stats.traffic().connections(),
                member,
                checked.requires(),
                checked.checks(),
                peers.isDisputed(),
                peers.lines());
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
