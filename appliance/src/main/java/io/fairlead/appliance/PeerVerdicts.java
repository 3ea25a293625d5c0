package io.fairlead.appliance;

import io.fairlead.appliance.admin.StatusReport.PeerVerdictLine;
import io.fairlead.appliance.peers.SharedView;
import io.fairlead.core.policy.RealServerName;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Tells what the checks of peers say of real servers.
 *
 * @param wall the time of day at {@code nanos}, the monotonic clock
 */
record PeerVerdicts(SharedView shared, Instant wall, long nanos) {

    /** What peers say of one real server. */
    record PeerVerdictLines(boolean isDisputed, List<PeerVerdictLine> lines) {}

    PeerVerdictLines of(RealServerName name) {
        return new PeerVerdictLines(
                shared.isDisputed(name),
                shared.others(name).entrySet().stream()
                        .map(each -> new PeerVerdictLine(
                                each.getKey().name(),
                                each.getValue().health().word(),
                                wall.minus(Duration.ofNanos(
                                                nanos - each.getValue().sinceNanos()))
                                        .truncatedTo(ChronoUnit.SECONDS)
                                        .toString()))
                        .toList());
    }
}
