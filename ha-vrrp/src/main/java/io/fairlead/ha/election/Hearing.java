package io.fairlead.ha.election;

import io.fairlead.ha.election.ElectionState.Damping;
import io.fairlead.ha.election.PeerView.Clarity;
import org.jspecify.annotations.Nullable;

/** What follows from a hello, in each phase. */
final class Hearing {

    private Hearing() {}

    static void hear(ElectionStep step, ElectionEvent.HelloReceived received) {
        int peer = received.peer();
        UnitHello hello = received.hello();
        if (hello.unit() != step.spec.id()) {
            step.because(Cause.IGNORED_WRONG_UNIT);
            return;
        }
        if (ignores(step, peer, hello.term())) {
            return;
        }
        PeerView last = step.peer(peer);
        if (last != null && last.hasClockOf(received.boot()) && received.sentNanos() - last.sentNanos() <= 0) {
            step.because(Cause.IGNORED_STALE); // overtaken on the way
            return;
        }
        see(step, peer, last, received);
        isHeard(step, hello.term());
        if (step.spec.safety().needsMajority()) {
            Leases.vote(step, peer, hello);
        }
        if (hello.has(UnitHello.QUERY) && step.before.holds()) {
            step.helloOwed = true;
        }
        switch (step.phase) {
            case Phase.Backup backup -> hearAsBackup(step, backup, peer, last, hello);
            case Phase.Candidate candidate -> hearAsCandidate(step, candidate, peer, hello);
            case Phase.Master master -> hearAsMaster(step, master, peer, hello);
            case Phase.HandingOver over -> hearWhileHandingOver(step, over, peer, hello);
            case Phase.Fenced fenced -> hearWhileFenced(step, fenced, peer, hello);
            case Phase.Fault _, Phase.Initialize _, Phase.Stopped _ -> {}
        }
    }

    /** Whether nothing that this peer says can count. */
    static boolean ignores(ElectionStep step, int peer, long term) {
        if (peer < 0 || peer >= step.spec.peers().size() || peer == step.self) {
            step.because(Cause.IGNORED_UNKNOWN_PEER);
        } else if (term < 0 || term > UnitHello.TERM_MAX) {
            step.because(Cause.IGNORED_TERM);
        } else if (step.phase instanceof Phase.Initialize || step.phase instanceof Phase.Stopped) {
            step.because(Cause.IGNORED_IN_THIS_STATE);
        } else {
            return false;
        }
        return true;
    }

    /** A peer is there: this appliance is not cut off. */
    static void isHeard(ElectionStep step, long term) {
        step.term = Math.max(step.term, term);
        step.isolation = step.isolation.ended();
        if (step.condition.isolated()) {
            step.condition = step.condition.withBlock(step.condition.effectFailed(), false, step.now);
        }
    }

    private static void see(
            ElectionStep step, int peer, @Nullable PeerView last, ElectionEvent.HelloReceived received) {
        UnitHello hello = received.hello();
        long deviation = 0;
        long support = 0;
        boolean catchingUp = false;
        if (last != null && last.hasClockOf(received.boot())) {
            long came = step.now - last.heardNanos();
            long sent = received.sentNanos() - last.sentNanos();
            catchingUp = !Ranking.isFresh(step, peer) || (last.catchingUp() && came < step.spec.intervalNanos() / 2);
            deviation = last.deviationNanos();
            if (!catchingUp) {
                // By the sender's clock how far apart they were sent, by ours how far apart they came.
                long error = Math.min(Math.abs(came - sent), 10 * step.spec.intervalNanos());
                deviation += (error - deviation) / 8;
            }
            support = last.supportSentNanos();
        }
        long since = step.claimSince();
        if (since != Long.MIN_VALUE
                && hello.grantedTo() == step.spec.peers().get(step.self).number()
                && hello.grantTerm() == step.claimTerm()
                && received.echoNanos() - since >= 0
                && step.now - received.echoNanos() >= 0) {
            support = received.echoNanos();
        }
        step.put(
                peer,
                new PeerView(
                        received.boot(),
                        step.now,
                        deviation,
                        received.sentNanos(),
                        support,
                        catchingUp,
                        Clarity.ALL,
                        hello));
    }

    static void hearAsBackup(
            ElectionStep step, Phase.Backup backup, int peer, @Nullable PeerView last, UnitHello hello) {
        if (hello.role().claims()) {
            PeerView master = backup.master() < 0 ? null : step.peer(backup.master());
            if (backup.master() != peer
                    && master != null
                    && Ranking.isFresh(step, backup.master())
                    && master.hello().role().claims()
                    && hello.term() < master.hello().term()) {
                return; // the one that we follow will tell it
            }
            if (backup.master() != peer) {
                step.damping = new Damping(step.damping.takeovers(), step.damping.windowNanos(), false, step.now);
                step.because(Cause.BETTER_MASTER);
            }
            step.phase = Phase.Backup.of(peer, step.now + Ranking.waitNanos(step, peer));
            step.helloOwed |= hello.role() == HelloRole.HANDING_OVER && step.isSelf(hello.target());
        } else if (peer == backup.master() || backup.master() < 0) {
            boolean wasMaster = peer == backup.master();
            if (hello.role().releases() && Standing.canHold(step) && step.isSelf(hello.target())) {
                step.because(Cause.MASTER_RELEASED);
                Moves.takeOver(step, Cause.MASTER_RELEASED);
            } else if (wasMaster && hello.role().releases() && hello.target() != 0 && !step.isSelf(hello.target())) {
                step.phase = backup.following(-1, step.now + Ranking.waitNanos(step, -1));
            } else if (wasMaster) {
                step.phase = backup.following(-1, step.now + Ranking.staggerNanos(step, peer));
                step.because(Cause.MASTER_RELEASED);
            } else if (isNewBefore(step, peer, last)) {
                // The deadline was set when nothing was known of it.
                step.phase = backup.following(-1, backup.deadlineNanos() + Ranking.placeNanos(step));
            }
        }
    }

