package io.fairlead.ha.election;

/**
 * What a peer says about one unit.
 *
 * @param unit its id
 * @param term of the claim, or the highest term known to a backup
 * @param priority effective: 0 to 255; 0 leaves
 * @param flags a sum of the constants below
 * @param target number of the peer that a hand-over or release is for; 0: whoever is best
 * @param grantedTo number of the peer that the sender's promise is for; 0: none
 * @param grantTerm the term of that promise
 * @param intervalNanos the sender's advertisement interval
 */
public record UnitHello(
        int unit,
        HelloRole role,
        long term,
        int priority,
        int flags,
        int target,
        int grantedTo,
        long grantTerm,
        long intervalNanos) {

    /** It could hold the addresses. */
    public static final int ELIGIBLE = 1;

    /** It has been better than the master for its preemption delay, and has the connections. */
    public static final int WANTS = 1 << 1;

    /** It accepts the hand-over of which it is the target. */
    public static final int READY = 1 << 2;

    /** It is configured to preempt. */
    public static final int PREEMPTS = 1 << 3;

    /** It doubts that the master lives: answer at once. */
    public static final int QUERY = 1 << 4;

    /** It answers for none of the addresses, for certain: promises to it are void. */
    public static final int CLEAN = 1 << 5;

    /** A term beyond this is no term that an election has reached. */
    public static final long TERM_MAX = 1L << 60;

    /** What stands for a hello that cannot be read: nothing can be asked of its sender, nor handed over to it. */
    static UnitHello unreadable(int unit, boolean mayHold, long term, long intervalNanos) {
        return new UnitHello(unit, mayHold ? HelloRole.MASTER : HelloRole.BACKUP, term, 0, 0, 0, 0, 0, intervalNanos);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
