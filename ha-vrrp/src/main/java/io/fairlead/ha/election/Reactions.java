package io.fairlead.ha.election;

import io.fairlead.ha.election.ElectionState.Damping;
import io.fairlead.ha.election.ElectionState.Promise;

/** What follows from an event: first whether it comes too late, then the event itself, then what conditions and time bring about. */
final class Reactions {

    private Reactions() {}

    static void apply(ElectionStep step, ElectionEvent event) {
        noticeStall(step);
        switch (event) {
            case ElectionEvent.Started _ -> start(step);
            case ElectionEvent.Tick _ -> {}
            case ElectionEvent.HelloReceived received -> Hearing.hear(step, received);
            case ElectionEvent.UnreadableReceived received -> Unreadable.hear(step, received);
            case ElectionEvent.Suspected suspected -> Hearing.doubt(step, suspected.peer());
            case ElectionEvent.TrackChanged changed -> track(step, changed);
            case ElectionEvent.WarmChanged changed -> step.condition = step.condition.withWarm(changed.warm());
            case ElectionEvent.MaintenanceChanged changed -> maintain(step, changed.on());
            case ElectionEvent.HandOverRequested _ -> Moves.handOverToBest(step, false);
            case ElectionEvent.AddressesFailed _ -> addressesFailed(step);
            case ElectionEvent.IsolationTested tested -> LinkQuestions.isolationTested(step, tested.verdict());
            case ElectionEvent.Drained _ -> step.behind = false;
            case ElectionEvent.ShutdownRequested _ -> shutDown(step);
        }
        if (!(step.phase instanceof Phase.Initialize)) {
            followConditions(step);
            followTime(step);
        }
    }

    private static void noticeStall(ElectionStep step) {
        if (step.phase instanceof Phase.Initialize || step.phase instanceof Phase.Stopped) {
            return;
        }
        Phase.Master master = step.holding();
        if (master != null && !(step.phase instanceof Phase.Fenced)) {
            if (step.now - step.sentNanos > step.spec.patienceNanos()) {
                step.phase = new Phase.Fenced(master, step.now + step.spec.intervalNanos());
                step.behind = true;
                step.because(Cause.STALLED);
            }
            return;
        }
        if (step.phase instanceof Phase.Fenced fenced
                && step.now - step.before.wakeNanos() > step.spec.intervalNanos()) {
            step.phase = new Phase.Fenced(fenced.master(), step.now + step.spec.intervalNanos());
            step.behind = true;
        } else if (step.phase instanceof Phase.Backup backup
                && step.now - step.before.wakeNanos() > step.spec.intervalNanos()) {
            // Hellos may wait unread: the deadline says nothing.
            step.phase = backup.following(backup.master(), step.now + Ranking.waitNanos(step, backup.master()));
            step.behind = true;
            step.because(Cause.STALLED);
        }
    }

    private static void start(ElectionStep step) {
        if (!(step.phase instanceof Phase.Initialize)) {
            step.because(Cause.IGNORED_IN_THIS_STATE);
            return;
        }
        if (step.spec.safety().needsMajority()) {
            step.promise = new Promise(-1, 0, step.now + step.spec.amnesiaNanos());
        }
        step.nextHelloNanos = step.now;
        Moves.listen(step, Cause.STARTED);
    }

    private static void track(ElectionStep step, ElectionEvent.TrackChanged changed) {
        if (changed.track() < 0 || changed.track() >= step.spec.tracks().size()) {
            step.because(Cause.IGNORED_IN_THIS_STATE);
            return;
        }
        long bit = 1L << changed.track();
        long failed = changed.failed() ? step.condition.failedTracks() | bit : step.condition.failedTracks() & ~bit;
        step.helloOwed |= failed != step.condition.failedTracks();
        step.condition = step.condition.withFailedTracks(failed);
    }

    private static void maintain(ElectionStep step, boolean on) {
        step.condition = step.condition.withMaintenance(on);
    }

