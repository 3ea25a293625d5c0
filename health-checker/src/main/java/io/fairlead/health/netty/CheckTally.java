package io.fairlead.health.netty;

import io.fairlead.core.time.DurationTally;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.FailureReason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts for {@link CheckCounters}: written by the loop, read by any thread, each figure exact but not all at one moment. */
final class CheckTally {

    private static final List<Duration> DURATION_STEPS = List.of(
            Duration.ofMillis(1),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofMillis(2_500),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10));

    private final LongAdder passed = new LongAdder();
    private final Map<FailureReason, LongAdder> failed = new EnumMap<>(FailureReason.class);
    private final LongAdder delayed = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final DurationTally lateness = new DurationTally(Lateness.STEPS);
    /** By the type of the probe. */
    private final Map<String, DurationTally> durations = new ConcurrentHashMap<>();

    CheckTally() {
        for (FailureReason reason : FailureReason.values()) {
            failed.put(reason, new LongAdder());
        }
    }

    /** Notes that a probe began so {@code late} after its time. */
    void begun(Duration late) {
        lateness.add(late);
    }

    void ended(String probeType, CheckResult result) {
        durations
                .computeIfAbsent(probeType, _ -> new DurationTally(DURATION_STEPS))
                .add(result.elapsed());
        switch (result) {
            case CheckResult.Passed _ -> passed.increment();
            case CheckResult.Failed failure -> failed(failure.reason()).increment();
        }
    }

    private LongAdder failed(FailureReason reason) {
        LongAdder counter = failed.get(reason);
        if (counter == null) {
            throw new IllegalStateException("no counter of " + reason);
        }
        return counter;
    }

    void delayed() {
        delayed.increment();
    }

    void skipped(long count) {
        if (count > 0) {
            skipped.add(count);
        }
    }

    CheckCounters read(int open) {
        Map<FailureReason, Long> byReason = new EnumMap<>(FailureReason.class);
        failed.forEach((reason, count) -> byReason.put(reason, count.sum()));
        return new CheckCounters(
                passed.sum(),
                byReason,
                delayed.sum(),
                skipped.sum(),
                open,
                new Lateness(lateness.read()),
                durations.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().read())));
    }
}
