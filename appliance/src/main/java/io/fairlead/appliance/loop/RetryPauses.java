package io.fairlead.appliance.loop;

import java.time.Duration;

/** The pauses before something is tried again: 1 s, then each twice as long as the one before, up to a minute. */
final class RetryPauses {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private Duration next = FIRST;

    /** Returns the next pause. */
    Duration next() {
        Duration pause = next;
        Duration doubled = pause.multipliedBy(2);
        next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        return pause;
    }

    /** Returns whether something has failed since it last went well. */
    boolean haveBegun() {
        return !next.equals(FIRST);
    }

    /** It went well: the next failure is a first one. */
    void end() {
        next = FIRST;
    }
}