    private static void addressesFailed(ElectionStep step) {
        step.condition = step.condition.withBlock(true, step.condition.isolated(), step.now + ElectionStep.RETRY_NANOS);
        step.because(Cause.ADDRESSES_FAILED);
        if (step.spec.safety().needsMajority()) {
            // They may still be there, until the kernel's own limit.
            step.promise = new Promise(step.self, step.promise.term(), step.now + step.spec.promiseNanos());
        }
    }

    private static void shutDown(ElectionStep step) {
        if (step.phase instanceof Phase.Master && Ranking.best(step) >= 0) {
            Moves.handOverToBest(step, true);
        } else if (step.phase instanceof Phase.HandingOver over) {
            step.phase = new Phase.HandingOver(over.master(), over.to(), over.untilNanos(), true);
        } else if (!(step.phase instanceof Phase.Stopped)) {
            Moves.leave(step, Cause.SHUTDOWN);
        }
    }

    private static void followConditions(ElectionStep step) {
        if (step.phase instanceof Phase.Stopped) {
            return;
        }
        if (!Standing.canHold(step) && !step.spec.isWitness() && !(step.phase instanceof Phase.Fault)) {
            boolean held = step.before.holds() || step.holding() != null;
            step.because(Standing.blockingCause(step));
            step.phase = new Phase.Fault();
            if (held) {
                step.effects.clear(); // what was decided before the fault is not to be begun
                step.effects.add(new ElectionEffect.RemoveAddresses());
                step.effects.add(new ElectionEffect.SendHello());
                step.effects.add(new ElectionEffect.RoleChanged(HelloRole.FAULT, step.term));
                step.sent();
            } else {
                step.helloOwed = true;
            }
        } else if (Standing.canHold(step) && step.phase instanceof Phase.Fault) {
            Moves.listen(step, Cause.RECOVERED);
        }
    }

    private static void followTime(ElectionStep step) {
        switch (step.phase) {
            case Phase.Backup backup -> Deadlines.timeAsBackup(step, backup);
            case Phase.Candidate candidate -> {
                if (step.due(candidate.untilNanos())) {
                    step.phase = Phase.Backup.of(-1, step.now + Ranking.waitNanos(step, -1));
                    step.because(Cause.MAJORITY_REFUSED);
                }
            }
            case Phase.Master master -> Deadlines.timeAsMaster(step, master);
            case Phase.HandingOver over -> Deadlines.timeWhileHandingOver(step, over);
            case Phase.Fenced fenced -> {
                if (!step.behind && step.due(fenced.untilNanos())) {
                    Moves.resume(step, fenced.master());
                }
            }
            case Phase.Fault _ -> Deadlines.timeWhileFaulty(step);
            case Phase.Stopped stopped -> {
                if (stopped.copies() > 0 && step.due(stopped.nextNanos())) {
                    step.phase = new Phase.Stopped(stopped.copies() - 1, step.now + 2 * Moves.COPY_NANOS);
                    step.effects.add(new ElectionEffect.SendHello());
                }
            }
            case Phase.Initialize _ -> {}
        }
        if (step.phase instanceof Phase.Fenced
                || step.phase instanceof Phase.Stopped
                || step.phase instanceof Phase.Initialize) {
            return;
        }
        if (step.helloOwed || step.due(step.nextHelloNanos)) {
            step.effects.add(new ElectionEffect.SendHello());
            step.sent();
        }
    }

    static void followPreemption(ElectionStep step) {
        boolean better = false;
        if (step.phase instanceof Phase.Backup backup && backup.master() >= 0) {
            PeerView master = step.peer(backup.master());
            better = (step.spec.preempt() || step.spec.isOwner())
                    && step.condition.warm()
                    && Standing.canHold(step)
                    && !step.condition.yielding()
                    && master != null
                    && master.isReadable()
                    && master.hello().role().claims()
                    && !Ranking.isBetter(step, backup.master());
        }
        if (better != step.damping.better()) {
            step.damping = new Damping(step.damping.takeovers(), step.damping.windowNanos(), better, step.now);
        }
    }
}
