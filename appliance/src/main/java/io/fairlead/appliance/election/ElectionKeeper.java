package io.fairlead.appliance.election;

import io.fairlead.appliance.address.AddressKeeper;
import io.fairlead.appliance.event.EventKind;
import io.fairlead.appliance.event.EventSink;
import io.fairlead.appliance.event.EventSubject;
import io.fairlead.appliance.peers.SharedKeeper;
import io.fairlead.appliance.peers.SharedView;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.conf.ElectionUnit;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.conf.HighAvailabilityConfig;
import io.fairlead.core.kernel.AddressTable;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.InterfaceAddressStatus;
import io.fairlead.core.reconcile.AddressOp;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import io.fairlead.ha.channel.KeyFile;
import io.fairlead.ha.channel.LinkSpec;
import io.fairlead.ha.channel.LinkStats;
import io.fairlead.ha.channel.SealedLink;
import io.fairlead.ha.election.ElectionEvent;
import io.fairlead.ha.election.HelloRole;
import io.fairlead.ha.jgroups.GroupChannel;
import io.fairlead.ha.peer.PeerHint;
import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.peer.PeerLink;
import io.fairlead.ha.peer.PeerListener;
import io.fairlead.ha.runtime.ElectionRunner;
import io.fairlead.ha.runtime.RunnerStats;
import io.fairlead.ha.runtime.UnitSetup;
import io.fairlead.ha.runtime.UnitStatus;
import io.fairlead.ha.seal.KeyRing;
import io.fairlead.health.netty.HealthChecker;
import io.fairlead.linux.ipvs.IpvsSyncDaemons;
import io.fairlead.linux.neighbor.PacketNeighborAnnouncer;
import io.fairlead.linux.neighbor.PacketNeighborInquiry;
import io.fairlead.linux.route.RouteNetlinkAddressTable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the elections of this appliance as the configuration has them. Nothing runs while it has none. A reload changes what
 * goes on, and never begins anew; what cannot be changed so, the place of the channel and the list of peers, waits for the
 * next start and is reported until then.
 *
 * <p>All methods may be called by any thread.
 */
