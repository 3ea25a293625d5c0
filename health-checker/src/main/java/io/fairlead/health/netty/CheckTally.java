package io.fairlead.health.netty;

import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.FailureReason;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Counts for {@link CheckCounters}: written by the loop, read by any thread, each figure exact but not all at one moment. */
final class CheckTally {

    private static final long[] STEPS_NANOS =
            Lateness.STEPS.stream().mapToLong(step -> step.toNanos()).toArray();

    private final LongAdder passed = new LongAdder();
    private final Map<FailureReason, LongAdder> failed = new EnumMap<>(FailureReason.class);
    private final LongAdder delayed = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final List<LongAdder> lateness =
            Stream.generate(LongAdder::new).limit(STEPS_NANOS.length + 1).toList();

    CheckTally() {
        for (FailureReason reason : FailureReason.values()) {
            failed.put(reason, new LongAdder());
        }
    }

    /** Notes that a probe began {@code lateNanos} after its time. */
    void begun(long lateNanos) {
        int step = 0;
        while (step < STEPS_NANOS.length && lateNanos > STEPS_NANOS[step]) {
            step++;
        }
        lateness.get(step).increment();
    }

    void ended(CheckResult result) {
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
                new Lateness(lateness.stream().map(LongAdder::sum).toList()));
    }
}
