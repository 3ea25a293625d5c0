package io.fairlead.ha.election;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One appliance of a virtual router, told one thing after another. It sends every 100 ms, has priority 100, and preempts at once;
 * its peers are 192.0.2.1 and so on, and called a, b, c.
 */
abstract class ElectionStory {

    static final long MILLI = 1_000_000L;
    static final int EVERYTHING = UnitHello.ELIGIBLE | UnitHello.PREEMPTS;

    UnitSpec spec;
    ElectionState state;
    final List<Cause> causes = new ArrayList<>();

    /** What came of a moment. */
    record Step(long millis, Transition transition) {}

    ElectionStory(UnitSpec spec) {
        this.spec = spec;
        this.state = ElectionState.initial(spec);
    }

    static UnitSpec unit(int appliances, int self, boolean asksLink, TrackSpec... tracks) {
        return new UnitSpec(
                51,
                "blue",
                100,
                true,
                Duration.ZERO,
                Duration.ofMillis(100),
                3,
                SafetyLevel.AVAILABLE,
                Duration.ofSeconds(3),
                Duration.ofMillis(1_400),
                asksLink,
                List.of(tracks),
                IntStream.rangeClosed(1, appliances)
                        .mapToObj(number -> new PeerSpec(
                                number,
                                "abc".substring(number - 1, number),
                                IpAddress.parse("192.0.2." + number),
                                false))
                        .toList(),
                self);
    }

    Transition at(long millis, ElectionEvent event) {
        return step(new MonotonicInstant(millis * MILLI), event);
    }

    /** Ticks as a shell would, until {@code millis}. */
    List<Step> quietUntil(long millis) {
        List<Step> steps = new ArrayList<>();
        while (state.wakes() && state.wakeNanos() <= millis * MILLI) {
            long now = state.wakeNanos();
            steps.add(new Step(now / MILLI, step(new MonotonicInstant(now), new ElectionEvent.Tick())));
        }
        return steps;
    }

    private Transition step(MonotonicInstant now, ElectionEvent event) {
        Transition transition = Election.step(state, event, spec, now);
        state = transition.next();
        causes.add(transition.cause());
        return transition;
    }
}
