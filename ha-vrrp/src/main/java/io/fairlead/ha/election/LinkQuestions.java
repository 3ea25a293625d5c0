package io.fairlead.ha.election;

import io.fairlead.ha.election.ElectionState.Isolation;

/** What an appliance that hears no peer asks its link, and what follows from the answers. */
final class LinkQuestions {

    private LinkQuestions() {}

    static void isolationTested(ElectionStep step, IsolationVerdict verdict) {
        if (step.phase instanceof Phase.Backup backup && backup.test() == Phase.LinkTest.ASKED) {
            learn(step, verdict);
            if (verdict == IsolationVerdict.FREE) {
                long deadline = ElectionStep.earlier(
                        backup.deadlineNanos(), step.isolation.askedNanos() + step.spec.intervalNanos());
                step.phase = backup.testing(Phase.LinkTest.PASSED, deadline);
            } else {
                // A dead master's kernel lets go within its lease, and then every moment counts.
                boolean soon = verdict == IsolationVerdict.TAKEN && !step.isolation.broken();
                long pause = soon ? step.spec.intervalNanos() : ElectionStep.RETRY_NANOS;
                step.phase = backup.following(backup.master(), step.now + pause + step.spec.intervalNanos());
            }
        } else if (step.holding() != null && !Ranking.anyPeerHeard(step)) {
            learn(step, verdict);
            if (verdict == IsolationVerdict.CUT_OFF) {
                step.condition = step.condition.withBlock(
                        step.condition.effectFailed(), true, step.now + ElectionStep.RETRY_NANOS);
            }
        } else if (step.phase instanceof Phase.Fault
                && step.condition.isolated()
                && verdict != IsolationVerdict.CUT_OFF) {
            learn(step, verdict);
            step.condition = step.condition.withBlock(step.condition.effectFailed(), false, step.now);
        }
    }

    private static void learn(ElectionStep step, IsolationVerdict verdict) {
        boolean news = verdict != step.isolation.verdict();
        long since = news ? step.now : step.isolation.sinceNanos();
        boolean broken = verdict == IsolationVerdict.TAKEN && step.now - since > step.spec.lingerNanos();
        if (broken && !step.isolation.broken()) {
            step.because(Cause.PEER_PATH_BROKEN);
        } else if (news && verdict != IsolationVerdict.FREE) {
            step.because(verdict == IsolationVerdict.TAKEN ? Cause.ADDRESSES_TAKEN : Cause.ISOLATED);
        }
        step.isolation = new Isolation(verdict, since, step.isolation.askedNanos(), broken);
    }

    static void askTheLink(ElectionStep step) {
        step.isolation = step.isolation.asked(step.now);
        step.effects.add(new ElectionEffect.TestIsolation());
    }

    /**
     * Whether nobody is heard who could say that it is not us who are cut off. Whoever said last that it is the master does not,
     * nor does, where nobody was master, whoever had to take over before us: were they heard, there would be nothing to take.
     */
    static boolean asksTheLink(ElectionStep step) {
        if (!step.spec.asksTheLink()) {
            return false;
        }
        for (int peer = 0; peer < step.spec.peers().size(); peer++) {
            PeerView view = step.peer(peer);
            if (peer != step.self
                    && view != null
                    && !view.hello().role().claims()
                    && !(followsNobody(step) && Ranking.comesBefore(step, peer))
                    && Ranking.isFresh(step, peer)) {
                return false;
            }
        }
        return true;
    }

    private static boolean followsNobody(ElectionStep step) {
        return step.phase instanceof Phase.Backup backup && backup.master() < 0;
    }
}
