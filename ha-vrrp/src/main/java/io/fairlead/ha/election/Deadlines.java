package io.fairlead.ha.election;

/** What time alone brings about, in each phase, and when. */
final class Deadlines {

    /** After which a question to the link is given up that nobody answered; then it is asked again. */
    private static final long ANSWER_NANOS = 1_000 * ElectionStep.MILLI;

    private Deadlines() {}

    static void timeAsBackup(ElectionStep step, Phase.Backup backup) {
        if (backup.releasedTo() != Phase.Backup.NOTHING && step.due(backup.releasedUntilNanos())) {
            step.phase = backup = backup.released();
        }
        boolean asks = LinkQuestions.asksTheLink(step);
        if (asks
                && backup.test() == Phase.LinkTest.NONE
                && step.due(backup.deadlineNanos() - step.spec.intervalNanos())) {
            step.phase = backup = backup.testing(Phase.LinkTest.ASKED, backup.deadlineNanos());
            LinkQuestions.askTheLink(step);
        }
        if (!step.due(backup.deadlineNanos())) {
            return;
        }
        int holder = Unreadable.holder(step);
        if (holder >= 0) {
            Unreadable.follow(step, backup, holder);
            return;
        }
        if (step.spec.isWitness() || (step.spec.safety().needsMajority() && !step.due(step.promise.untilNanos()))) {
            long later = step.spec.isWitness()
                    ? step.now + Ranking.waitNanos(step, -1)
                    : step.promise.untilNanos() + Ranking.staggerNanos(step, -1);
            step.phase = backup.following(backup.master(), later);
        } else if (!asks || backup.test() == Phase.LinkTest.PASSED) {
            Moves.takeOver(step, Cause.MASTER_SILENT);
        } else if (step.due(step.isolation.askedNanos() + ANSWER_NANOS)) {
            // It could not be asked: nothing changes, and it is asked again.
            step.phase = backup.following(backup.master(), step.now + step.spec.intervalNanos());
        } else {
            step.phase = backup.testing(backup.test(), step.isolation.askedNanos() + ANSWER_NANOS);
        }
    }

    static void timeAsMaster(ElectionStep step, Phase.Master master) {
        if (step.spec.safety().needsMajority() && step.due(Leases.leaseEndNanos(step, master.sinceNanos()))) {
            Moves.stepDown(step, -1, Cause.LEASE_ENDED);
            return;
        }
        if (step.spec.asksTheLink()
                && step.due(step.isolation.askedNanos() + ElectionStep.RETRY_NANOS)
                && !Ranking.anyPeerHeard(step)) {
            LinkQuestions.askTheLink(step);
        }
        Phase.Master next = forgetSilentRivals(step, master);
        while (next.announced() < Election.announcementCount()
                && step.due(next.announcingSinceNanos() + Election.announcementNanos(next.announced()))) {
            if (step.effects.isEmpty() || !(step.effects.getLast() instanceof ElectionEffect.Announce)) {
                step.effects.add(new ElectionEffect.Announce());
            }
            next = next.announced(next.announced() + 1, next.announcingSinceNanos(), next.lingerNanos());
        }
        if (next.lingerNanos() != Long.MAX_VALUE && step.due(next.lingerNanos())) {
            next = next.announced(0, step.now, Long.MAX_VALUE);
            step.effects.add(new ElectionEffect.Announce());
        }
        step.phase = next;
        renew(step, next);
    }

    private static Phase.Master forgetSilentRivals(ElectionStep step, Phase.Master master) {
        if (master.rivals() == 0) {
            return master;
        }
        int rivals = master.rivals();
        long gone = step.spec.lingerNanos();
        for (int peer = 0; peer < step.spec.peers().size(); peer++) {
            PeerView view = step.peer(peer);
            if ((rivals & 1 << peer) != 0 && (view == null || step.now - view.heardNanos() > gone)) {
                rivals &= ~(1 << peer);
            }
        }
        return rivals == master.rivals()
                ? master
                : new Phase.Master(master.term(), master.sinceNanos(), rivals, 0, step.now, master.lingerNanos());
    }

