package io.fairlead.appliance;

import io.fairlead.appliance.address.AddressKeeper;
import io.fairlead.appliance.admin.AdminApi;
import io.fairlead.appliance.admin.AdminServer;
import io.fairlead.appliance.admin.CheckReport;
import io.fairlead.appliance.admin.CheckRequest;
import io.fairlead.appliance.admin.ConfirmReport;
import io.fairlead.appliance.admin.EventQuery;
import io.fairlead.appliance.admin.EventsReport;
import io.fairlead.appliance.admin.ExplainReport;
import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.HaRequest;
import io.fairlead.appliance.admin.KubernetesReport;
import io.fairlead.appliance.admin.OperatorReport;
import io.fairlead.appliance.admin.OperatorRequest;
import io.fairlead.appliance.admin.PlanReport;
import io.fairlead.appliance.admin.ReloadReport;
import io.fairlead.appliance.admin.ReloadRequest;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.election.ElectionKeeper;
import io.fairlead.appliance.election.HaReporter;
import io.fairlead.appliance.event.EventKind;
import io.fairlead.appliance.event.EventLog;
import io.fairlead.appliance.event.EventSubject;
import io.fairlead.appliance.host.HostKeeper;
import io.fairlead.appliance.loop.ControlLoop;
import io.fairlead.appliance.loop.LoopView;
import io.fairlead.appliance.metrics.Content;
import io.fairlead.appliance.metrics.MetricsText;
import io.fairlead.appliance.metrics.Site;
import io.fairlead.appliance.metrics.StatusPage;
import io.fairlead.appliance.peers.SharedKeeper;
import io.fairlead.appliance.state.ReloadGuardFile;
import io.fairlead.appliance.state.StateFile;
import io.fairlead.appliance.state.StateKeeper;
import io.fairlead.appliance.supervise.SystemdNotifier;
import io.fairlead.appliance.supervise.Watchdog;
import io.fairlead.conf.AdminConfig;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.ConfigSource;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.execute.PacketRuleFollower;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.policy.Health;
import io.fairlead.core.policy.PoolState;
import io.fairlead.core.policy.Quorum;
import io.fairlead.core.text.Amount;
import io.fairlead.core.time.Ticker;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.HealthState;
import io.fairlead.health.netty.HealthChecker;
import io.fairlead.health.netty.HealthListener;
import io.fairlead.linux.host.ModuleFiles;
import io.fairlead.linux.host.ProcSysctlTable;
import io.fairlead.linux.ipvs.ConntrackSysctl;
import io.fairlead.linux.nftables.NftablesRuleTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running appliance. Starting adopts what the kernel holds; stopping leaves it there, because packets do not need us.
 *
 * <pre>
 *   file ──► ConfigurationReloader ──► ControlLoop ──► TableFollower ──► kernel
 *   HealthChecker ───────────────────────▲    ▲
 *   AdminServer ──► StatusReporter ───────────┘
 *   KubernetesSource ──► ConfigurationReloader, which sets its virtual servers beside those of the file
 *   AddressKeeper ──► addresses of interfaces, neighbours
 *   HostKeeper ──► settings of the kernel
 * </pre>
 */
