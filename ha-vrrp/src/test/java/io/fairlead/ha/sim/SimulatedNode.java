package io.fairlead.ha.sim;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.ha.election.Cause;
import io.fairlead.ha.election.ElectionEffect;
import io.fairlead.ha.election.ElectionEvent;
import io.fairlead.ha.election.ElectionState;
import io.fairlead.ha.election.HelloRole;
import io.fairlead.ha.election.Holding;
import io.fairlead.ha.election.IsolationVerdict;
import io.fairlead.ha.election.Transition;
import io.fairlead.ha.election.UnitHello;
import io.fairlead.ha.election.UnitSpec;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** One appliance: its clock, its process, and its kernel, which outlives the process. */
final class SimulatedNode {

    /** The least that is waited for a hello, less what clocks may differ by. */
    private static final long SILENCE = 299 * Simulation.MILLI;

    private final Simulation simulation;
    private final int index;
    private final UnitSpec spec;
    private final double rate;
    private long offset;

    private ElectionState state;
    private final Deque<ElectionEvent> inbox = new ArrayDeque<>();
    private final long[] echoes;
    private final long[] echoBoots;
    private final long[] unreadableAt;
    private long boot;
    private long sentNanos;
    private boolean alive;
    private long pausedUntil;
    private long wakeSequence;
    private boolean failNext;
    private final Set<Integer> failedTracks = new HashSet<>();

    /** Set by a pause of more than the peers' patience while master; cleared when all was read. */
    private boolean mustRead;

    private long addressesUntil = Long.MIN_VALUE;
    private long answersFrom;

    /** When it last began, stood still, went on, or could not do what it wanted. */
    private long disturbedAt;

    SimulatedNode(Simulation simulation, int index, UnitSpec spec) {
        this.simulation = simulation;
        this.index = index;
        this.spec = spec;
        rate = 1 + (simulation.random.nextDouble() - 0.5) * 0.001; // 500 ppm
        offset = simulation.random.nextLong() >> 8;
        state = ElectionState.initial(spec);
        echoes = new long[spec.peers().size()];
        echoBoots = new long[spec.peers().size()];
        unreadableAt = new long[spec.peers().size()];
        Arrays.fill(unreadableAt, Long.MIN_VALUE);
    }

    int index() {
        return index;
    }

    ElectionState state() {
        return state;
    }

    boolean answers() {
        return simulation.now() < addressesUntil;
    }

    boolean answersSince(long time) {
        return answers() && answersFrom <= time;
    }

    boolean isUndisturbedSince(long time) {
        return alive && !failNext && pausedUntil <= time && disturbedAt <= time;
    }

    /** The link has said something to the process that asked, if that is still there. */
    void answered(IsolationVerdict verdict) {
        offer(new ElectionEvent.IsolationTested(verdict));
    }

    private long local() {
        return offset + (long) (simulation.now() * rate);
    }

    private long realOf(long localNanos) {
        return (long) Math.ceil((localNanos - offset) / rate);
    }

    void start() {
        if (alive) {
            return;
        }
        alive = true;
        pausedUntil = 0;
        disturbedAt = simulation.now();
        boot++;
        sentNanos = local() - 1;
        Arrays.fill(echoes, 0);
        Arrays.fill(echoBoots, 0);
        Arrays.fill(unreadableAt, Long.MIN_VALUE);
        inbox.clear();
        state = ElectionState.initial(spec);
        mustRead = false;
        addressesUntil = Long.MIN_VALUE; // a start removes what was left over
        simulation.note("start " + index);
        handle(new ElectionEvent.Started());
        for (int track : failedTracks) {
            handle(new ElectionEvent.TrackChanged(track, true));
        }
        handle(new ElectionEvent.WarmChanged(true));
        scheduleWake();
    }

    void crash() {
        simulation.note("crash " + index);
        alive = false;
        pausedUntil = 0;
    }

    /** @param hidden the whole machine stands still, and its clock with it */
    void pause(long until, boolean hidden) {
        if (!alive || pausedUntil > simulation.now()) {
            return;
        }
        long length = until - simulation.now();
        simulation.note("pause " + index + " " + length + (hidden ? " hidden" : ""));
        pausedUntil = until;
        if (hidden) {
            offset -= (long) (length * rate);
            addressesUntil = addressesUntil == Long.MIN_VALUE ? addressesUntil : addressesUntil + length;
        }
        boolean fences = !hidden && length > 350 * Simulation.MILLI && state.holds();
        simulation.at(until, () -> {
            if (pausedUntil <= simulation.now()) {
                mustRead = fences && alive && state.holds();
                run();
            }
        });
    }

    void mend() {
        pausedUntil = Math.min(pausedUntil, simulation.now());
        failNext = false;
        start();
        for (int track = 0; track < 2; track++) {
            track(track, false);
        }
        run();
    }

    void track(int track, boolean failed) {
        if (failed ? failedTracks.add(track) : failedTracks.remove(track)) {
            offer(new ElectionEvent.TrackChanged(track, failed));
        }
    }

    void failNextEffect() {
        failNext = true;
    }

    void offer(ElectionEvent event) {
        if (alive) {
            inbox.add(event);
            run();
        }
    }

