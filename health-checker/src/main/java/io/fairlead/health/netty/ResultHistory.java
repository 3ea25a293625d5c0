package io.fairlead.health.netty;

import io.fairlead.health.check.CheckResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last {@value #LENGTH} results of one target, in arrays: 24 bytes a result beside its phrase, which is nearly always the
 * same object, since ten thousand targets have one. Written by the loop, read by any thread; the lock is only ever waited
 * for while somebody looks.
 */
final class ResultHistory {

    static final int LENGTH = 8;

    private final long[] endedMillis = new long[LENGTH];
    private final int[] elapsedMicros = new int[LENGTH];
    private final @Nullable String[] details = new String[LENGTH];
    private int passedBits;
    private long count;

    synchronized void add(CheckResult result, long atMillis) {
        int index = (int) (count++ % LENGTH);
        endedMillis[index] = atMillis;
        elapsedMicros[index] =
                (int) Math.min(Integer.MAX_VALUE, result.elapsed().toNanos() / 1000);
        details[index] = result.detail().equals(details[index]) ? details[index] : result.detail();
        boolean passed = result instanceof CheckResult.Passed;
        passedBits = passed ? passedBits | 1 << index : passedBits & ~(1 << index);
    }

    /** Returns them, the newest first. */
    synchronized List<PastResult> newestFirst() {
        List<PastResult> results = new ArrayList<>(LENGTH);
        for (long number = count - 1; number >= 0 && number >= count - LENGTH; number--) {
            int index = (int) (number % LENGTH);
            String detail = details[index];
            results.add(new PastResult(
                    Instant.ofEpochMilli(endedMillis[index]),
                    (passedBits & 1 << index) != 0,
                    detail == null ? "" : detail,
                    Duration.ofNanos(elapsedMicros[index] * 1000L)));
        }
        return results;
    }
}