public final class Appliance implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Appliance.class);
    private static final Duration GATHER_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final IpvsTables tables;
    private final StateKeeper keeper;
    private final EventLog events;
    private final EventTeller eventTeller;
    private final TargetNames names;
    private final SharedKeeper shared;
    private final NftablesRuleTable ruleTable = NftablesRuleTable.open();
    private final HealthChecker checker;
    private final HealthTimes healthTimes = new HealthTimes();
    private final HealthLog healthLog = new HealthLog(Ticker.system().now());
    private final ControlLoop loop;
    private final AddressKeeper addresses;
    private final ElectionKeeper elections;
    private final HostKeeper host;
    private final Thread loopThread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Optional<Throwable> loopFailure = Optional.empty();
    private final ReloadGuard guard;
    private final ConfigurationReloader reloader;
    private final KubernetesSource kubernetes;
    private final RealServerOperator operator;
    private final RealServerProber prober;
    private final StatusReporter reporter;
    private final ScrapeReporter scrapes;
    private final MetricsKeeper metrics = new MetricsKeeper(new WatchersSite());
    private final Explainer explainer;
    /** Foreign calls are for platform threads; those that answer requests are virtual. */
    private final ExecutorService statusThread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("fairlead-status").daemon().factory());

    private final SystemdNotifier notifier = SystemdNotifier.of(System.getenv());
    private Optional<OwnerLock> owner = Optional.empty();
    private final List<AdminServer> admin = new ArrayList<>();
    private Optional<Watchdog> watchdog = Optional.empty();

    private Appliance(
            ConfigSource source, FairleadConfig config, ReloadGuard guard, String version, IpvsTables tables) {
        this.guard = guard;
        this.tables = tables;
        // Nothing is checked, and so nothing reported, before the loop says what to check.
        this.keeper = new StateKeeper(new StateFile(config.stateDirectory()), Ticker.system());
        this.events = EventLog.open(config.stateDirectory());
        this.eventTeller = new EventTeller(events);
        this.names = new TargetNames(config.withVirtualServers(List.of()));
        this.shared = new SharedKeeper(keeper.memory().wishes(), keeper::noteWishes, events);
        this.checker = new HealthChecker(new HealthTeller());
        this.loop = new ControlLoop(
                tables.loop(),
                new PacketRuleFollower(ruleTable, new ConntrackSysctl()),
                config.withVirtualServers(List.of()),
                target -> checker.stateOf(target).verdict(),
                checker::update,
                keeper.memory(),
                keeper,
                shared,
                events,
                Ticker.system());
        shared.begin(loop::look, target -> checker.stateOf(target).verdict(), loop::wishesChanged, loop::masterChanged);
        this.addresses = AddressKeeper.open(this::draining, keeper.memory().addresses(), keeper, Ticker.system());
        this.host = new HostKeeper(
                new ProcSysctlTable(), new ModuleFiles(), keeper.memory().sysctls(), keeper);
        this.elections = new ElectionKeeper(
                events, shared, this::lostQuorum, this::checksHaveSpoken, tables.present(), loop::keepQuiet);
        this.reloader = new ConfigurationReloader(
                source,
                config.admin(),
                config.stateDirectory(),
                loop,
                addresses,
                elections,
                host,
                metrics,
                names,
                guard,
                events,
                eventTeller);
        this.kubernetes = new KubernetesSource(reloader, config.stateDirectory(), elections::actsFor, Ticker.system());
        this.operator = new RealServerOperator(loop, keeper);
        this.explainer = new Explainer(tables.status());
        this.prober = new RealServerProber(
                () -> ConfigurationReloader.await(loop.look()).config().virtualServers(), checker::probeNow);
        this.reporter = new StatusReporter(
                tables.status(),
                checker,
                healthTimes,
                addresses::view,
                host::look,
                shared::view,
                this::election,
                guard::view,
                version,
                Instant.now());
        this.scrapes = new ScrapeReporter(
                tables.status(),
                checker,
                new ScrapeReporter.Views(
                        loop::counts,
                        addresses::view,
                        reloader::counts,
                        events::counts,
                        metrics::pauses,
                        this::election),
                version);
        this.loopThread = new Thread(this::runLoop, "fairlead-control");
    }

    /** Takes on the thread of the checks what they found to the loop, to the log and to those who ask. */
    private final class HealthTeller implements HealthListener {

        @Override
        public void healthChanged(CheckTarget target, HealthState before, HealthState now) {
            healthLog.changed(target, before, now, Ticker.system().now());
            if (before.health() != now.health()) {
                healthTimes.note(target, Instant.now());
                events.record(
                        EventKind.HEALTH,
                        () -> names.subject(target),
                        now.health().word() + ", was " + before.health().word(),
                        now.lastResult().map(CheckResult::detail).orElse("not checked"));
            }
            loop.healthChanged(target);
            shared.lookSoon();
        }

        @Override
        public void ended(CheckTarget target) {
            healthTimes.forget(target);
        }
    }

    /**
     * Starts an appliance: reads the file, opens the kernel's table, adopts what is there, begins to check, and listens.
     *
     * @param version shown in status
     * @throws StartupException if the file is refused, the kernel lacks something, or another appliance runs
     */
    public static Appliance start(Path file, String version) throws StartupException {
        ConfigSource source = new ConfigSource(file);
        ConfigOutcome inFile = source.load();
        ReloadGuard guard = new ReloadGuard(new ReloadGuardFile(accepted(inFile).stateDirectory()));
        ConfigOutcome found = guard.atStart(inFile);
        FairleadConfig config = accepted(found);
        try {
            Appliance appliance = new Appliance(source, config, guard, version, IpvsTables.open(config));
            try {
                appliance.begin(config.admin(), found, version);
                return appliance;
            } catch (StartupException | RuntimeException e) {
                appliance.close();
                throw e;
            }
        } catch (KernelException e) {
            throw StartupException.hostUnfit(String.valueOf(e.getMessage()));
        }
    }

    private static FairleadConfig accepted(ConfigOutcome outcome) throws StartupException {
        return switch (outcome) {
            case ConfigOutcome.Accepted accepted -> accepted.config();
            case ConfigOutcome.Refused refused -> throw StartupException.configurationRefused(refused.report());
        };
    }

    private void begin(AdminConfig sockets, ConfigOutcome found, String version) throws StartupException {
        try {
            // First, because these find out whether another appliance runs here, and until then nothing may be changed.
            owner = Optional.of(OwnerLock.take());
        } catch (IOException e) {
            throw StartupException.hostUnfit(String.valueOf(e.getMessage()));
        }
        try {
            admin.add(AdminServer.start(new Api(), sockets.socket()));
            if (sockets.readOnlySocket().isPresent()) {
                admin.add(AdminServer.startReadOnly(
                        new Api(), sockets.readOnlySocket().get(), sockets.readOnlyGroup()));
            }
        } catch (IOException e) {
            throw StartupException.hostUnfit("admin socket: " + e.getMessage());
        }
        loopThread.start();
        if (found instanceof ConfigOutcome.Accepted accepted) {
            // Before the first configuration: what is not in that counts as left behind, and drains.
            reloader.remember(
                    accepted.config(), kubernetes.saved(accepted.config().kubernetes()));
        }
        ReloadReport report = reloader.start(found, "start of version " + version);
        if (!report.accepted()) {
            throw StartupException.configurationRefused(report.problems());
        }
        reloader.followed().ifPresent(config -> kubernetes.follow(config, false));
        reloader.whenTakenBack(config ->
                Thread.ofVirtual().name("fairlead-kubernetes-reload").start(() -> kubernetes.follow(config, false)));
    }

    /** Returns the addresses of virtual servers that left the configuration and drain; empty while the loop cannot say. */
    private Optional<Set<IpAddress>> draining() {
        try {
            Set<IpAddress> draining = new HashSet<>();
            for (VirtualServerKey key : ConfigurationReloader.await(loop.look()).leaving()) {
                if (key instanceof VirtualServerKey.AddressKey address) {
                    draining.add(address.address().address());
                }
            }
            return Optional.of(draining);
        } catch (IllegalStateException e) {
            LOG.debug("Cannot ask what drains", e);
            return Optional.empty();
        }
    }

    private HaReport election() {
        return HaReporter.report(elections.view(), elections.unfollowed());
    }

    private boolean lostQuorum(String virtualServer) {
        try {
            LoopView view = ConfigurationReloader.await(loop.look());
            return view.config().virtualServers().stream()
                    .filter(configured -> configured.spec().name().equals(virtualServer))
                    .anyMatch(configured ->
                            lost(view.states().get(configured.spec().key())));
        } catch (IllegalStateException e) {
            return false; // the loop is stopping, or has no time to say
        }
    }

    private boolean checksHaveSpoken() {
        try {
            return ConfigurationReloader.await(loop.look()).config().virtualServers().stream()
                    .flatMap(configured -> configured.targets().stream())
                    .allMatch(target -> checker.stateOf(target).health() != Health.UNKNOWN);
        } catch (IllegalStateException e) {
            return false; // as above
        }
    }

    private static boolean lost(@Nullable PoolState state) {
        return state != null && state.quorum() == Quorum.State.LOST;
    }

    private void runLoop() {
        try {
            loop.run();
        } catch (Throwable e) {
            LOG.error("Control loop failed; the kernel's table stays as it is", e);
            loopFailure = Optional.of(e);
        } finally {
            ended.countDown();
        }
    }

    private final class Api implements AdminApi {
        @Override
        public StatusReport status() {
            return ConfigurationReloader.await(loop.look().thenApplyAsync(reporter::report, statusThread));
        }

        @Override
        public ReloadReport reload(ReloadRequest request) {
            return Appliance.this.reload(request);
        }

        @Override
        public ConfirmReport confirm(String by) {
            return reloader.confirm(by);
        }

        @Override
        public OperatorReport operate(OperatorRequest request, String by) {
            return operator.operate(request, by);
        }

        @Override
        public ExplainReport explain(String virtualServer, IpAddress client, OptionalInt clientPort) {
            return ConfigurationReloader.await(loop.look()
                    .thenApplyAsync(view -> explainer.explain(view, virtualServer, client, clientPort), statusThread));
        }

        @Override
        public EventsReport events(EventQuery query) {
            try {
                EventLog.Page page = query.after().isPresent()
                        ? events.after(query.after().getAsLong(), query.most(), query.virtualServer(), query.patience())
                        : events.latest(query.most(), query.virtualServer());
                return new EventsReport(StatusReport.SCHEMA_VERSION, page.events(), page.last(), page.missed());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for events", e);
            }
        }

        @Override
        public CheckReport check(CheckRequest request) {
            return prober.check(request);
        }

        @Override
        public KubernetesReport kubernetes() {
            return kubernetes.report();
        }

        @Override
        public HaReport highAvailability() {
            return election();
        }

        @Override
        public HaReport operate(HaRequest request, String by) {
            String router = request.router();
            String change = "maintenance ends";
            if (request.maintenance() == null) {
                List<String> asked = elections.handOver(Optional.ofNullable(router));
                if (asked.isEmpty()) {
                    return HaReport.refused(
                            router == null ? "no virtual routers are configured" : "no such virtual router: " + router);
                }
                change = "asked to hand over " + String.join(", ", asked);
            } else {
                elections.maintenance(request.maintenance());
                change = request.maintenance() ? "maintenance begins" : change;
            }
            events.record(EventKind.OPERATOR, EventSubject.of("high-availability"), change, by);
            LOG.info("High availability: {} by={}", change, by);
            return highAvailability();
        }

        @Override
        public PlanReport plan(Optional<Path> other) {
            return reloader.plan(other);
        }
    }

    /** What those who watch may see. */
    private final class WatchersSite implements Site {

        @Override
        public Optional<Page> page(String path) {
            return switch (path) {
                case "/metrics" -> Optional.of(this::metrics);
                case "/" -> metrics.hasStatusPage() ? Optional.of(_ -> statusPage()) : Optional.empty();
                default -> Optional.empty();
            };
        }

        private Content statusPage() throws Exception {
            return StatusPage.of(
                    gather(reporter::report),
                    election(),
                    events.latest(StatusPage.EVENTS_SHOWN, Optional.empty()).events(),
                    Instant.now());
        }

        private Content metrics(String accept) throws Exception {
            return MetricsText.of(gather(scrapes::report), accept);
        }
    }

    private <T> T gather(Function<LoopView, T> reading) throws InterruptedException, TimeoutException {
        try {
            return loop.look().thenApplyAsync(reading, statusThread).get(GATHER_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /**
     * Obeys SIGHUP (reload), SIGTERM and SIGINT (stop) until the appliance has stopped.
     *
     * @return why the control loop failed, if it did not just stop
     */
    public Optional<Throwable> runUntilStopped() throws InterruptedException {
        Signals.handle(
                "HUP",
                () -> Thread.ofVirtual()
                        .name("fairlead-reload")
                        .start(() -> reload(new ReloadRequest(false, Optional.empty(), "SIGHUP"))));
        Signals.handle("TERM", () -> stopOn("SIGTERM"));
        Signals.handle("INT", () -> stopOn("SIGINT"));
        // Not before the signals are handled: a reload asked for at once would end us.
        tellReady();
        watchdog = notifier.watchdogTimeout().map(timeout -> Watchdog.start(notifier, timeout, loop::ping));
        Thread.ofVirtual().name("fairlead-rehearsal").start(this::rehearse);
        ended.await();
        return loopFailure;
    }

    private void rehearse() {
        try {
            reloader.rehearse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException | KernelException e) {
            LOG.debug("No more rehearsals, the control loop is busy or ends", e);
        }
    }

    private ReloadReport reload(ReloadRequest request) {
        notifier.reloading();
        try {
            ReloadReport report = reloader.reload(request);
            if (report.accepted()) {
                reloader.followed().ifPresent(config -> kubernetes.follow(config, request.force()));
            }
            return report;
        } finally {
            tellReady();
        }
    }

    private void tellReady() {
        CompletableFuture<Void> _ = loop.look()
                .thenAccept(view -> notifier.ready(
                        "following " + Amount.of(view.config().virtualServers().size(), "virtual server")));
    }

    private void stopOn(String signal) {
        notifier.stopping();
        events.record(EventKind.APPLIANCE, EventSubject.of("fairlead"), "stops", signal);
        LOG.info("Stopping, the kernel's table stays as it is cause={}", signal);
        // First, so that the peers have the addresses before anything else ends.
        Thread.ofPlatform().name("fairlead-stop").daemon().start(() -> {
            elections.close();
            stopLoop();
        });
    }

    private void stopLoop() {
        try {
            loop.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops checking, deciding and listening. The kernel keeps what it has. */
    @Override
    public void close() {
        elections.close();
        watchdog.ifPresent(Watchdog::close);
        guard.close();
        kubernetes.close();
        admin.forEach(AdminServer::close);
        metrics.close();
        if (loopThread.isAlive()) {
            stopLoop();
            try {
                if (!loopThread.join(STOP_TIMEOUT)) {
                    LOG.warn("Control loop did not stop within {}", STOP_TIMEOUT);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        addresses.close();
        host.close();
        checker.close();
        shared.close();
        keeper.close();
        events.close();
        eventTeller.close();
        statusThread.shutdown();
        tables.close();
        ruleTable.close();
        notifier.close();
        owner.ifPresent(OwnerLock::close);
    }
}
