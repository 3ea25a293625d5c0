package io.fairlead.ha.peer;

import io.fairlead.core.net.IpAddress;
import java.util.Set;

/** What the channel believes about peers. Never a decision: only hellos, or their absence, decide. */
public sealed interface PeerHint {

    /** The peer's process seems to be gone: its host says that nobody listens there, or heartbeats are missing. */
    record Suspected(PeerId peer) implements PeerHint {}

    /** What comes from the peer's address is refused, which is told once until the peer is heard, and once a minute at most. */
    record Refused(PeerId peer, IpAddress address, String reason) implements PeerHint {}

    /** The peer said that it leaves. */
    record Left(PeerId peer) implements PeerHint {}

    /** A peer was found by multicast, and hellos go to it from now on. Comes once, before all else about that peer. */
    record Found(PeerId peer, IpAddress address) implements PeerHint {}

    /** The peer has proven that it lives, with this boot number; the first time or after a restart. */
    record Proven(PeerId peer, long boot) implements PeerHint {}

    /**
     * The membership as JGroups sees it.
     *
     * @param reachable the peers in the view, without this appliance
     */
    record ViewChanged(Set<PeerId> reachable) implements PeerHint {
        public ViewChanged {
            reachable = Set.copyOf(reachable);
        }
    }
}
