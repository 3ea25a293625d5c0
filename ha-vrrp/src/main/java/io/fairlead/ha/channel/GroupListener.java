package io.fairlead.ha.channel;

import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.peer.PeerId;
import java.nio.ByteBuffer;

/** Gets the packets of the group, which the link carries without knowing what they are. */
@FunctionalInterface
public interface GroupListener {

    /**
     * An authentic packet, never seen before. Called on the receiving thread: must not block.
     *
     * @param from the address of the peer, as configured or found
     * @param packet valid only during the call
     */
    void packetReceived(PeerId peer, IpAddress from, ByteBuffer packet);
}
