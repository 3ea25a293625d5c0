package io.fairlead.ha.election;

import io.fairlead.core.time.MonotonicInstant;

/**
 * The election of a master for one unit. Pure and total: every event is decided in every phase.
 *
 * <p>D is the time without a hello after which a master is given up: {@code misses} intervals and a margin for jitter. The
 * order of peers is priority, then address. "Claim" is a hello as MASTER or HANDING_OVER.
 *
 * <pre>
 * from          event                             guard                           to, effects
 * Initialize    Started                           can hold / cannot               Backup, D from now / Fault; hello
 * Backup        claim of a peer                   term not below a fresh master's Backup, follows it, D from now
 * Backup        RELEASED or LEFT of the master    for me                          takes over at once
 * Backup        RELEASED or LEFT of the master    for the best / for another      deadline by rank / D from now
 * Backup        the master calls itself backup    (its release was lost)          deadline by rank
 * Backup        unreadable hello, may hold        as a claim of a peer            Backup, follows it, D from now
 * Backup        unreadable hello, does not hold   as a backup; a higher address is better
 * Backup        deadline                          a peer that is heard, unreadable, may hold  Backup, D from that hello
 * Backup        first hello of a better backup    follows nobody, it can take over  deadline half an interval later
 * Backup        Suspected(master)                                                 asks it; deadline in one interval
 * Backup        one interval before the deadline  asks the link, no peer heard    the same; asks
 * Backup        deadline                          available, the link says FREE   Master, next term
 * Backup        the link says CUT_OFF, TAKEN                                      Backup, asks again
 * Backup        deadline                          majority                        Candidate, next term, own promise; hello
 * Backup        deadline, more than I late                                        Backup, D from now: it may have been us
 * Candidate     support of a majority                                             Master
 * Candidate     claim of a peer / no support in I                                 Backup
 * Master        claim of a peer                   it is before me                 Backup; removes, then hello
 * Master        claim of a peer                   I am before it                  next term; hello; the peer is a rival
 * Master        a rival says that it let go                                       announces again
 * Master        no claim, but a term above mine   available                       next term; hello; announces again
 * Master        backup that WANTS                 better, eligible, warm          HandingOver to it; hello
 * Master        HandOverRequested, Shutdown       somebody is eligible            HandingOver to the best; hello
 * Master        lease ended                       majority                        Backup; removes, then hello
 * Master        no peer heard, each second        asks the link                   the same; asks
 * Master        the link says CUT_OFF             no peer heard                   Fault; removes, then hello
 * Master        silent longer than I x misses     (it was stalled)                Fenced; sends nothing
 * Master        unreadable hello, may hold        the peer says that it holds     the higher address stays, the other: Backup
 * Master        unreadable hello, illegible                                       Master
 * HandingOver   READY of the target               its term is mine                Backup; removes, then RELEASED x 3
 * HandingOver   no answer in 1 s                  stopping / not                  removes, LEFT / Master
 * Fenced        claim of a later term, or before me                               Backup; removes, then hello
 * Fenced        all missed was read, one I passed                                 Master; adds, hello, announces
 * any           fault, maintenance, failed effect                                 Fault; removes, RELEASED
 * Fault         nothing blocks any more           a peer or the link answers, too Backup, D from now
 * any           Shutdown                                                          Stopped; removes, LEFT x 3
 * </pre>
 *
 * <p>Taking over is, in this order: hello (who still claims learns of it first), addresses, announcement, role. Letting go is
 * the reverse: the addresses are gone before any hello says so, and a winner announces again only after that hello.
 */
public final class Election {

    /** How long after a takeover, or a won conflict, addresses are announced: again and again, since frames get lost. */
    private static final long[] ANNOUNCEMENTS_NANOS = {
        0, 100_000_000L, 500_000_000L, 1_000_000_000L, 2_000_000_000L, 5_000_000_000L
    };

    private Election() {}

    /**
     * Decides what follows from {@code event}.
     *
     * @param now not before the {@code now} of the step that led to {@code state}
     */
    public static Transition step(ElectionState state, ElectionEvent event, UnitSpec spec, MonotonicInstant now) {
        ElectionStep step = new ElectionStep(state, spec, now.nanos());
        Reactions.apply(step, event);
        return step.finish();
    }

    static int announcementCount() {
        return ANNOUNCEMENTS_NANOS.length;
    }

    static long announcementNanos(int index) {
        return ANNOUNCEMENTS_NANOS[index];
    }
}