    private static void renew(ElectionStep step, Phase.Master master) {
        if (step.due(step.renewNanos)) {
            step.effects.add(new ElectionEffect.RenewAddresses(Leases.until(step, master)));
            Leases.scheduleRenewal(step);
        }
    }

    static void timeWhileHandingOver(ElectionStep step, Phase.HandingOver over) {
        if (step.spec.safety().needsMajority()
                && step.due(Leases.leaseEndNanos(step, over.master().sinceNanos()))) {
            Moves.stepDown(step, -1, Cause.LEASE_ENDED);
        } else if (step.due(over.untilNanos())) {
            if (over.stopping()) {
                Moves.leave(step, Cause.HAND_OVER_FAILED);
            } else {
                step.phase = over.master();
                step.because(Cause.HAND_OVER_FAILED);
            }
        } else {
            renew(step, over.master());
        }
    }

    static void timeWhileFaulty(ElectionStep step) {
        if (step.condition.effectFailed() && step.due(step.condition.retryNanos())) {
            step.effects.add(
                    new ElectionEffect.RemoveAddresses()); // before a new try, and fails again if nothing has changed
            step.condition =
                    step.condition.withBlock(false, step.condition.isolated(), step.now + ElectionStep.RETRY_NANOS);
        }
        if (step.condition.isolated() && !step.spec.asksTheLink()) {
            step.condition = step.condition.withBlock(
                    step.condition.effectFailed(), false, step.now); // it is configured no more
        } else if (step.condition.isolated() && step.due(step.condition.retryNanos())) {
            step.condition =
                    step.condition.withBlock(step.condition.effectFailed(), true, step.now + ElectionStep.RETRY_NANOS);
            LinkQuestions.askTheLink(step);
        }
        if (Standing.canHold(step)) {
            Moves.listen(step, Cause.RECOVERED);
        }
    }

    static long wakeNanos(ElectionStep step) {
        return switch (step.phase) {
            case Phase.Initialize _ -> Long.MAX_VALUE;
            case Phase.Backup backup -> {
                long wake = ElectionStep.earlier(step.nextHelloNanos, backup.deadlineNanos());
                if (backup.test() == Phase.LinkTest.NONE && LinkQuestions.asksTheLink(step)) {
                    wake = ElectionStep.earlier(wake, backup.deadlineNanos() - step.spec.intervalNanos());
                }
                yield backup.releasedTo() == Phase.Backup.NOTHING
                        ? wake
                        : ElectionStep.earlier(wake, backup.releasedUntilNanos());
            }
            case Phase.Candidate candidate -> ElectionStep.earlier(step.nextHelloNanos, candidate.untilNanos());
            case Phase.Master master -> masterWakeNanos(step, master);
            case Phase.HandingOver over ->
                ElectionStep.earlier(masterWakeNanos(step, over.master()), over.untilNanos());
            case Phase.Fenced fenced -> fenced.untilNanos();
            case Phase.Fault _ ->
                step.condition.effectFailed() || step.condition.isolated()
                        ? ElectionStep.earlier(step.nextHelloNanos, step.condition.retryNanos())
                        : step.nextHelloNanos;
            case Phase.Stopped stopped -> stopped.nextNanos();
        };
    }

    private static long masterWakeNanos(ElectionStep step, Phase.Master master) {
        long wake = ElectionStep.earlier(step.nextHelloNanos, step.renewNanos);
        if (step.spec.safety().needsMajority()) {
            wake = ElectionStep.earlier(wake, Leases.leaseEndNanos(step, master.sinceNanos()));
        }
        if (step.phase instanceof Phase.Master) {
            if (master.announced() < Election.announcementCount()) {
                wake = ElectionStep.earlier(
                        wake, master.announcingSinceNanos() + Election.announcementNanos(master.announced()));
            }
            if (master.lingerNanos() != Long.MAX_VALUE) {
                wake = ElectionStep.earlier(wake, master.lingerNanos());
            }
        }
        return wake;
    }
}
