package io.fairlead.appliance.metrics;

import java.time.Instant;
import java.util.Optional;

/**
 * How the readings of the configuration went since the start, the first one included.
 *
 * @param heldBack that would have removed too much at once
 * @param isLastApplied whether the file that was read last is the one in force
 * @param lastApplied when one was last put in force
 */
public record ReloadCounts(
        long applied, long refused, long heldBack, boolean isLastApplied, Optional<Instant> lastApplied) {

    public static final ReloadCounts NONE = new ReloadCounts(0, 0, 0, false, Optional.empty());

    public ReloadCounts withApplied(Instant now) {
        return new ReloadCounts(applied + 1, refused, heldBack, true, Optional.of(now));
    }

    public ReloadCounts withRefused() {
        return new ReloadCounts(applied, refused + 1, heldBack, false, lastApplied);
    }

    public ReloadCounts withHeldBack() {
        return new ReloadCounts(applied, refused, heldBack + 1, false, lastApplied);
    }
}
