package io.fairlead.ha.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.ha.election.Cause;
import io.fairlead.ha.election.Election;
import io.fairlead.ha.election.ElectionEffect;
import io.fairlead.ha.election.ElectionEvent;
import io.fairlead.ha.election.ElectionState;
import io.fairlead.ha.election.ElectionStates;
import io.fairlead.ha.election.Holding;
import io.fairlead.ha.election.IsolationVerdict;
import io.fairlead.ha.election.Phase;
import io.fairlead.ha.election.SafetyLevel;
import io.fairlead.ha.election.Transition;
import io.fairlead.ha.election.UnitHello;
import io.fairlead.ha.election.UnitSpec;
import io.fairlead.ha.sim.Simulation.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The simulation must notice when a rule is wrong: each of these breaks one rule, and is caught. */
class SeededBugTest {

    private static final int SEEDS = 20_000;

    @TestFactory
    List<DynamicTest> bugsAreCaught() {
        return List.of(
                caught("tells before it has removed", "EffectsInOrder", (state, event, spec, now) -> {
                    Transition real = Election.step(state, event, spec, now);
                    List<ElectionEffect> effects = new ArrayList<>(real.effects());
                    if (effects.removeIf(ElectionEffect.SendHello.class::isInstance)) {
                        effects.addFirst(new ElectionEffect.SendHello());
                    }
                    return new Transition(real.next(), effects, real.cause());
                }),
                caught("goes on after a stall", "SilentUntilRead", (state, event, spec, now) -> {
                    Transition real = Election.step(state, event, spec, now);
                    if (real.next().phase() instanceof Phase.Fenced fenced) {
                        ElectionState on = ElectionStates.withPhase(real.next(), fenced.master(), now.nanos());
                        return new Transition(on, List.of(new ElectionEffect.SendHello()), real.cause());
                    }
                    return real;
                }),
                caught(
                        "does not announce",
                        "CachesPointToMaster",
                        without(ElectionEffect.Announce.class, real -> true)),
                caught(
                        "never renews",
                        "HolderIsMaster|EffectsInOrder",
                        without(ElectionEffect.RenewAddresses.class, real -> true)),
                caught(
                        "keeps its addresses when it steps down",
                        "HolderIsMaster|EffectsInOrder|OneHolderWhenStrict",
                        without(ElectionEffect.RemoveAddresses.class, real -> real.cause() == Cause.BETTER_MASTER)),
                caught(
                        "ignores a fault",
                        "NobodyHoldsInFault",
                        (state, event, spec, now) -> Election.step(
                                state,
                                event instanceof ElectionEvent.TrackChanged ? new ElectionEvent.Tick() : event,
                                spec,
                                now)),
                caught(
                        "takes no heed of a majority",
                        "OneHolderWhenStrict",
                        (state, event, spec, now) -> Election.step(state, event, available(spec), now)),
                caught(
                        "believes that kernels are never late",
                        "OneHolderWhenStrict",
                        (state, event, spec, now) -> Election.step(state, event, punctual(spec), now)),
                caught(
                        "forgets its promises",
                        "OneHolderWhenStrict|OneMasterWhenConnected",
                        (state, event, spec, now) -> {
                            Transition real = Election.step(state, event, spec, now);
                            return new Transition(
                                    real.next().holds() ? real.next() : ElectionStates.withoutPromise(real.next()),
                                    real.effects(),
                                    real.cause());
                        }),
                caught("forgets the term", "TermsNeverDecrease", (state, event, spec, now) -> {
                    Transition real = Election.step(state, event, spec, now);
                    boolean fault = real.next().phase() instanceof Phase.Fault;
                    return fault
                            ? new Transition(ElectionStates.withTerm(real.next(), 0), real.effects(), real.cause())
                            : real;
                }),
                caught(
                        "takes every rival for a worse one",
                        "OneMasterWhenConnected",
                        (state, event, spec, now) -> Election.step(state, worse(state, event), spec, now)));
    }

    /** As {@link #bugsAreCaught}, where the link is asked. */
    @TestFactory
    List<DynamicTest> bugsInWhatTheLinkSaysAreCaught() {
        return List.of(
                caught("takes what another holds", "LeftToWhoHolds", mishears(IsolationVerdict.TAKEN), World.ASKING),
                caught(
                        "keeps what it holds when it is cut off",
                        "CutOffLetsGo",
                        mishears(IsolationVerdict.CUT_OFF),
                        World.ASKING));
    }

