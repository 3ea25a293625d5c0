package io.fairlead.appliance.election;

import io.fairlead.conf.ConnectionSyncSpec;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.kernel.SyncDaemons;
import io.fairlead.core.model.SyncDaemon;
import io.fairlead.core.model.SyncRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's two daemons that tell the peers of connections, and learn of theirs. Both run on every appliance from its
 * start on, whoever is master: a daemon that is stopped throws away what it has not sent. A stop of the appliance leaves them.
 */
final class ConnectionSync {

    /** What came of it. */
    record Outcome(boolean runs, boolean ranBefore, List<String> failing) {}

    private ConnectionSync() {}

    /**
     * Starts what does not run, and stops what is in its way or was wanted before. What others started is left alone.
     *
     * @param before what was wanted until now
     */
    static Outcome follow(
            SyncDaemons daemons, Optional<ConnectionSyncSpec> before, Optional<ConnectionSyncSpec> wanted) {
        List<SyncDaemon> ours = before.map(ConnectionSyncSpec::daemons).orElse(List.of());
        List<SyncDaemon> missing =
                new ArrayList<>(wanted.map(ConnectionSyncSpec::daemons).orElse(List.of()));
        List<String> failing = new ArrayList<>();
        try {
            for (SyncDaemon running : daemons.read()) {
                if (missing.removeIf(daemon -> daemon.isRunAs(running))) {
                    continue;
                }
                boolean isInTheWay = missing.stream().anyMatch(daemon -> daemon.role() == running.role());
                if (isInTheWay || ours.stream().anyMatch(daemon -> daemon.isRunAs(running))) {
                    boolean _ = daemons.stop(running.role());
                }
            }
        } catch (KernelException e) {
            return new Outcome(false, false, List.of("connection sync: " + e.getMessage()));
        }
        boolean ran = missing.isEmpty();
        for (SyncDaemon daemon : missing) {
            try {
                daemons.start(daemon);
            } catch (KernelException e) {
                failing.add("connection sync " + (daemon.role() == SyncRole.MASTER ? "sender" : "receiver") + ": "
                        + e.getMessage());
            }
        }
        return new Outcome(wanted.isPresent() && failing.isEmpty(), ran, failing);
    }
}
