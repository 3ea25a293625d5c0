package io.fairlead.ha.channel;

import io.fairlead.ha.peer.PeerId;
import java.nio.ByteBuffer;

/** Gets the packets of the group, which the link carries without knowing what they are. */
@FunctionalInterface
public interface GroupListener {

    /**
     * An authentic packet, never seen before. Called on the receiving thread: must not block.
     *
     * @param packet valid only during the call
     */
    void packetReceived(PeerId peer, ByteBuffer packet);
}
