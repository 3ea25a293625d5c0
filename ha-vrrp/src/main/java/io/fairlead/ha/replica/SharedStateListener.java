package io.fairlead.ha.replica;

import io.fairlead.ha.shared.HealthClaims;
import io.fairlead.ha.shared.Wish;
import io.fairlead.ha.shared.Wishes;
import java.util.SortedMap;

/** Gets what other peers have changed. Called on a thread of the group's, one call at a time; must not block for long. */
public interface SharedStateListener {

    /**
     * Other peers' changes have arrived.
     *
     * @param replica all that is known now, to be kept for the next start
     * @param wishes what counts, by subject; a subject that is missing has no wish any more
     */
    void wishesChanged(Wishes replica, SortedMap<String, Wish> wishes);

    /** What peers' checks say has changed. */
    void healthChanged(HealthClaims claims);
}
