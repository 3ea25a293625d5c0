package io.fairlead.ha.peer;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Sends hellos to the configured peers: at once, unreliably, each in one sealed datagram, across splits and without a
 * view. Sending never blocks and never throws; what could not be sent is counted by the link.
 */
public interface PeerLink {

    /** The most bytes a hello may have. */
    int HELLO_SIZE_MAX = 8192;

    /**
     * Returns the configured peers without this appliance; where peers are found by multicast, those found so far. The
     * same instances are given to {@link PeerListener}.
     */
    List<PeerId> peers();

    /**
     * Sends a hello to one peer, and a challenge with it if that peer has not proven yet that it lives now.
     *
     * @param hello from position to limit; neither is changed
     * @return whether the kernel took a datagram with the hello
     * @throws IllegalArgumentException if the hello is longer than {@link #HELLO_SIZE_MAX} or the peer is not configured
     */
    boolean send(PeerId peer, ByteBuffer hello);

    /** Sends a hello to every peer; as {@link #send}. */
    default void sendAll(ByteBuffer hello) {
        List<PeerId> peers = peers();
        for (int index = 0; index < peers.size(); index++) {
            send(peers.get(index), hello);
        }
    }

    /**
     * Runs {@code then} on the receiving thread once all that the kernel had received before this call has been given to
     * the listener. After a stall this parts "nothing came" from "nothing was read".
     *
     * @param then must not block; does not run if the link is closed first
     */
    void drain(Runnable then);
}
