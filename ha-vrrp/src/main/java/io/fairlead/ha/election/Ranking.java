package io.fairlead.ha.election;

/** Who comes before whom, and for how long each waits. */
final class Ranking {

    /** Takeovers in a row that need no damping. */
    static final int CALM = 3;

    private static final long MARGIN_MIN_NANOS = 5 * ElectionStep.MILLI;

    private Ranking() {}

    /**
     * RFC 9568 §6.4.3: priority, then address. Where a majority decides, or nobody preempts, the later term is first. Between two
     * that cannot read each other only the addresses are known, to both.
     */
    static boolean isBefore(ElectionStep step, int peer, UnitHello hello, long myTerm) {
        if (Unreadable.is(step, peer)) {
            return peer > step.self;
        }
        boolean byPriority = !step.spec.safety().needsMajority()
                && (step.spec.preempt() || step.spec.isOwner())
                && hello.has(UnitHello.PREEMPTS);
        if (!byPriority && hello.term() != myTerm) {
            return hello.term() > myTerm;
        }
        return isBetter(step, peer);
    }

    static boolean isBetter(ElectionStep step, int peer) {
        PeerView view = step.peer(peer);
        if (view == null || !view.isReadable()) {
            return view != null && peer > step.self;
        }
        int mine = Standing.priority(step);
        int its = view.hello().priority();
        return its != mine ? its > mine : peer > step.self;
    }

    /** How many live candidates are better: each waits for those before it. RFC 9568 waits a skew time instead. */
    static long staggerNanos(ElectionStep step, int except) {
        int rank = 0;
        for (int peer = 0; peer < step.spec.peers().size(); peer++) {
            PeerView view = step.peer(peer);
            if (peer != except
                    && peer != step.self
                    && view != null
                    && isFresh(step, peer)
                    && view.mayTakeOver()
                    && isBetter(step, peer)) {
                rank++;
            }
        }
        return rank * placeNanos(step);
    }

    /** What is waited for each that comes before. */
    static long placeNanos(ElectionStep step) {
        return step.spec.intervalNanos() / 2;
    }

    /** Whether {@code peer} is a backup that is heard, could take over, and does so before us. */
    static boolean comesBefore(ElectionStep step, int peer) {
        PeerView view = step.peer(peer);
        return view != null
                && view.hello().role() == HelloRole.BACKUP
                && view.mayTakeOver()
                && isFresh(step, peer)
                && isBetter(step, peer);
    }

    static long waitNanos(ElectionStep step, int master) {
        return silenceNanos(step, master) + staggerNanos(step, master);
    }

    /** D: after which silence {@code peer} is given up. */
    static long silenceNanos(ElectionStep step, int peer) {
        long interval = step.spec.intervalNanos();
        long deviation = 0;
        PeerView view = peer < 0 ? null : step.peer(peer);
        if (view != null) {
            interval = Math.max(interval, Math.min(view.hello().intervalNanos(), 40_950 * ElectionStep.MILLI));
            deviation = view.deviationNanos();
        }
        long margin = Math.max(Math.max(MARGIN_MIN_NANOS, interval / 4), Math.min(4 * deviation, 2 * interval));
        return step.spec.misses() * interval + (margin << Math.min(excitement(step), 2));
    }

    /** 0 while takeovers are rare. */
    private static int excitement(ElectionStep step) {
        return step.damping.windowNanos() - step.now > 0 ? Math.max(0, step.damping.takeovers() - CALM) : 0;
    }

    static boolean isFresh(ElectionStep step, int peer) {
        PeerView view = step.peer(peer);
        return view != null && step.now - view.heardNanos() <= silenceNanos(step, peer);
    }

    static boolean anyPeerHeard(ElectionStep step) {
        for (int peer = 0; peer < step.spec.peers().size(); peer++) {
            if (peer != step.self && isFresh(step, peer)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the best peer that could take over now, or -1. */
    static int best(ElectionStep step) {
        int best = -1;
        for (int peer = 0; peer < step.spec.peers().size(); peer++) {
            PeerView view = step.peer(peer);
            if (peer == step.self || view == null || !isFresh(step, peer) || !view.isEligible()) {
                continue;
            }
            PeerView known = best < 0 ? null : step.peer(best);
            if (known == null || view.hello().priority() >= known.hello().priority()) {
                best = peer;
            }
        }
        return best;
    }

    static long preemptDelayNanos(ElectionStep step) {
        long delay = step.spec.preemptDelay().toNanos();
        int excited = excitement(step);
        return excited == 0 ? delay : Math.max(delay, 1_000 * ElectionStep.MILLI) << excited;
    }
}
