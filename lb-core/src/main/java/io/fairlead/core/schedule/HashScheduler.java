package io.fairlead.core.schedule;

import io.fairlead.core.model.SchedulerFlag;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.net.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * A scheduler whose choice is a function of the client, the address that it asks, and the pool: the same questions get the
 * same real server, as long as the pool is the same.
 */
public sealed interface HashScheduler permits SourceHashing, DestinationHashing, MaglevHashing {

    /**
     * Returns whom the kernel chooses for a new connection; empty if nobody, and the client is turned away.
     *
     * @param clientPort looked at with the flags {@code sh-port} and {@code mh-port} only
     * @param destination what the client asks
     */
    Optional<Candidate> choose(IpAddress client, int clientPort, IpAddress destination);

    /** Returns whether the choice depends on the port of the client. */
    boolean readsPort();

    /**
     * Returns the scheduler of {@code virtualServer} over its pool; empty if it weighs something else than the client.
     *
     * @param candidates in the kernel's order, which is that of its answers: the last added first
     * @param maglevSlots how large a table the kernel was built with for {@code mh}
     */
    static Optional<HashScheduler> of(VirtualServer virtualServer, List<Candidate> candidates, int maglevSlots) {
        boolean port = virtualServer.schedulerFlags().contains(SchedulerFlag.SH_PORT)
                || virtualServer.schedulerFlags().contains(SchedulerFlag.MH_PORT);
        boolean fallback = virtualServer.schedulerFlags().contains(SchedulerFlag.SH_FALLBACK)
                || virtualServer.schedulerFlags().contains(SchedulerFlag.MH_FALLBACK);
        return switch (virtualServer.scheduler().name()) {
            case "sh" -> Optional.of(new SourceHashing(virtualServer.key().family(), candidates, port, fallback));
            case "dh" -> Optional.of(new DestinationHashing(virtualServer.key().family(), candidates));
            case "mh" ->
                Optional.of(new MaglevHashing(virtualServer.key().family(), candidates, port, fallback, maglevSlots));
            default -> Optional.empty();
        };
    }
}
