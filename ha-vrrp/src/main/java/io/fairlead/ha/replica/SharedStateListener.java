package io.fairlead.ha.replica;

import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.shared.Wishes;

/** Gets what changes, in order, one call at a time, on the thread of whoever changed it. Must not block. */
public interface SharedStateListener {

    /** The replica has changed, by us or by others, and is to be kept for the next start. */
    void replicaChanged(Wishes replica);

    /**
     * Peers wish something else.
     *
     * @param from who told of it; not always who wished it
     */
    void wishesChanged(PeerId from);

    /** What peers' checks say has changed. */
    void healthChanged();
}
