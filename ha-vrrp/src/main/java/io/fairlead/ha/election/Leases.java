package io.fairlead.ha.election;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.ha.election.ElectionState.Promise;

/** Promises of voters, and what a master may hold by them; without a majority, by the lifetime of its addresses. */
final class Leases {

    private Leases() {}

    /** A promise goes to one candidate at a time, and is renewed by each of its claims. */
    static void vote(ElectionStep step, int peer, UnitHello hello) {
        if (hello.has(UnitHello.CLEAN) && step.promise.to() == peer) {
            step.promise = new Promise(peer, step.promise.term(), step.now); // it has let go: free for another
        }
        if (!hello.role().claims() && hello.role() != HelloRole.CANDIDATE) {
            return;
        }
        boolean same = step.promise.to() == peer && step.promise.term() == hello.term();
        boolean free = step.now - step.promise.untilNanos() >= 0
                && hello.term() > step.promise.term()
                && !step.before.holds()
                && !(step.phase instanceof Phase.Candidate);
        if (same || free) {
            step.promise = new Promise(peer, hello.term(), step.now + step.spec.promiseNanos());
            step.helloOwed |= hello.role() == HelloRole.CANDIDATE;
        }
    }

    static int supporters(ElectionStep step, long since) {
        int count = 1;
        for (int peer = 0; peer < step.spec.peers().size(); peer++) {
            PeerView view = step.peer(peer);
            if (peer != step.self
                    && view != null
                    && view.supportSentNanos() != 0
                    && view.supportSentNanos() - since >= 0) {
                count++;
            }
        }
        return count;
    }

    /** Until when a majority, this appliance included, has promised to support nobody else. */
    static long leaseEndNanos(ElectionStep step, long since) {
        int others = step.spec.majority() - 1;
        long end = since;
        for (int peer = 0; peer < step.spec.peers().size(); peer++) {
            PeerView view = step.peer(peer);
            if (peer == step.self
                    || view == null
                    || view.supportSentNanos() - since < 0
                    || view.supportSentNanos() == 0) {
                continue;
            }
            if (supporters(step, view.supportSentNanos()) - 1 >= others && view.supportSentNanos() - end > 0) {
                end = view.supportSentNanos();
            }
        }
        return end + step.spec.leaseNanos();
    }

    static MonotonicInstant until(ElectionStep step, Phase.Master master) {
        return new MonotonicInstant(
                step.spec.safety().needsMajority()
                        ? leaseEndNanos(step, master.sinceNanos())
                        : step.now + step.spec.addressLifetime().toNanos());
    }

    static void scheduleRenewal(ElectionStep step) {
        long quarter = step.spec.addressLifetime().toNanos() / 4;
        step.renewNanos = step.now
                + (step.spec.safety().needsMajority()
                        ? step.spec.intervalNanos()
                        : Math.max(quarter, Math.min(step.spec.intervalNanos(), 2 * quarter)));
    }
}
