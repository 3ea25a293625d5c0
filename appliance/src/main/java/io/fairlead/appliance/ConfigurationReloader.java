package io.fairlead.appliance;

import io.fairlead.appliance.address.AddressKeeper;
import io.fairlead.appliance.admin.ConfirmReport;
import io.fairlead.appliance.admin.PlanReport;
import io.fairlead.appliance.admin.ReloadReport;
import io.fairlead.appliance.admin.ReloadRequest;
import io.fairlead.appliance.election.ElectionKeeper;
import io.fairlead.appliance.event.EventKind;
import io.fairlead.appliance.event.EventSink;
import io.fairlead.appliance.event.EventSubject;
import io.fairlead.appliance.host.HostKeeper;
import io.fairlead.appliance.loop.ApplyOutcome;
import io.fairlead.appliance.loop.ControlLoop;
import io.fairlead.appliance.loop.PlanOutcome;
import io.fairlead.appliance.metrics.ReloadCounts;
import io.fairlead.appliance.state.ReloadGuardFile.Guard;
import io.fairlead.conf.AdminConfig;
import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.ConfigSource;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.conf.KubernetesServers.Merged;
import io.fairlead.conf.Problem;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.policy.VirtualAddressSpec;
import io.fairlead.core.text.Amount;
import io.fairlead.kube.mapping.MappedService;
import io.fairlead.kube.model.ObjectName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration file again, off the control thread, and hands it to the loop. One reload at a time, so that the
 * last one asked for is the one that stands.
 */
