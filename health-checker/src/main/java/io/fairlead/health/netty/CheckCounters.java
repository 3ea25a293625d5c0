package io.fairlead.health.netty;

/**
 * What a {@link HealthChecker} has done since it was made.
 *
 * @param passed checks that passed
 * @param failed checks that failed by a fault of the real server or the network to it
 * @param ownFaults checks that this host could not make; in neither of the two
 * @param delayed probes that waited, as too many were open
 * @param skipped probes dropped, as the one before them was too late
 * @param open probes open at this moment
 */
public record CheckCounters(long passed, long failed, long ownFaults, long delayed, long skipped, int open) {

    /** Returns how many checks have ended. */
    public long done() {
        return passed + failed + ownFaults;
    }

    /** Returns how many probes were not made at their time. */
    public long late() {
        return delayed + skipped;
    }
}
