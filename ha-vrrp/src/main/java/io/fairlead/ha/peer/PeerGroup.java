package io.fairlead.ha.peer;

import java.util.Set;

/** Messages between the peers that do not get lost but have time: what is not the election's. */
public interface PeerGroup {

    /** Returns the peers that are in the group now, without this appliance. */
    Set<PeerId> members();

    /**
     * Sends a message to all members, in order. Who joins later does not get it.
     *
     * @return false if this appliance is in no group; whoever publishes says all anew when members join
     */
    boolean publish(byte[] message);
}