final class ConfigurationReloader {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationReloader.class);
    private static final int LOGGED_PROBLEMS_MAX = 20;
    private static final int REHEARSALS = 16;
    private static final Duration REHEARSAL_PAUSE = Duration.ofMillis(100);

    private final ConfigSource source;
    private final AdminConfig admin;
    private final Path stateDirectory;
    private final ControlLoop loop;
    private final AddressKeeper addresses;
    private final ElectionKeeper elections;
    private final TargetNames names;
    private final ReloadGuard guard;
    private final EventSink events;
    private final EventTeller eventTeller;
    private final HostKeeper host;
    private final MetricsKeeper metrics;
    private volatile ReloadCounts counts = ReloadCounts.NONE;
    /** What the file held when it was last followed, and what the cluster adds. Guarded by this, as all that follows. */
    private Optional<FairleadConfig> followed = Optional.empty();

    private ClusterPart cluster = ClusterPart.NONE;
    private volatile List<String> clusterConflicts = List.of();
    private Consumer<FairleadConfig> whenTakenBack = _ -> {};

    ConfigurationReloader(
            ConfigSource source,
            AdminConfig admin,
            Path stateDirectory,
            ControlLoop loop,
            AddressKeeper addresses,
            ElectionKeeper elections,
            HostKeeper host,
            MetricsKeeper metrics,
            TargetNames names,
            ReloadGuard guard,
            EventSink events,
            EventTeller eventTeller) {
        this.eventTeller = eventTeller;
        this.guard = guard;
        this.addresses = addresses;
        this.elections = elections;
        this.host = host;
        this.metrics = metrics;
        this.names = names;
        this.events = events;
        this.source = source;
        this.stateDirectory = stateDirectory;
        this.admin = admin;
        this.loop = loop;
    }

    /**
     * Follows the first configuration.
     *
     * @param by why, for the event log
     */
    synchronized ReloadReport start(ConfigOutcome found, String by) {
        ReloadReport report = follow(found, false, "followed", by);
        guard.arm(this::takeBack);
        return report;
    }

    /** Reads the file and follows it, or refuses it whole and changes nothing. */
    synchronized ReloadReport reload(ReloadRequest request) {
        ConfigOutcome found = source.load();
        if (!(found instanceof ConfigOutcome.Accepted(var config, var _))) {
            return follow(found, request.force(), "followed", request.by());
        }
        Optional<Guard> earlier = guard.view();
        if (request.confirmWithin().isPresent()) {
            try {
                guard.begin(request.confirmWithin().get(), followed.orElseThrow(), config);
            } catch (IOException e) {
                return ReloadReport.refused(List.of("the configuration in use cannot be kept to go back to: " + e));
            }
        }
        ReloadReport report = follow(found, request.force(), "followed", request.by());
        if (!report.accepted()) {
            if (request.confirmWithin().isPresent()) {
                guard.undo(earlier);
            }
            return report;
        }
        if (request.confirmWithin().isEmpty()) {
            if (!guard.isPending()) {
                guard.forget(); // what was taken back before is asked for now, or replaced
                return report;
            }
            guard.replaced(config);
        }
        guard.arm(this::takeBack);
        return report.toBeConfirmed(guard.view().orElseThrow().deadline().toString());
    }

    /** Keeps what waits to be confirmed. */
    synchronized ConfirmReport confirm(String by) {
        if (!guard.isPending()) {
            return new ConfirmReport(false, List.of("no reload waits to be confirmed"));
        }
        guard.forget();
        LOG.info("Configuration confirmed by=\"{}\"", by);
        events.record(EventKind.CONFIGURATION, EventSubject.of(source.file().toString()), "confirmed", by);
        return new ConfirmReport(true, List.of());
    }

    /** Goes back to the configuration before, as nobody has confirmed the one that is followed. */
    private synchronized void takeBack() {
        if (!guard.isPending()
                || Instant.now().isBefore(guard.view().orElseThrow().deadline())) {
            return; // confirmed, or given more time, while this waited
        }
        ConfigOutcome before = guard.before();
        guard.takenBack();
        LOG.warn("Configuration was not confirmed, and is taken back file={}", source.file());
        follow(before, true, "taken back", "the reload was not confirmed in time");
        followed.ifPresent(whenTakenBack);
    }

    /** @param done what it is called in the event log once it is followed */
    private ReloadReport follow(ConfigOutcome found, boolean force, String done, String by) {
        ReloadReport report = switch (found) {
            case ConfigOutcome.Refused refused -> ReloadReport.refused(refused.report());
            case ConfigOutcome.Accepted(var config, var warnings) -> {
                ClusterPart part = cluster.under(config);
                Merged merged = part.beside(config);
                yield switch (apply(config.withVirtualServers(merged.virtualServers()), force)) {
                    case ApplyOutcome.Applied(var operations, var failures) -> {
                        followed = Optional.of(config);
                        cluster = part;
                        clusterConflicts = merged.conflicts();
                        yield new ReloadReport(
                                true, false, remarks(config, warnings), operations, withHost(config, failures), null);
                    }
                    case ApplyOutcome.HeldBack(var reasons) -> ReloadReport.heldBack(reasons);
                    case ApplyOutcome.Unsupported(var reasons) -> ReloadReport.refused(reasons);
                };
            }
        };
        if (!report.accepted()) {
            followed.ifPresent(still -> names.follow(withCluster(still)));
        }
        tell(report, done, by);
        counts = counted(report);
        report.problems().stream().limit(LOGGED_PROBLEMS_MAX).forEach(problem -> LOG.warn("{}", problem));
        if (report.accepted()) {
            LOG.info("Configuration applied file={} operations={}", source.file(), report.operations());
        } else {
            LOG.error(
                    "Configuration refused, nothing was changed file={} problems={}",
                    source.file(),
                    report.problems().size());
        }
        return report;
    }

    /** Makes the names known first: checks begin, and find something out, before the loop is done. */
    private ApplyOutcome apply(FairleadConfig config, boolean force) {
        names.follow(config);
        return await(loop.apply(config, force));
    }

    private void tell(ReloadReport report, String done, String by) {
        String change;
        if (report.accepted()) {
            change = done + ", " + Amount.of(report.operations(), "operation")
                    + (guard.isPending()
                            ? ", to be confirmed by "
                                    + guard.view().orElseThrow().deadline()
                            : "");
        } else {
            change = (report.heldBack() ? "held back: " : "refused: ")
                    + report.problems().stream().findFirst().orElse("")
                    + (report.problems().size() > 1
                            ? " and " + (report.problems().size() - 1) + " more"
                            : "");
        }
        events.record(EventKind.CONFIGURATION, EventSubject.of(source.file().toString()), change, by);
    }

    /** Tells how the readings of the file went. Any thread. */
    ReloadCounts counts() {
        return counts;
    }

    private ReloadCounts counted(ReloadReport report) {
        if (report.accepted()) {
            return counts.withApplied(Instant.now());
        }
        return report.heldBack() ? counts.withHeldBack() : counts.withRefused();
    }

    /** Tells {@code listener} of a configuration that is followed again, because the one after it was not confirmed. */
    synchronized void whenTakenBack(Consumer<FairleadConfig> listener) {
        whenTakenBack = listener;
    }

    /** Returns what the file held when it was last followed. */
    synchronized Optional<FairleadConfig> followed() {
        return followed;
    }

    /** Takes what the Services of the cluster became in an earlier run, to be followed with the first configuration. */
    synchronized void remember(FairleadConfig config, SortedMap<ObjectName, MappedService> services) {
        cluster = ClusterPart.NONE.changedTo(config, services, services.keySet());
    }

    /**
     * Follows what the Services of the cluster have become, beside what the file holds. Nothing is held back here: what a
     * list lacked too much of was, and what an event says is meant.
     *
     * @param different for which Services something is different now
     * @return whether all of it is followed; otherwise it is to be tried again
     */
    synchronized boolean followCluster(SortedMap<ObjectName, MappedService> services, Set<ObjectName> different) {
        FairleadConfig config = followed.orElseThrow();
        if (!config.kubernetes().enabled()) {
            return true; // switched off meanwhile
        }
        ClusterPart before = cluster;
        ClusterPart part = before.changedTo(config, services, different);
        Merged merged = part.beside(config);
        ApplyOutcome outcome = apply(config.withVirtualServers(merged.virtualServers()), true);
        if (outcome instanceof ApplyOutcome.Unsupported(var reasons)) {
            // One Service that asks for what this kernel lacks must not stop the others: those with packet rules go.
            LOG.warn("The kernel cannot do all that Services ask for: {}", String.join("; ", reasons));
            merged = merged.withoutPacketRules(config.virtualServers(), reasons);
            outcome = apply(config.withVirtualServers(merged.virtualServers()), true);
        }
        if (outcome instanceof ApplyOutcome.Applied) {
            cluster = part;
            clusterConflicts = merged.conflicts();
            if (!part.addressesInUse().equals(before.addressesInUse())) {
                withAddresses(config, List.of()).forEach(failure -> LOG.warn("{}", failure));
                elections.followAddresses(part.withRouterAddresses(config));
            }
            return true;
        }
        return false;
    }

    /** Returns which virtual servers of the cluster are left out, and why. Any thread. */
    List<String> clusterConflicts() {
        return clusterConflicts;
    }

    /** Addresses come last: whoever connects before all else stands would be refused. */
    private List<String> withHost(FairleadConfig config, List<String> failures) {
        List<String> ofHost = new ArrayList<>(failures);
        ofHost.addAll(host.follow(config));
        List<String> all = withAddresses(config, ofHost);
        all.addAll(elections.follow(cluster.withRouterAddresses(config)));
        metrics.follow(config.metrics()).ifPresent(all::add);
        eventTeller.follow(config.events());
        return all;
    }

    private List<String> withAddresses(FairleadConfig config, List<String> failures) {
        List<String> all = new ArrayList<>(failures);
        try {
            all.addAll(await(addresses.follow(
                            cluster.addresses(config),
                            ElectionKeeper.addresses(cluster.withRouterAddresses(config)),
                            config.resyncInterval()))
                    .failing());
        } catch (KernelException e) {
            all.add(String.valueOf(e.getMessage()));
        }
        return all;
    }

    /**
     * Goes through reloads that change nothing, so that the first one asked for is not the first one done: a loop over
     * thousands of virtual servers is compiled when it has gone round some tens of thousands of times.
     */
    void rehearse() throws InterruptedException {
        for (int i = 0; i < REHEARSALS; i++) {
            Optional<FairleadConfig> rehearsed = source.rehearse();
            if (rehearsed.isEmpty()) {
                return;
            }
            await(loop.plan(withCluster(rehearsed.get())));
            Thread.sleep(REHEARSAL_PAUSE); // others want the loop too
        }
    }

    private synchronized FairleadConfig withCluster(FairleadConfig config) {
        return config.withVirtualServers(cluster.under(config).beside(config).virtualServers());
    }

    private synchronized List<VirtualAddressSpec> addressesOf(FairleadConfig config) {
        return cluster.under(config).addresses(config);
    }

    /** Tells what a reload would do, from {@code other} or from the file in use. */
    PlanReport plan(Optional<Path> other) {
        return switch (other.map(ConfigFile::load).orElseGet(source::load)) {
            case ConfigOutcome.Refused refused -> new PlanReport(false, refused.report(), List.of());
            case ConfigOutcome.Accepted(var config, var warnings) -> {
                PlanOutcome outcome = await(loop.plan(withCluster(config)));
                yield outcome.unsupported().isEmpty()
                        ? new PlanReport(true, PlanText.remarks(config, warnings, outcome), planLines(config, outcome))
                        : new PlanReport(false, outcome.unsupported(), List.of());
            }
        };
    }

    private List<String> planLines(FairleadConfig config, PlanOutcome outcome) {
        return PlanText.lines(
                outcome,
                host.plan(config),
                await(addresses.plan(addressesOf(config), outcome.draining())).ops());
    }

    private static List<String> texts(List<Problem> problems) {
        return problems.stream().map(Problem::toString).toList();
    }

    private List<String> remarks(FairleadConfig config, List<Problem> warnings) {
        List<String> remarks = new ArrayList<>(texts(warnings));
        if (!config.admin().socket().equals(admin.socket())) {
            remarks.add("fairlead.admin.socket: still " + admin.socket() + " ("
                    + config.admin().socket() + " will be used from the next start)");
        } else if (!config.admin().equals(admin)) {
            remarks.add("fairlead.admin.read-only-socket: still as it was at the start (will change with the next)");
        }
        if (!config.stateDirectory().equals(stateDirectory)) {
            remarks.add("fairlead.state-directory: still " + stateDirectory + " (" + config.stateDirectory()
                    + " will be used from the next start)");
        }
        return remarks;
    }

    /** Waits for the control loop; what failed there fails here. */
    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the control loop", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
