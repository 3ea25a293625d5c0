package io.fairlead.ha.runtime;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import io.fairlead.ha.election.Cause;
import io.fairlead.ha.election.Election;
import io.fairlead.ha.election.ElectionEffect;
import io.fairlead.ha.election.ElectionEvent;
import io.fairlead.ha.election.ElectionState;
import io.fairlead.ha.election.HelloRole;
import io.fairlead.ha.election.Holding;
import io.fairlead.ha.election.Transition;
import io.fairlead.ha.election.UnitHello;
import io.fairlead.ha.election.UnitSpec;
import io.fairlead.ha.peer.PeerHint;
import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.peer.PeerLink;
import io.fairlead.ha.peer.PeerListener;
import io.fairlead.ha.wire.Hello;
import io.fairlead.ha.wire.HelloCodec;
import io.fairlead.ha.wire.HelloCore;
import io.fairlead.ha.wire.HelloDecoding;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the elections of all units on one thread, {@value #THREAD_NAME}: takes what has happened, lets the election decide,
 * carries out the effects in their order, and waits for the next deadline. Before it looks at the time it reads all that has
 * arrived, so that a hello that is there is never missed for a deadline that has passed.
 *
 * <p>Nothing slow is done here: no log, no disk, no question to anybody. Whoever observes must hand over.
 *
 * <p>All methods may be called by any thread.
 */
public final class ElectionRunner implements PeerListener, AutoCloseable {

    private static final String THREAD_NAME = "fairlead-election";
    private static final Logger LOG = LoggerFactory.getLogger(ElectionRunner.class);
    private static final int QUEUE_CAPACITY_MAX = 4096;

    /** A hand-over waits for its target up to a second; the copies of the goodbye take some milliseconds. */
    private static final Duration LEAVE_TIMEOUT = Duration.ofMillis(1500);

    private final PeerLink link;
    private final ElectionObserver observer;
    private final Ticker ticker;
    private final BlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY_MAX);
    private final ByteBuffer out = ByteBuffer.allocateDirect(HelloCodec.SIZE_MAX);
    private final Thread thread;
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong late = new AtomicLong();
    private volatile List<UnitRun> units = List.of();
    private volatile long latestNanos;

    /** Owned by the thread, as all below. */
    private long lastSentNanos;

    private long stalls = 1;
    private boolean ending;
    private volatile boolean ended;

    /** @param link used by this runner's thread to send; what it hears must be told to this runner */
    public ElectionRunner(PeerLink link, ElectionObserver observer, Ticker ticker) {
        this.link = link;
        this.observer = observer;
        this.ticker = ticker;
        thread = Thread.ofPlatform().name(THREAD_NAME).daemon().unstarted(this::run);
    }

    /** Begins with the units of {@link #update}. */
    public void start() {
        thread.start();
    }

    /** Runs these units from now on. Those that were there go on, with what they know; those that are gone say goodbye. */
    public void update(List<UnitSetup> wanted) {
        List<UnitSetup> setups = List.copyOf(wanted);
        submit(() -> follow(setups));
    }

    /** A tracked thing of a unit failed or recovered. */
    public void track(int unit, int track, boolean failed) {
        tell(unit, new ElectionEvent.TrackChanged(track, failed));
    }

    /** The operator wants the addresses of a unit elsewhere. */
    public void handOver(int unit) {
        tell(unit, new ElectionEvent.HandOverRequested());
    }

    /** Tells every unit. */
    public void tellAll(ElectionEvent event) {
        submit(() -> units.forEach(unit -> step(unit, event)));
    }

    /** An interface came, went, or is another one. */
    public void interfacesChanged() {
        submit(() -> units.forEach(unit -> unit.setup.addresses().prepare()));
    }

    private void tell(int id, ElectionEvent event) {
        submit(() -> {
            for (UnitRun unit : units) {
                if (unit.spec().id() == id && !unit.leaving) {
                    step(unit, event);
                }
            }
        });
    }

    /** Returns how every unit stands. */
    public List<UnitStatus> units() {
        return units.stream().map(UnitRun::status).toList();
    }

    /** Returns how well time is kept. */
    public RunnerStats stats() {
        return new RunnerStats(latestNanos, late.get(), dropped.get(), refused.get());
    }

    @Override
    public void helloReceived(PeerId peer, long boot, ByteBuffer hello, long arrivalNanos) {
        switch (HelloCodec.decode(hello)) {
            case HelloDecoding.Decoded(var heard) -> submit(() -> hear(peer, boot, heard));
            case HelloDecoding.Refused refusal -> {
                refused.incrementAndGet();
                submit(() -> hearUnreadable(peer, boot, refusal.core()));
            }
        }
    }

    @Override
    public void hinted(PeerHint hint) {
        switch (hint) {
            case PeerHint.Suspected(var peer) -> submit(() -> suspect(peer));
            case PeerHint.Left(var peer) -> submit(() -> suspect(peer));
            case PeerHint.Found _, PeerHint.Proven _, PeerHint.Refused _, PeerHint.ViewChanged _ -> {}
        }
    }

    private void submit(Runnable event) {
        if (!queue.offer(event)) {
            dropped.incrementAndGet();
        }
    }

    // ---- the election's thread ----

    private void run() {
        try {
            while (!ending || units.stream().anyMatch(unit -> unit.state.wakes())) {
                turn();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("The election failed; the kernel removes the addresses when their lifetime ends", e);
        } finally {
            ended = true;
        }
    }

    private void turn() throws InterruptedException {
        long wake = wakeNanos();
        long now = ticker.now().nanos();
        Runnable event = wake == Long.MAX_VALUE ? queue.take() : queue.poll(wake - now, TimeUnit.NANOSECONDS);
        if (wake != Long.MAX_VALUE) {
            noteLateness(ticker.now().nanos() - wake);
        }
        for (int i = 0; event != null && i < QUEUE_CAPACITY_MAX; i++) {
            event.run();
            event = queue.poll();
        }
        if (event != null) {
            event.run();
        }
        List<UnitRun> present = units;
        for (int i = 0; i < present.size(); i++) {
            UnitRun unit = present.get(i);
            if (unit.state.isBehind()) {
                askWhetherRead(unit);
            }
            if (unit.state.wakes() && ticker.now().nanos() - unit.state.wakeAt().nanos() >= 0) {
                step(unit, new ElectionEvent.Tick());
            }
        }
        forgetWhoLeft();
    }

    private long wakeNanos() {
        long now = ticker.now().nanos();
        long wait = Long.MAX_VALUE;
        List<UnitRun> present = units;
        for (int i = 0; i < present.size(); i++) {
            ElectionState state = present.get(i).state;
            if (state.wakes()) {
                wait = Math.min(wait, Math.max(0, state.wakeAt().nanos() - now));
            }
        }
        return wait == Long.MAX_VALUE ? Long.MAX_VALUE : now + wait;
    }

    private void noteLateness(long lateness) {
        if (lateness <= 0) {
            return;
        }
        if (lateness > latestNanos) {
            latestNanos = lateness;
        }
        long shortest = Long.MAX_VALUE;
        List<UnitRun> present = units;
        for (int i = 0; i < present.size(); i++) {
            shortest = Math.min(shortest, present.get(i).spec().interval().toNanos());
        }
        if (lateness > shortest / 2) {
            late.incrementAndGet();
        }
        if (lateness > shortest) {
            stalls++;
        }
    }

    /** What the link answers counts only if nothing stood still meanwhile. */
    private void askWhetherRead(UnitRun unit) {
        if (unit.drainAsked == stalls) {
            return;
        }
        long stall = stalls;
        unit.drainAsked = stall;
        link.drain(() -> submit(() -> {
            unit.drainAsked = 0;
            if (stall == stalls && unit.state.isBehind()) {
                step(unit, new ElectionEvent.Drained());
            }
        }));
    }

    private void hear(PeerId peer, long boot, Hello hello) {
        int number = peer.number();
        List<UnitRun> present = units;
        for (int i = 0; i < present.size(); i++) {
            UnitRun unit = present.get(i);
            int index = unit.spec().indexOf(number);
            UnitHello said = of(unit.spec().id(), hello.units());
            if (index < 0 || said == null) {
                continue;
            }
            if (boot != unit.heardBoot[index] || hello.sentNanos() - unit.heardSent[index] > 0) {
                unit.heardBoot[index] = boot;
                unit.heardSent[index] = hello.sentNanos();
            }
            int own = unit.spec().peers().get(unit.spec().self()).number();
            step(unit, new ElectionEvent.HelloReceived(index, boot, hello.sentNanos(), hello.echoFor(own), said));
        }
    }

    private void hearUnreadable(PeerId peer, long boot, HelloCore core) {
        List<UnitRun> present = units;
        for (int i = 0; i < present.size(); i++) {
            UnitRun unit = present.get(i);
            int index = unit.spec().indexOf(peer.number());
            if (index < 0) {
                continue;
            }
            if (core.units().isEmpty()) {
                long interval = unit.spec().interval().toNanos();
                step(unit, new ElectionEvent.UnreadableReceived(index, boot, 0, Holding.UNKNOWN, 0, interval));
            }
            for (HelloCore.UnitCore said : core.units()) {
                if (said.unit() == unit.spec().id()) {
                    Holding holding = said.holds() ? Holding.YES : Holding.NO;
                    step(
                            unit,
                            new ElectionEvent.UnreadableReceived(
                                    index, boot, core.sentNanos(), holding, said.term(), said.intervalNanos()));
                }
            }
        }
    }

    private static @Nullable UnitHello of(int id, List<UnitHello> hellos) {
        for (int i = 0; i < hellos.size(); i++) {
            if (hellos.get(i).unit() == id) {
                return hellos.get(i);
            }
        }
        return null;
    }

    private void suspect(PeerId peer) {
        List<UnitRun> present = units;
        for (int i = 0; i < present.size(); i++) {
            UnitRun unit = present.get(i);
            step(unit, new ElectionEvent.Suspected(unit.spec().indexOf(peer.number())));
        }
    }

    private void step(UnitRun unit, ElectionEvent event) {
        UnitStatus before = unit.status();
        HelloRole roleBefore = unit.state.role();
        Transition transition = Election.step(unit.state, event, unit.spec(), ticker.now());
        unit.state = transition.next();
        HelloRole role = unit.state.role();
        boolean changed = role != roleBefore;
        unit.status(
                changed
                        ? new UnitStatus(
                                unit.spec(),
                                unit.state,
                                ticker.now().nanos(),
                                transition.cause(),
                                before.takeovers() + (role == HelloRole.MASTER && !roleBefore.claims() ? 1 : 0),
                                before.changes() + 1)
                        : new UnitStatus(
                                unit.spec(),
                                unit.state,
                                before.sinceNanos(),
                                before.cause(),
                                before.takeovers(),
                                before.changes()));
        List<ElectionEffect> effects = transition.effects();
        boolean failed = false;
        for (int i = 0; i < effects.size() && !failed; i++) {
            failed = !execute(unit, effects.get(i));
        }
        if (changed) {
            observer.roleChanged(before, unit.status());
        } else if (isOfNote(transition.cause())
                || (transition.cause() == Cause.PEER_UNREADABLE
                        && unit.tellsOfUnreadable(ticker.now().nanos()))) {
            observer.noted(unit.status(), transition.cause());
        }
        if (failed) {
            step(unit, new ElectionEvent.AddressesFailed());
        }
    }

    private static boolean isOfNote(Cause cause) {
        return switch (cause) {
            case CONFLICT_WON,
                    RIVAL_GONE,
                    STALLED,
                    RESUMED,
                    BETTER_MASTER,
                    HAND_OVER_FAILED,
                    ADDRESSES_FAILED,
                    ISOLATED,
                    ADDRESSES_TAKEN,
                    PEER_PATH_BROKEN -> true;
            default -> false;
        };
    }

    private boolean execute(UnitRun unit, ElectionEffect effect) {
        UnitAddresses addresses = unit.setup.addresses();
        return switch (effect) {
            case ElectionEffect.AddAddresses(var until) -> hold(addresses, until);
            case ElectionEffect.RenewAddresses(var until) -> hold(addresses, until);
            case ElectionEffect.RemoveAddresses _ -> addresses.remove();
            case ElectionEffect.Announce _ -> {
                addresses.announce();
                yield true;
            }
            case ElectionEffect.SendHello _ -> {
                sendHello(unit);
                yield true;
            }
            case ElectionEffect.TestIsolation _ -> {
                int id = unit.spec().id();
                unit.setup.isolation().begin(verdict -> tell(id, new ElectionEvent.IsolationTested(verdict)));
                yield true;
            }
            case ElectionEffect.RoleChanged _ -> true; // seen by comparing
        };
    }

    private boolean hold(UnitAddresses addresses, MonotonicInstant until) {
        long lifetime = until.nanos() - ticker.now().nanos();
        return lifetime > 0 && addresses.hold(lifetime);
    }

    /** One datagram for one unit: what it says may not be said before, or after, its effects around it. */
    private void sendHello(UnitRun unit) {
        lastSentNanos = Math.max(lastSentNanos + 1, ticker.now().nanos());
        UnitSpec spec = unit.spec();
        out.clear();
        HelloCodec.begin(out, lastSentNanos);
        for (int i = 0; i < unit.heardSent.length; i++) {
            if (unit.heardSent[i] != 0) {
                HelloCodec.echo(out, spec.peers().get(i).number(), unit.heardSent[i]);
            }
        }
        HelloCodec.unit(out, unit.state.hello(spec));
        link.sendAll(out.flip());
    }

    private void follow(List<UnitSetup> wanted) {
        List<UnitRun> next = new ArrayList<>();
        for (UnitSetup setup : wanted) {
            UnitRun known = find(setup.spec().id());
            if (known == null || known.leaving) {
                UnitRun unit = new UnitRun(setup, ticker.now().nanos());
                next.add(unit);
                setup.addresses().prepare();
                step(unit, new ElectionEvent.Started());
            } else {
                adapt(known, setup);
                next.add(known);
            }
        }
        for (UnitRun unit : units) {
            if (!next.contains(unit)) {
                unit.leaving = true;
                step(unit, new ElectionEvent.ShutdownRequested());
                next.add(unit);
            }
        }
        units = List.copyOf(next);
    }

    @SuppressWarnings("ReferenceEquality") // the very same addresses are meant
    private void adapt(UnitRun unit, UnitSetup setup) {
        UnitSetup before = unit.setup;
        boolean otherPeers = !before.spec().peers().equals(setup.spec().peers());
        unit.state = unit.state.adapted(before.spec(), setup.spec());
        unit.setup = setup;
        if (otherPeers) {
            unit.forgetHeard();
        }
        if (unit.state.holds() && before.addresses() != setup.addresses()) {
            boolean held = before.addresses().removeAllBut(setup.addresses())
                    && setup.addresses().hold(setup.spec().addressLifetime().toNanos());
            setup.addresses().announce();
            if (!held) {
                step(unit, new ElectionEvent.AddressesFailed());
            }
        }
        step(unit, new ElectionEvent.Tick());
    }

    private @Nullable UnitRun find(int id) {
        for (UnitRun unit : units) {
            if (unit.spec().id() == id) {
                return unit;
            }
        }
        return null;
    }

    private void forgetWhoLeft() {
        List<UnitRun> present = units;
        for (int i = 0; i < present.size(); i++) {
            UnitRun unit = present.get(i);
            if (unit.leaving && !unit.state.wakes()) {
                List<UnitRun> rest = new ArrayList<>(present);
                rest.remove(unit);
                units = List.copyOf(rest);
                return;
            }
        }
    }

    /** Hands the addresses over if somebody is there for them, removes them, and says goodbye. */
    @Override
    public void close() {
        submit(() -> {
            ending = true;
            for (UnitRun unit : units) {
                if (!unit.leaving) {
                    step(unit, new ElectionEvent.ShutdownRequested());
                }
            }
        });
        try {
            if (!thread.join(LEAVE_TIMEOUT)) {
                LOG.warn("The election did not end within {}", LEAVE_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            thread.interrupt();
        }
    }
}
