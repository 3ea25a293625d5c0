package io.fairlead.appliance.election;

import io.fairlead.core.time.MonotonicInstant;
import java.time.Duration;

/**
 * How long an appliance leaves the addresses to a living master, because that one knows more: about connections, and about
 * which real servers are healthy. If the master dies nobody asks for warmth. Pure.
 *
 * @param waited when it knows the connections, and its checks have begun
 * @param givenUp when it does not wait for a check any more that never comes to a verdict
 * @param checked whether every check has had a verdict since the start
 */
record Warmth(MonotonicInstant waited, MonotonicInstant givenUp, boolean checked) {

    /** A joiner knows the connections that were made, or sent packets, since it has listened. */
    static final Duration WARMING = Duration.ofSeconds(15);

    /** After a start what is to be checked is known, and all that answers has answered: checks are spread over a second. */
    static final Duration CHECKING = Duration.ofSeconds(3);

    /** Long enough for most checks that fail, and have to fail several times before that is a verdict. */
    static final Duration CHECKING_MAX = Duration.ofMinutes(2);

    /** Returns the warmth of an election that begins {@code now}, and so do the checks. */
    static Warmth begun(MonotonicInstant now) {
        return new Warmth(now.plus(CHECKING), now.plus(CHECKING_MAX), false);
    }

    /** Returns the same after connection synchronisation was followed; one that begins has everything to learn. */
    Warmth after(ConnectionSync.Outcome sync, MonotonicInstant now) {
        MonotonicInstant learnt = now.plus(WARMING);
        return sync.runs() && !sync.ranBefore() && waited.isBefore(learnt)
                ? new Warmth(learnt, givenUp, checked)
                : this;
    }

    /** Returns the same after a look at the checks. What is configured later is no reason to wait again. */
    Warmth seen(boolean allHaveSpoken) {
        return checked || !allHaveSpoken ? this : new Warmth(waited, givenUp, true);
    }

    boolean isWarm(MonotonicInstant now) {
        return !now.isBefore(waited) && (checked || !now.isBefore(givenUp));
    }
}