public final class ElectionKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ElectionKeeper.class);

    /** Between two looks whether this appliance is warm. */
    private static final Duration WARMTH_PAUSE = Duration.ofMillis(500);

    private final EventSink events;
    private final SharedKeeper shared;
    private final Predicate<String> lostQuorum;
    private final BooleanSupplier checksHaveSpoken;
    private final boolean ipvs;
    private final QuietAddresses quiet;
    private volatile @Nullable Running running;
    /** There is to be an election, also while it cannot begin. */
    private volatile boolean isWanted;

    private Optional<String> unfollowed = Optional.empty();

    private boolean maintenance;
    /** Guarded by this. */
    private Warmth warmth = Warmth.begun(Ticker.system().now());

    /**
     * Runs nothing yet.
     *
     * @param shared told of the group, so that it is shared what operators want and what the checks say
     * @param lostQuorum whether the virtual server of that name has lost its quorum
     * @param checksHaveSpoken whether no check is without a verdict; may wait for a moment
     * @param ipvs whether the kernel has connections to tell the peers of
     * @param quiet told from which addresses no reset is to be sent
     */
    public ElectionKeeper(
            EventSink events,
            SharedKeeper shared,
            Predicate<String> lostQuorum,
            BooleanSupplier checksHaveSpoken,
            boolean ipvs,
            QuietAddresses.Sink quiet) {
        this.events = events;
        this.shared = shared;
        this.lostQuorum = lostQuorum;
        this.checksHaveSpoken = checksHaveSpoken;
        this.ipvs = ipvs;
        this.quiet = new QuietAddresses(quiet);
    }

    /** What belongs to one run of the election. */
    private record Running(
            HighAvailabilityConfig first,
            HighAvailabilityConfig current,
            PeerLink link,
            Optional<GroupChannel> group,
            ElectionRunner runner,
            RoleTeller teller,
            TrackKeeper tracks,
            IsolationKeeper isolation,
            RouteNetlinkAddressTable table,
            RouteNetlinkAddressTable trackTable,
            RouteNetlinkAddressTable isolationTable,
            PacketNeighborAnnouncer announcer,
            Map<Integer, KernelUnitAddresses> addresses) {

        Running following(HighAvailabilityConfig next) {
            return new Running(
                    first,
                    next,
                    link,
                    group,
                    runner,
                    teller,
                    tracks,
                    isolation,
                    table,
                    trackTable,
                    isolationTable,
                    announcer,
                    addresses);
        }
    }

    /** How the election stands. */
    public record View(
            HighAvailabilityConfig config,
            List<UnitStatus> units,
            RunnerStats stats,
            boolean maintenance,
            List<String> failing,
            Optional<LinkStats> link,
            SharedView shared,
            boolean warm) {}

    /** Returns the addresses that an election moves: nobody else may touch them. */
    public static Set<InterfaceAddressKey> addresses(FairleadConfig config) {
        Set<InterfaceAddressKey> keys = new HashSet<>();
        config.highAvailability().ifPresent(ha -> ha.units().forEach(unit -> keys.addAll(unit.addresses())));
        return keys;
    }

    /** Follows a configuration; returns what of it cannot be followed now. */
    public synchronized List<String> follow(FairleadConfig config) {
        List<String> failing = new ArrayList<>();
        Optional<HighAvailabilityConfig> wanted = config.highAvailability();
        isWanted = wanted.isPresent();
        unfollowed = Optional.empty();
        if (wanted.isEmpty()) {
            stop();
            quiet.follow(List.of());
            return failing;
        }
        HighAvailabilityConfig ha = wanted.get();
        try {
            KeyRing keys = ha.secretFile().isPresent() && ha.peers().size() > 1
                    ? KeyFile.read(ha.secretFile().get())
                    : null;
            Running now = running;
            boolean begins = now == null;
            if (now == null) {
                now = begin(ha, keys);
                running = now;
            } else {
                if (!sharesChannel(now.first(), ha)) {
                    failing.add("high-availability: cluster, bind-address, port and peers are as they were"
                            + " until the next start");
                }
                if (now.link() instanceof SealedLink sealed && keys != null) {
                    sealed.use(keys);
                }
            }
            update(now, ha);
            if (ipvs) {
                failing.addAll(followConnectionSync(now, config, ha, begins));
            } else {
                now.runner().tellAll(new ElectionEvent.WarmChanged(true));
            }
        } catch (KeyFile.Unusable | KernelException e) {
            LOG.warn("Cannot follow high-availability as it is configured now reason=\"{}\"", e.getMessage());
            unfollowed = Optional.of("high-availability: " + e.getMessage());
            failing.add(unfollowed.get());
        }
        return failing;
    }

    /** Follows other addresses of the virtual routers, and nothing else. */
    public synchronized void followAddresses(FairleadConfig config) {
        Running now = running;
        if (now != null) {
            config.highAvailability().ifPresent(ha -> update(now, ha));
        }
    }

    /**
     * Returns whether this appliance is the one that acts for a virtual router: its master. Any thread; never waits.
     *
     * @param router its name; empty for all that no router is named for, for which the first one in order counts
     * @return true also without high availability, and false while nobody is master
     */
    public boolean actsFor(Optional<String> router) {
        Running now = running;
        if (now == null) {
            return !isWanted;
        }
        Optional<ElectionUnit> unit = now.current().units().stream()
                .filter(candidate ->
                        router.map(name -> isNamed(candidate, name)).orElse(true))
                .findFirst();
        return unit.map(found -> isMaster(now, found)).orElse(true);
    }

    /**
     * Returns which peer has the traffic of a virtual server: the master of the unit that has its address, or, where none has it,
     * of the first one in order. Empty if that is this appliance, or nobody. Any thread; never waits.
     */
    Optional<PeerId> masterOf(ConfiguredVirtualServer virtualServer) {
        Running now = running;
        if (now == null) {
            return Optional.empty();
        }
        List<ElectionUnit> units = now.current().units();
        return units.stream()
                .filter(unit -> hasAddressOf(unit, virtualServer))
                .findFirst()
                .or(() -> units.stream().findFirst())
                .flatMap(unit -> now.runner().units().stream()
                        .filter(status -> status.spec().id() == unit.spec().id())
                        .findFirst())
                .flatMap(UnitStatus::master)
                .map(peer -> new PeerId(peer.name()));
    }

    private static boolean hasAddressOf(ElectionUnit unit, ConfiguredVirtualServer virtualServer) {
        return virtualServer.destinations().stream()
                .anyMatch(destination ->
                        unit.addresses().stream().anyMatch(key -> key.address().equals(destination.address())));
    }

    private static boolean isMaster(Running now, ElectionUnit unit) {
        return now.runner().units().stream()
                .anyMatch(status -> status.spec().id() == unit.spec().id() && status.role() == HelloRole.MASTER);
    }

    private static boolean sharesChannel(HighAvailabilityConfig one, HighAvailabilityConfig other) {
        return one.cluster().equals(other.cluster())
                && one.self().equals(other.self())
                && one.port() == other.port()
                && one.peers().equals(other.peers());
    }

    private Running begin(HighAvailabilityConfig ha, @Nullable KeyRing keys) {
        Relay relay = new Relay(events);
        PeerLink link = keys == null ? new LoneLink() : new SealedLink(linkSpec(ha), keys, relay);
        RoleTeller teller = new RoleTeller(events, shared::lookSoon);
        ElectionRunner runner = new ElectionRunner(link, quiet.before(teller), Ticker.system());
        relay.runner = runner;
        RouteNetlinkAddressTable table = RouteNetlinkAddressTable.open();
        RouteNetlinkAddressTable trackTable = RouteNetlinkAddressTable.open();
        RouteNetlinkAddressTable isolationTable = RouteNetlinkAddressTable.open();
        PacketNeighborAnnouncer announcer = PacketNeighborAnnouncer.open();
        TrackKeeper tracks = new TrackKeeper(trackTable, new HealthChecker((_, _, _) -> {}), lostQuorum, runner);
        IsolationKeeper isolation = new IsolationKeeper(isolationTable, new PacketNeighborInquiry(Ticker.system()));
        sweep(table, ha);
        if (link instanceof SealedLink sealed) {
            sealed.start();
        }
        isolation.start();
        runner.start();
        tracks.start();
        Optional<GroupChannel> group =
                link instanceof SealedLink sealed ? Optional.of(joinGroup(sealed, linkSpec(ha))) : Optional.empty();
        return new Running(
                ha,
                ha,
                link,
                group,
                runner,
                teller,
                tracks,
                isolation,
                table,
                trackTable,
                isolationTable,
                announcer,
                new HashMap<>());
    }

    private GroupChannel joinGroup(SealedLink link, LinkSpec spec) {
        GroupChannel group = new GroupChannel(link, spec, shared.groupListener());
        shared.join(spec.self(), group, Set.copyOf(spec.peerIds()), this::masterOf);
        group.start();
        return group;
    }

    private static LinkSpec linkSpec(HighAvailabilityConfig ha) {
        List<LinkSpec.PeerAddress> peers = ha.peers().stream()
                .filter(peer -> !peer.equals(ha.self()))
                .map(peer -> new LinkSpec.PeerAddress(new PeerId(peer.name()), peer.address()))
                .toList();
        return new LinkSpec(
                ha.cluster(),
                new PeerId(ha.self().name()),
                ha.bindAddress(),
                ha.port(),
                Optional.empty(),
                peers,
                Optional.empty());
    }

    /** What an earlier process of ours left is not ours to answer for before the election says so. */
    private static void sweep(AddressTable table, HighAvailabilityConfig ha) {
        Set<InterfaceAddressKey> wanted = new HashSet<>();
        ha.units().forEach(unit -> wanted.addAll(unit.addresses()));
        List<AddressOp> left = new ArrayList<>();
        for (InterfaceAddressStatus status : table.readAddresses()) {
            boolean ours = status.origin() == InterfaceAddressStatus.OURS
                    || status.remaining().isPresent();
            if (ours && wanted.contains(status.key())) {
                left.add(new AddressOp.DeleteAddress(status.key()));
            }
        }
        if (!left.isEmpty()) {
            table.apply(left).failures().forEach(failure -> LOG.warn("Cannot remove what was left over: {}", failure));
        }
    }

    private void update(Running now, HighAvailabilityConfig ha) {
        List<UnitSetup> setups = new ArrayList<>();
        for (ElectionUnit unit : ha.units()) {
            KernelUnitAddresses known = now.addresses().get(unit.spec().id());
            if (known == null || !known.keys().equals(unit.addresses())) {
                known = new KernelUnitAddresses(
                        unit.addresses(),
                        unit.spec().addressLifetime(),
                        now.table(),
                        now.announcer(),
                        AddressKeeper::forwardsIpv6);
                now.addresses().put(unit.spec().id(), known);
            }
            setups.add(new UnitSetup(unit.spec(), known, now.isolation().testOf(unit)));
        }
        now.teller().follow(ha.units());
        now.runner().update(setups);
        now.runner().tellAll(new ElectionEvent.MaintenanceChanged(maintenance));
        now.tracks().follow(ha.units());
        running = now.following(ha);
    }

    private List<String> followConnectionSync(
            Running now, FairleadConfig config, HighAvailabilityConfig ha, boolean begins) {
        ConnectionSync.Outcome outcome;
        try (IpvsSyncDaemons daemons = IpvsSyncDaemons.open()) {
            outcome = ConnectionSync.follow(daemons, now.current().connectionSync(), config.connectionSync());
            quiet.follow(outcome.runs() ? ha.units() : List.of());
        } catch (KernelException e) {
            outcome = new ConnectionSync.Outcome(false, false, List.of("connection sync: " + e.getMessage()));
        }
        MonotonicInstant time = Ticker.system().now();
        warmth = (begins ? Warmth.begun(time) : warmth).after(outcome, time);
        tellWhetherWarm(now);
        return outcome.failing();
    }

    /** A unit that is not warm leaves the addresses to a living master. Tells all of them, as some may be new. */
    private void tellWhetherWarm(Running now) {
        boolean isWarm = warmth.isWarm(Ticker.system().now());
        now.runner().tellAll(new ElectionEvent.WarmChanged(isWarm));
        if (!isWarm) {
            CompletableFuture.delayedExecutor(WARMTH_PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> lookWhetherWarm(now));
        }
    }

    private void lookWhetherWarm(Running then) {
        boolean allHaveSpoken = checksHaveSpoken.getAsBoolean(); // without the lock, as it waits
        synchronized (this) {
            Running now = running;
            if (now != null && now.runner() == then.runner()) {
                warmth = warmth.seen(allHaveSpoken);
                tellWhetherWarm(now);
            }
        }
    }

    /** Returns why what is configured is not followed; empty while it is. */
    public synchronized Optional<String> unfollowed() {
        return unfollowed;
    }

    /** Returns how the election stands; empty if there is none. */
    public synchronized Optional<View> view() {
        Running now = running;
        if (now == null) {
            return Optional.empty();
        }
        List<String> failing = new ArrayList<>();
        unfollowed.ifPresent(failing::add);
        now.addresses().values().forEach(addresses -> addresses.failure().ifPresent(failing::add));
        now.isolation().failure().ifPresent(failing::add);
        return Optional.of(new View(
                now.current(),
                now.runner().units(),
                now.runner().stats(),
                maintenance,
                failing,
                now.link() instanceof SealedLink sealed ? Optional.of(sealed.stats()) : Optional.empty(),
                shared.view(),
                !ipvs || warmth.isWarm(Ticker.system().now())));
    }

    /**
     * Asks that the addresses of a router, or of all, go to another appliance.
     *
     * @return the units that were asked
     */
    public synchronized List<String> handOver(Optional<String> router) {
        Running now = running;
        List<String> asked = new ArrayList<>();
        if (now == null) {
            return asked;
        }
        for (ElectionUnit unit : now.current().units()) {
            boolean meant = router.isEmpty() || isNamed(unit, router.get());
            if (meant) {
                now.runner().handOver(unit.spec().id());
                asked.add(unit.name());
            }
        }
        return asked;
    }

    /** Returns whether {@code name} is that of the unit or of one of its routers. */
    static boolean isNamed(ElectionUnit unit, String name) {
        return unit.name().equals(name)
                || unit.routers().stream().anyMatch(router -> router.name().equals(name));
    }

    /** Holds nothing, and is no candidate, until it ends. */
    public synchronized void maintenance(boolean on) {
        maintenance = on;
        Running now = running;
        if (now != null) {
            now.runner().tellAll(new ElectionEvent.MaintenanceChanged(on));
        }
    }

    /** Hands over, removes the addresses, says goodbye. */
    @Override
    public synchronized void close() {
        stop();
        quiet.close();
    }

    private void stop() {
        Running now = running;
        if (now == null) {
            return;
        }
        running = null;
        now.runner().close();
        now.tracks().close();
        now.isolation().close();
        now.group().ifPresent(GroupChannel::close);
        shared.leave();
        if (now.link() instanceof SealedLink sealed) {
            sealed.close();
        }
        now.teller().close();
        now.table().close();
        now.trackTable().close();
        now.isolationTable().close();
        now.announcer().close();
    }

    /** Stands between link and runner, which need each other. */
    private static final class Relay implements PeerListener {
        private final EventSink events;
        private volatile @Nullable ElectionRunner runner;

        private Relay(EventSink events) {
            this.events = events;
        }

        @Override
        public void helloReceived(PeerId peer, long boot, ByteBuffer hello, long arrivalNanos) {
            ElectionRunner target = runner;
            if (target != null) {
                target.helloReceived(peer, boot, hello, arrivalNanos);
            }
        }

        @Override
        public void hinted(PeerHint hint) {
            if (hint instanceof PeerHint.Refused(var _, var address, String reason)) {
                events.record(EventKind.ROLE, EventSubject.of("peer " + address), "refused", reason);
            }
            ElectionRunner target = runner;
            if (target != null) {
                target.hinted(hint);
            }
        }
    }
}
