package io.fairlead.health.netty;

import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.FailureReason;
import java.util.concurrent.atomic.LongAdder;

/** Counts for {@link CheckCounters}: written by the loop, read by any thread, each figure exact but not all at one moment. */
final class CheckTally {

    private final LongAdder passed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder ownFaults = new LongAdder();
    private final LongAdder delayed = new LongAdder();
    private final LongAdder skipped = new LongAdder();

    void ended(CheckResult result) {
        switch (result) {
            case CheckResult.Passed _ -> passed.increment();
            case CheckResult.Failed failure when failure.reason() == FailureReason.OWN_FAULT -> ownFaults.increment();
            case CheckResult.Failed _ -> failed.increment();
        }
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
        return new CheckCounters(passed.sum(), failed.sum(), ownFaults.sum(), delayed.sum(), skipped.sum(), open);
    }
}
