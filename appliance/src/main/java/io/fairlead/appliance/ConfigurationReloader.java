package io.fairlead.appliance;

import io.fairlead.appliance.address.AddressKeeper;
import io.fairlead.appliance.admin.PlanReport;
import io.fairlead.appliance.admin.ReloadReport;
import io.fairlead.appliance.event.EventKind;
import io.fairlead.appliance.event.EventSink;
import io.fairlead.appliance.event.EventSubject;
import io.fairlead.appliance.host.HostKeeper;
import io.fairlead.appliance.loop.ApplyOutcome;
import io.fairlead.appliance.loop.ControlLoop;
import io.fairlead.appliance.loop.PlanOutcome;
import io.fairlead.appliance.metrics.ReloadCounts;
import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.ConfigSource;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.conf.Problem;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.reconcile.IpText;
import io.fairlead.core.reconcile.IpvsAdmText;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration file again, off the control thread, and hands it to the loop. One reload at a time, so that the
 * last one asked for is the one that stands.
 */
final class ConfigurationReloader {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationReloader.class);
    private static final int LOGGED_PROBLEMS_MAX = 20;

    private final ConfigSource source;
    private final Path adminSocket;
    private final Path stateDirectory;
    private final ControlLoop loop;
    private final AddressKeeper addresses;
    private final TargetNames names;
    private final EventSink events;
    private final HostKeeper host;
    private final MetricsKeeper metrics;
    private volatile ReloadCounts counts = ReloadCounts.NONE;

    ConfigurationReloader(
            ConfigSource source,
            Path adminSocket,
            Path stateDirectory,
            ControlLoop loop,
            AddressKeeper addresses,
            HostKeeper host,
            MetricsKeeper metrics,
            TargetNames names,
            EventSink events) {
        this.addresses = addresses;
        this.host = host;
        this.metrics = metrics;
        this.names = names;
        this.events = events;
        this.source = source;
        this.stateDirectory = stateDirectory;
        this.adminSocket = adminSocket;
        this.loop = loop;
    }

    /**
     * Reads the file and follows it, or refuses it whole and changes nothing.
     *
     * @param by who or what asks for it, for the event log
     */
    synchronized ReloadReport reload(boolean force, String by) {
        return follow(source.load(), force, by);
    }

    /** Follows what the file was found to hold. */
    synchronized ReloadReport follow(ConfigOutcome found, boolean force, String by) {
        ReloadReport report = switch (found) {
            case ConfigOutcome.Refused refused -> ReloadReport.refused(refused.report());
            case ConfigOutcome.Accepted(var config, var warnings) ->
                switch (await(loop.apply(config, force))) {
                    case ApplyOutcome.Applied(var operations, var failures) ->
                        new ReloadReport(
                                true, false, remarks(config, warnings), operations, withHost(config, failures));
                    case ApplyOutcome.HeldBack(var reasons) -> ReloadReport.heldBack(reasons);
                    case ApplyOutcome.Unsupported(var reasons) -> ReloadReport.refused(reasons);
                };
        };
        if (report.accepted() && found instanceof ConfigOutcome.Accepted(var config, var _)) {
            names.follow(config);
        }
        tell(report, by);
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

    private void tell(ReloadReport report, String by) {
        String change;
        if (report.accepted()) {
            change = "followed, " + report.operations() + " operations";
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

    /** Addresses come last: whoever connects before all else stands would be refused. */
    private List<String> withHost(FairleadConfig config, List<String> failures) {
        List<String> all = new ArrayList<>(failures);
        all.addAll(host.follow(config));
        try {
            all.addAll(await(addresses.follow(config.host().virtualAddresses(), Set.of(), config.resyncInterval()))
                    .failing());
        } catch (KernelException e) {
            all.add(String.valueOf(e.getMessage()));
        }
        metrics.follow(config.metrics()).ifPresent(all::add);
        return all;
    }

    /** Goes through a reload that changes nothing, so that the first one asked for is not the first one done. */
    void rehearse() {
        source.rehearse().ifPresent(loop::plan);
    }

    /** Tells what a reload would do, from {@code other} or from the file in use. */
    PlanReport plan(Optional<Path> other) {
        return switch (other.map(ConfigFile::load).orElseGet(source::load)) {
            case ConfigOutcome.Refused refused -> new PlanReport(false, refused.report(), List.of());
            case ConfigOutcome.Accepted(var config, var warnings) -> {
                PlanOutcome outcome = await(loop.plan(config));
                yield outcome.unsupported().isEmpty()
                        ? new PlanReport(true, planRemarks(warnings, outcome), planLines(config, outcome))
                        : new PlanReport(false, outcome.unsupported(), List.of());
            }
        };
    }

    /** Packet rules stand before what needs them. */
    private List<String> planLines(FairleadConfig config, PlanOutcome outcome) {
        List<String> lines = new ArrayList<>(outcome.packetRules());
        outcome.plan().ops().forEach(op -> lines.add(IpvsAdmText.line(op)));
        host.plan(config).forEach(setting -> lines.add("sysctl -w " + setting));
        await(addresses.plan(config.host().virtualAddresses())).ops().forEach(op -> lines.add(IpText.line(op)));
        return lines;
    }

    private static List<String> planRemarks(List<Problem> warnings, PlanOutcome outcome) {
        List<String> remarks = new ArrayList<>(texts(warnings));
        outcome.heldBack().forEach(reason -> remarks.add("held back unless forced: " + reason));
        return remarks;
    }

    private static List<String> texts(List<Problem> problems) {
        return problems.stream().map(Problem::toString).toList();
    }

    private List<String> remarks(FairleadConfig config, List<Problem> warnings) {
        List<String> remarks = new ArrayList<>(texts(warnings));
        if (!config.adminSocket().equals(adminSocket)) {
            remarks.add("fairlead.admin.socket: still " + adminSocket + " (" + config.adminSocket()
                    + " will be used from the next start)");
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
