package io.fairlead.health.netty;

import io.fairlead.core.time.DurationCounts;
import io.fairlead.health.check.FailureReason;
import java.util.Map;

/**
 * What a {@link HealthChecker} has done since it was made.
 *
 * @param passed checks that passed
 * @param failedBy checks that did not, by reason: every reason has its entry
 * @param delayed probes that waited, as too many were open
 * @param skipped probes dropped, as the one before them was too late
 * @param open probes open at this moment
 * @param durations how long checks took, by the type of the probe: every type that was used
 */
public record CheckCounters(
        long passed,
        Map<FailureReason, Long> failedBy,
        long delayed,
        long skipped,
        int open,
        Lateness lateness,
        Map<String, DurationCounts> durations) {

    public CheckCounters {
        failedBy = Map.copyOf(failedBy);
        durations = Map.copyOf(durations);
    }

    /** Returns how many checks failed by a fault of the real server or the network to it. */
    public long failed() {
        return failedBy.values().stream().mapToLong(Long::longValue).sum() - ownFaults();
    }

    /** Returns how many checks this host could not make; they are in neither {@link #passed} nor {@link #failed}. */
    public long ownFaults() {
        return failedBy.getOrDefault(FailureReason.OWN_FAULT, 0L);
    }

    /** Returns how many checks have ended. */
    public long done() {
        return passed + failed() + ownFaults();
    }

    /** Returns how many probes were not made at their time: dropped, or begun late. */
    public long late() {
        return skipped + lateness.late();
    }
}
