package io.fairlead.ha.election;

/** Where a unit stands. Deadlines are readings of the monotonic clock, in nanoseconds. */
public sealed interface Phase {

    /** Nothing is sent and nothing is held. */
    record Initialize() implements Phase {}

    /**
     * @param master index of the peer that is followed; -1: none
     * @param deadlineNanos when to take over, unless something is heard
     * @param doubted the master is suspected: ask it
     * @param releasedTo what this node released, to be repeated: index of the target, {@link #TO_BEST}, or {@link #NOTHING}
     * @param releasedUntilNanos until when it is repeated
     * @param test of the link, for this deadline
     */
    record Backup(
            int master, long deadlineNanos, boolean doubted, int releasedTo, long releasedUntilNanos, LinkTest test)
            implements Phase {

        static final int TO_BEST = -1;
        static final int NOTHING = -2;

        /** Follows {@code master}, and has released nothing. */
        static Backup of(int master, long deadlineNanos) {
            return new Backup(master, deadlineNanos, false, NOTHING, 0, LinkTest.NONE);
        }

        /** The same with another master or deadline; what was asked for the one before says nothing of this. */
        Backup following(int next, long deadline) {
            return new Backup(next, deadline, false, releasedTo, releasedUntilNanos, LinkTest.NONE);
        }

        Backup doubting(long deadline) {
            return new Backup(master, deadline, true, releasedTo, releasedUntilNanos, test);
        }

        Backup released() {
            return new Backup(master, deadlineNanos, doubted, NOTHING, 0, test);
        }

        Backup testing(LinkTest next, long deadline) {
            return new Backup(master, deadline, doubted, releasedTo, releasedUntilNanos, next);
        }
    }

    /** How far the test is that comes before a takeover. */
    enum LinkTest {
        NONE,
        ASKED,
        PASSED
    }

    /** @param sinceNanos hellos sent from then on carry the claim */
    record Candidate(long term, long sinceNanos, long untilNanos) implements Phase {}

    /**
     * @param sinceNanos hellos sent from then on carry the claim
     * @param rivals bit of each peer that claimed too and has not been heard to let go
     * @param announced how many of the scheduled announcements were made
     * @param announcingSinceNanos when the present series began
     * @param lingerNanos when the predecessor's kernel has let go at the latest: announce again then
     */
    record Master(long term, long sinceNanos, int rivals, int announced, long announcingSinceNanos, long lingerNanos)
            implements Phase {

        Master announced(int count, long since, long linger) {
            return new Master(term, sinceNanos, rivals, count, since, linger);
        }
    }

    /** @param to index of the target, whose acceptance is awaited until {@code untilNanos} */
    record HandingOver(Master master, int to, long untilNanos, boolean stopping) implements Phase {}

    /** Was master and stalled: the addresses stay as they are, nothing is sent. */
    record Fenced(Master master, long untilNanos) implements Phase {}

    /** Cannot hold the addresses. */
    record Fault() implements Phase {}

    /** Has left; says so {@code copies} times more. */
    record Stopped(int copies, long nextNanos) implements Phase {}
}
