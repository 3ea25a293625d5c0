package io.fairlead.appliance.election;

import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.peer.PeerLink;
import java.nio.ByteBuffer;
import java.util.List;

/** The link of an appliance without peers. */
final class LoneLink implements PeerLink {

    @Override
    public List<PeerId> peers() {
        return List.of();
    }

    @Override
    public boolean send(PeerId peer, ByteBuffer hello) {
        throw new IllegalArgumentException("no peer " + peer + " (expected: none)");
    }

    /** Nothing can have arrived. */
    @Override
    public void drain(Runnable then) {
        then.run();
    }
}
