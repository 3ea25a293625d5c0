package io.fairlead.ha.peer;

import java.util.Set;

/** Gets what comes from the group, on threads of the group's; the messages of one peer come in order, one by one. */
public interface PeerGroupListener {

    void messageReceived(PeerId from, byte[] message);

    /**
     * The group has changed. A restarted peer is not always seen to leave before it joins.
     *
     * @param members without this appliance
     * @param joined those of them that have not heard what was said before
     */
    void membersChanged(Set<PeerId> members, Set<PeerId> joined);
}
