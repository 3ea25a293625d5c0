package io.fairlead.appliance.election;

import io.fairlead.conf.ElectionUnit;
import io.fairlead.conf.TrackedThing;
import io.fairlead.core.kernel.AddressTable;
import io.fairlead.core.kernel.InterfaceStatus;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.policy.Health;
import io.fairlead.ha.runtime.ElectionRunner;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.TargetChange;
import io.fairlead.health.netty.HealthChecker;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what the units track, on a thread of its own, and tells the election what failed and what recovered. Interfaces are
 * looked at ten times a second: their loss is a fault, and the peers would notice only a little later.
 */
final class TrackKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TrackKeeper.class);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int SLOW_TURNS = 10;
    private static final Path PROC = Path.of("/proc");
    private static final ServerAddress NOWHERE = new ServerAddress(IpAddress.parse("0.0.0.0"), 0);

    private final AddressTable interfacesTable;
    private final HealthChecker checker;
    private final Predicate<String> lostQuorum;
    private final ElectionRunner runner;
    private final Thread thread;
    private volatile List<ElectionUnit> units = List.of();
    private volatile boolean stopping;
    private Set<CheckTarget> targets = Set.of();
    private Map<String, InterfaceStatus> interfaces = Map.of();
    private Set<String> programs = Set.of();
    private Map<String, Boolean> told = new HashMap<>();

    /**
     * Begins to look at nothing yet.
     *
     * @param interfacesTable used by this thread alone
     * @param checker runs scripts and reads files; closed with this
     * @param lostQuorum whether a virtual server has lost its quorum; may block for a moment
     */
    TrackKeeper(
            AddressTable interfacesTable, HealthChecker checker, Predicate<String> lostQuorum, ElectionRunner runner) {
        this.interfacesTable = interfacesTable;
        this.checker = checker;
        this.lostQuorum = lostQuorum;
        this.runner = runner;
        thread = Thread.ofPlatform().name("fairlead-tracks").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Looks at what these units track from now on. */
    synchronized void follow(List<ElectionUnit> wanted) {
        units = List.copyOf(wanted);
        told = new HashMap<>();
        Set<CheckTarget> next = new HashSet<>();
        wanted.forEach(unit -> unit.tracked().forEach(thing -> {
            if (thing instanceof TrackedThing.Check check) {
                next.add(target(check));
            }
        }));
        Set<CheckTarget> begun = new HashSet<>(next);
        begun.removeAll(targets);
        Set<CheckTarget> ended = new HashSet<>(targets);
        ended.removeAll(next);
        targets = next;
        checker.update(new TargetChange(begun, ended));
    }

    private static CheckTarget target(TrackedThing.Check check) {
        return new CheckTarget(NOWHERE, check.spec());
    }

    private void run() {
        try {
            for (int turn = 0; !stopping; turn = (turn + 1) % SLOW_TURNS) {
                look(turn == 0);
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("Nothing is tracked any more: a bug", e);
        }
    }

    private synchronized void look(boolean slowly) {
        readInterfaces();
        if (slowly && tracks(TrackedThing.Program.class)) {
            programs = programs();
        }
        for (ElectionUnit unit : units) {
            for (int track = 0; track < unit.tracked().size(); track++) {
                TrackedThing thing = unit.tracked().get(track);
                if (thing instanceof TrackedThing.VirtualServer && !slowly) {
                    continue;
                }
                boolean failed = fails(thing);
                String key = unit.spec().id() + " " + track;
                if (told.getOrDefault(key, false) != failed) {
                    told.put(key, failed);
                    runner.track(unit.spec().id(), track, failed);
                }
            }
        }
    }

    private boolean tracks(Class<? extends TrackedThing> kind) {
        return units.stream().anyMatch(unit -> unit.tracked().stream().anyMatch(kind::isInstance));
    }

    private void readInterfaces() {
        try {
            Map<String, InterfaceStatus> now = new HashMap<>();
            interfacesTable.readInterfaces().forEach(status -> now.put(status.name(), status));
            boolean others = false;
            for (Map.Entry<String, InterfaceStatus> entry : now.entrySet()) {
                InterfaceStatus was = interfaces.get(entry.getKey());
                InterfaceStatus is = entry.getValue();
                others |= was == null
                        || was.index() != is.index()
                        || !was.hardwareAddress().equals(is.hardwareAddress());
            }
            interfaces = now;
            if (others) {
                runner.interfacesChanged();
            }
        } catch (KernelException e) {
            LOG.debug("Cannot read the interfaces", e); // as they were, until the next look
        }
    }

    private boolean fails(TrackedThing thing) {
        return switch (thing) {
            case TrackedThing.NetworkInterface(String name) -> {
                InterfaceStatus status = interfaces.get(name);
                yield status == null || !status.up() || !status.carrier();
            }
            case TrackedThing.VirtualServer(String name) -> lostQuorum.test(name);
            case TrackedThing.Program(String name) -> !programs.contains(name);
            case TrackedThing.Check check -> checker.stateOf(target(check)).health() == Health.UNHEALTHY;
        };
    }

    private static Set<String> programs() {
        Set<String> names = new HashSet<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                try {
                    names.add(Files.readString(process.resolve("comm")).strip());
                } catch (IOException _) {
                    // it has ended
                }
            }
        } catch (IOException e) {
            LOG.debug("Cannot read the processes", e);
        }
        return names;
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        try {
            boolean _ = thread.join(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        checker.close();
    }
}
