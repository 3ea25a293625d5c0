package io.fairlead.appliance.loop;

import io.fairlead.core.time.DurationTally;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts for {@link LoopCounts}: written by the loop and by those who ask it, read by any thread. */
final class LoopMeter {

    private static final List<Duration> STEPS = List.of(
            Duration.ofNanos(100_000),
            Duration.ofMillis(1),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30));

    private final DurationTally turns = new DurationTally(STEPS);
    private final DurationTally changes = new DurationTally(STEPS);
    private final DurationTally audits = new DurationTally(STEPS);
    private final LongAdder refused = new LongAdder();

    void turned(Duration took) {
        turns.add(took);
    }

    void changed(Duration took) {
        changes.add(took);
    }

    void audited(Duration took) {
        audits.add(took);
    }

    void refused() {
        refused.increment();
    }

    LoopCounts read(int queued, int queueCapacityMax) {
        return new LoopCounts(queued, queueCapacityMax, refused.sum(), turns.read(), changes.read(), audits.read());
    }
}