    /** Whether a peer comes before us that could not take over, or was not known, before this hello. */
    private static boolean isNewBefore(ElectionStep step, int peer, @Nullable PeerView last) {
        PeerView view = step.peer(peer);
        boolean wasKnown = last != null && view != null && last.boot() == view.boot() && last.mayTakeOver();
        return !wasKnown && Ranking.comesBefore(step, peer);
    }

    static void hearAsCandidate(ElectionStep step, Phase.Candidate candidate, int peer, UnitHello hello) {
        if (hello.role().claims()) {
            step.phase = Phase.Backup.of(peer, step.now + Ranking.waitNanos(step, peer));
            step.because(Cause.BETTER_MASTER);
        } else if (Leases.supporters(step, candidate.sinceNanos()) >= step.spec.majority()
                && !step.due(Leases.leaseEndNanos(step, candidate.sinceNanos()))) {
            Moves.becomeMaster(step, candidate.term(), candidate.sinceNanos(), Cause.MAJORITY_GRANTED);
        }
    }

    static void hearAsMaster(ElectionStep step, Phase.Master master, int peer, UnitHello hello) {
        if (hello.role().claims()) {
            meetRival(step, master, peer, hello);
        } else if ((master.rivals() & 1 << peer) != 0) {
            // Only now does nobody else answer for the addresses: what it announced must be overwritten.
            step.phase = new Phase.Master(
                    master.term(),
                    master.sinceNanos(),
                    master.rivals() & ~(1 << peer),
                    0,
                    step.now,
                    master.lingerNanos());
            step.because(Cause.RIVAL_GONE);
        } else if (!step.spec.safety().needsMajority() && hello.term() > master.term()) {
            // Somebody was master unheard, and let go at the first claim of ours: it has announced the addresses too.
            step.term++;
            step.phase = new Phase.Master(
                    step.term, master.sinceNanos(), master.rivals(), 0, step.now, master.lingerNanos());
            step.because(Cause.RIVAL_GONE);
            step.helloOwed = true;
        } else if (hello.has(UnitHello.WANTS) && hello.has(UnitHello.ELIGIBLE) && Ranking.isBetter(step, peer)) {
            Moves.startHandOver(step, master, peer, false);
        }
    }

    private static void meetRival(ElectionStep step, Phase.Master master, int peer, UnitHello hello) {
        if (Ranking.isBefore(step, peer, hello, master.term())) {
            Moves.stepDown(step, peer, Cause.BETTER_MASTER);
            return;
        }
        long next = master.term();
        if (!step.spec.safety().needsMajority() && hello.term() >= next) {
            next = Math.max(step.term, hello.term()) + 1;
            step.term = next;
        }
        step.phase = new Phase.Master(
                next,
                master.sinceNanos(),
                master.rivals() | 1 << peer,
                master.announced(),
                master.announcingSinceNanos(),
                master.lingerNanos());
        if (!Unreadable.is(step, peer) || (master.rivals() & 1 << peer) == 0) {
            step.because(Cause.CONFLICT_WON); // of a peer that may never understand it, once
        }
        step.helloOwed |=
                step.now - step.sentNanos > step.spec.intervalNanos() / 4; // answers, but does not join a storm
    }

    static void hearWhileHandingOver(ElectionStep step, Phase.HandingOver over, int peer, UnitHello hello) {
        if (hello.role().claims()) {
            step.phase = over.master();
            meetRival(step, over.master(), peer, hello);
        } else if (peer == over.to()
                && hello.has(UnitHello.READY)
                && hello.has(UnitHello.ELIGIBLE)
                && hello.term() >= over.master().term()) {
            Moves.release(step, peer, over.stopping(), Cause.HANDED_OVER);
        }
    }

    static void hearWhileFenced(ElectionStep step, Phase.Fenced fenced, int peer, UnitHello hello) {
        if (hello.role().claims()
                && (hello.term() > fenced.master().term()
                        || Ranking.isBefore(step, peer, hello, fenced.master().term()))) {
            Moves.stepDown(step, peer, Cause.BETTER_MASTER);
        }
    }

    static void doubt(ElectionStep step, int peer) {
        if (step.phase instanceof Phase.Backup backup && peer >= 0 && backup.master() == peer) {
            long soon = step.now + step.spec.intervalNanos();
            step.phase = backup.doubting(ElectionStep.earlier(backup.deadlineNanos(), soon));
            step.helloOwed = true;
        }
    }
}