    /** As the runner of {@code ha.runtime}: reads all there is, says so, and only then looks at the time. */
    private void run() {
        if (!alive || simulation.now() < pausedUntil) {
            return;
        }
        while (!inbox.isEmpty()) {
            handle(inbox.remove());
        }
        if (state.isBehind()) {
            mustRead = false;
            handle(new ElectionEvent.Drained());
        }
        mustRead = false;
        if (state.wakes() && local() - state.wakeNanos() >= 0) {
            handle(new ElectionEvent.Tick());
        }
        scheduleWake();
    }

    private void scheduleWake() {
        long mine = ++wakeSequence;
        if (alive && state.wakes()) {
            // Threads run late, a little.
            long late = (long) (simulation.random.nextDouble() * 300_000);
            simulation.at(realOf(state.wakeNanos()) + late, () -> {
                if (mine == wakeSequence) {
                    run();
                }
            });
        }
    }

    private void handle(ElectionEvent event) {
        if (event instanceof ElectionEvent.HelloReceived received) {
            int peer = received.peer();
            if (received.boot() != echoBoots[peer] || received.sentNanos() - echoes[peer] > 0) {
                echoBoots[peer] = received.boot();
                echoes[peer] = received.sentNanos();
            }
        }
        HelloRole roleBefore = state.role();
        long termBefore = state.term();
        Transition transition = simulation.rules.step(state, event, spec, new MonotonicInstant(local()));
        noteUnreadable(event, transition.next());
        state = transition.next();
        simulation.require(state.term() >= termBefore, "TermsNeverDecrease", termBefore + " to " + state.term());
        if (simulation.tracing()) {
            simulation.note(
                    index + " " + event + " " + transition.cause() + " " + state.phase() + " " + transition.effects());
        }
        if (roleBefore != state.role()) {
            simulation.roleChanged();
        }
        for (ElectionEffect effect : transition.effects()) {
            if (effect instanceof ElectionEffect.AddAddresses && transition.cause() == Cause.MASTER_SILENT) {
                requireSilence();
            }
            if (effect instanceof ElectionEffect.AddAddresses
                    && simulation.link != null
                    && transition.cause() == Cause.MASTER_SILENT) {
                simulation.link.takesOver(this);
            }
            if (!execute(effect)) {
                simulation.note(index + " failed " + effect);
                disturbedAt = simulation.now();
                handle(new ElectionEvent.AddressesFailed());
                return;
            }
        }
    }

    /** Remembers when each peer was last heard of which it cannot be read that it does not hold the addresses. */
    @SuppressWarnings("ReferenceEquality") // another view: it was not ignored
    private void noteUnreadable(ElectionEvent event, ElectionState next) {
        switch (event) {
            case ElectionEvent.UnreadableReceived received
            when next.peers().get(received.peer()) != state.peers().get(received.peer()) ->
                unreadableAt[received.peer()] = received.holding() == Holding.NO ? Long.MIN_VALUE : simulation.now();
            case ElectionEvent.HelloReceived received -> unreadableAt[received.peer()] = Long.MIN_VALUE;
            default -> {}
        }
    }

    private void requireSilence() {
        for (int peer = 0; peer < unreadableAt.length; peer++) {
            check(
                    unreadableAt[peer] <= simulation.now() - SILENCE,
                    "LivingIsNotSilent",
                    "takes over from silence, and hears " + peer);
        }
    }

    private boolean execute(ElectionEffect effect) {
        switch (effect) {
            case ElectionEffect.AddAddresses add -> {
                return hold(add.until().nanos());
            }
            case ElectionEffect.RenewAddresses renew -> {
                return hold(renew.until().nanos());
            }
            case ElectionEffect.RemoveAddresses _ -> {
                if (failNext) {
                    failNext = false;
                    return false;
                }
                addressesUntil = Long.MIN_VALUE;
            }
            case ElectionEffect.Announce _ -> {
                check(!mustRead, "SilentUntilRead", "announces");
                check(answers() || spec.safety().needsMajority(), "EffectsInOrder", "announces what it does not hold");
                simulation.announce(index);
            }
            case ElectionEffect.SendHello _ -> sendHello();
            case ElectionEffect.TestIsolation _ -> {
                if (simulation.link != null) {
                    simulation.link.ask(this);
                }
            }
            case ElectionEffect.RoleChanged _ -> {}
        }
        return true;
    }

    private boolean hold(long untilLocal) {
        check(!mustRead, "SilentUntilRead", "adds addresses");
        check(!failedTracks.contains(0) || !inbox.isEmpty(), "NobodyHoldsInFault", "adds addresses");
        if (failNext || untilLocal - local() <= 0) {
            failNext = false;
            return false;
        }
        // The kernel is late by up to its grain, and knows that it may not be later.
        long late = (long) (simulation.random.nextDouble() * simulation.grainNanos);
        answersFrom = answers() ? answersFrom : simulation.now();
        addressesUntil = realOf(untilLocal) + late;
        return true;
    }

    private void sendHello() {
        UnitHello hello = state.hello(spec);
        check(!(mustRead && hello.role().claims()), "SilentUntilRead", "claims");
        check(
                !(answers() && (hello.role() == HelloRole.RELEASED || hello.role() == HelloRole.LEFT)),
                "EffectsInOrder",
                "releases what it holds");
        check(!(answers() && (hello.flags() & UnitHello.CLEAN) != 0), "EffectsInOrder", "calls itself clean");
        sentNanos = Math.max(sentNanos + 1, local());
        simulation.send(index, boot, sentNanos, echoes.clone(), hello);
    }

    private void check(boolean holds, String invariant, String detail) {
        simulation.require(holds, invariant, "node " + index + " " + detail);
    }
}
