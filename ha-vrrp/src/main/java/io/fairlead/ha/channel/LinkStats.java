package io.fairlead.ha.channel;

import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.seal.Verdict.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a link has done since it was opened.
 *
 * @param refused how many datagrams were refused, by reason; those with none are left out
 * @param listening whether its sockets are open
 */
public record LinkStats(boolean listening, List<PeerStats> peers, Map<Reason, Long> refused) {

    /**
     * @param proven whether the peer has proven that it lives; it may be gone since
     * @param unsendable hellos and packets that the kernel did not take
     * @param refusedFor why what comes from its address is refused, though it does not fit; empty once it has been heard since
     */
    public record PeerStats(
            PeerId peer,
            IpAddress address,
            boolean proven,
            long hellosSent,
            long hellosReceived,
            long unsendable,
            Optional<Reason> refusedFor) {}

    public LinkStats {
        peers = List.copyOf(peers);
        refused = Map.copyOf(refused);
    }
}
