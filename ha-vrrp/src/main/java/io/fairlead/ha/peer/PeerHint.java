package io.fairlead.ha.peer;

import java.util.Set;

/** What the channel believes about peers. Never a decision: only hellos, or their absence, decide. */
public sealed interface PeerHint {

    /** The peer's process seems to be gone: its liveness connection was closed, or heartbeats are missing. */
    record Suspected(PeerId peer) implements PeerHint {}

    /** The peer said that it leaves. */
    record Left(PeerId peer) implements PeerHint {}

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
