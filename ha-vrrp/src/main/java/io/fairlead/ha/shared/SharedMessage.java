package io.fairlead.ha.shared;

import java.util.Map;

/** What peers tell each other over the group. */
public sealed interface SharedMessage {

    /** All wishes that the sender knows of. */
    record AllWishes(Wishes wishes) implements SharedMessage {}

    /**
     * What the sender's checks say.
     *
     * @param all whether these are all claims; else those that have changed
     */
    record Health(boolean all, Map<String, HealthClaim> claims) implements SharedMessage {
        public Health {
            claims = Map.copyOf(claims);
        }
    }
}