    /** As {@link #bugsAreCaught}, beside a node that cannot be read. */
    @TestFactory
    List<DynamicTest> bugsInWhatCannotBeReadAreCaught() {
        return List.of(
                caught(
                        "takes what it cannot read for silence",
                        "OneMasterWhenConnected|LivingIsNotSilent|CachesPointToMaster",
                        (state, event, spec, now) -> Election.step(
                                state,
                                event instanceof ElectionEvent.UnreadableReceived ? new ElectionEvent.Tick() : event,
                                spec,
                                now),
                        World.FOREIGN),
                caught(
                        "takes what it cannot read for a backup",
                        "OneMasterWhenConnected|LivingIsNotSilent|CachesPointToMaster",
                        misreads(Set.of(Holding.YES, Holding.UNKNOWN), Holding.NO),
                        World.FOREIGN),
                caught(
                        "takes what is illegible for a backup",
                        "LivingIsNotSilent",
                        misreads(Set.of(Holding.UNKNOWN), Holding.NO),
                        World.FOREIGN),
                caught(
                        "takes all that it cannot read for a master",
                        "OneMasterWhenConnected",
                        misreads(Set.of(Holding.NO), Holding.YES),
                        World.FOREIGN));
    }

    private static Rules misreads(Set<Holding> what, Holding as) {
        return (state, event, spec, now) -> Election.step(
                state,
                event instanceof ElectionEvent.UnreadableReceived received && what.contains(received.holding())
                        ? misread(received, as, now)
                        : event,
                spec,
                now);
    }

    /** Where no clock was legible, with one that is never that of another hello. */
    private static ElectionEvent misread(ElectionEvent.UnreadableReceived received, Holding as, MonotonicInstant now) {
        boolean hasClock = received.holding() != Holding.UNKNOWN;
        return new ElectionEvent.UnreadableReceived(
                received.peer(),
                hasClock ? received.boot() : ~received.boot(),
                hasClock ? received.sentNanos() : now.nanos(),
                as,
                received.term(),
                received.intervalNanos());
    }

    private static Rules mishears(IsolationVerdict verdict) {
        ElectionEvent said = new ElectionEvent.IsolationTested(verdict);
        ElectionEvent heard = new ElectionEvent.IsolationTested(IsolationVerdict.FREE);
        return (state, event, spec, now) -> Election.step(state, event.equals(said) ? heard : event, spec, now);
    }

    private static DynamicTest caught(String name, String invariants, Rules rules) {
        return caught(name, invariants, rules, World.PLAIN);
    }

    private static DynamicTest caught(String name, String invariants, Rules rules, World world) {
        return DynamicTest.dynamicTest(name, () -> {
            for (long seed = 1; seed <= SEEDS; seed++) {
                try {
                    new Simulation(seed, rules, false, world).run();
                } catch (Violation violation) {
                    assertThat(violation.getMessage()).matches("(" + invariants + ") violated.*");
                    return;
                }
            }
            throw new AssertionError("not caught within " + SEEDS + " seeds");
        });
    }

    private static Rules without(Class<? extends ElectionEffect> kind, Predicate<Transition> when) {
        return (state, event, spec, now) -> {
            Transition real = Election.step(state, event, spec, now);
            if (!when.test(real)) {
                return real;
            }
            List<ElectionEffect> effects = real.effects().stream()
                    .filter(effect -> !kind.isInstance(effect))
                    .toList();
            return new Transition(real.next(), effects, real.cause());
        };
    }

    private static UnitSpec available(UnitSpec spec) {
        return changed(spec, SafetyLevel.AVAILABLE, spec.expiryGrain());
    }

    private static UnitSpec punctual(UnitSpec spec) {
        return changed(spec, spec.safety(), Duration.ZERO);
    }

    private static UnitSpec changed(UnitSpec spec, SafetyLevel safety, Duration grain) {
        return new UnitSpec(
                spec.id(),
                spec.name(),
                spec.priority(),
                spec.preempt(),
                spec.preemptDelay(),
                spec.interval(),
                spec.misses(),
                safety,
                spec.addressLifetime(),
                grain,
                spec.isolationTest(),
                spec.tracks(),
                spec.peers(),
                spec.self());
    }

    private static ElectionEvent worse(ElectionState state, ElectionEvent event) {
        if (!(event instanceof ElectionEvent.HelloReceived received) || !state.holds()) {
            return event;
        }
        UnitHello hello = received.hello();
        return new ElectionEvent.HelloReceived(
                received.peer(),
                received.boot(),
                received.sentNanos(),
                received.echoNanos(),
                new UnitHello(
                        hello.unit(),
                        hello.role(),
                        0,
                        1,
                        hello.flags(),
                        hello.target(),
                        hello.grantedTo(),
                        hello.grantTerm(),
                        hello.intervalNanos()));
    }
}
