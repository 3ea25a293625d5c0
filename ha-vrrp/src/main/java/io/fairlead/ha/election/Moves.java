package io.fairlead.ha.election;

import io.fairlead.ha.election.ElectionState.Damping;
import io.fairlead.ha.election.ElectionState.Promise;

/** Changes of phase, with their effects in the order that nobody may be deceived by. */
final class Moves {

    private static final long HAND_OVER_NANOS = 1_000 * ElectionStep.MILLI;
    private static final long DAMPING_WINDOW_NANOS = 60_000 * ElectionStep.MILLI;
    private static final int COPIES = 3;

    static final long COPY_NANOS = 5 * ElectionStep.MILLI;

    private Moves() {}

    static void listen(ElectionStep step, Cause why) {
        step.because(why);
        step.phase = Standing.canHold(step) || step.spec.isWitness()
                ? Phase.Backup.of(-1, step.now + Ranking.waitNanos(step, -1))
                : new Phase.Fault();
        step.helloOwed = true;
    }

    static void takeOver(ElectionStep step, Cause why) {
        if (step.behind) {
            step.phase = Phase.Backup.of(-1, step.now + Ranking.waitNanos(step, -1));
            return;
        }
        if (!step.spec.safety().needsMajority()) {
            becomeMaster(step, step.term + 1, step.now, why);
            return;
        }
        if (!step.due(step.promise.untilNanos())) {
            step.phase = Phase.Backup.of(-1, step.promise.untilNanos());
            return;
        }
        step.term++;
        step.promise = new Promise(step.self, step.term, step.now + step.spec.promiseNanos());
        step.phase = new Phase.Candidate(step.term, step.now, step.now + step.spec.intervalNanos());
        step.because(why);
        step.helloOwed = true;
        step.nextHelloNanos = step.now;
    }

    static void becomeMaster(ElectionStep step, long claim, long sinceNanos, Cause why) {
        step.term = Math.max(step.term, claim);
        step.condition = step.condition.withYielding(false); // what was given away has come back
        boolean planned = why == Cause.MASTER_RELEASED;
        if (!planned) {
            boolean again = step.damping.windowNanos() - step.now > 0;
            step.damping = new Damping(
                    Math.min(again ? step.damping.takeovers() + 1 : 1, Ranking.CALM + 4),
                    step.now + DAMPING_WINDOW_NANOS,
                    false,
                    step.now);
        }
        long linger = planned ? Long.MAX_VALUE : step.now + step.spec.lingerNanos();
        step.isolation = step.isolation.asked(step.now);
        Phase.Master master = new Phase.Master(claim, sinceNanos, 0, 1, step.now, linger);
        step.phase = master;
        step.because(why);
        step.effects.add(new ElectionEffect.SendHello());
        step.effects.add(new ElectionEffect.AddAddresses(Leases.until(step, master)));
        step.effects.add(new ElectionEffect.Announce());
        step.effects.add(new ElectionEffect.RoleChanged(HelloRole.MASTER, claim));
        Leases.scheduleRenewal(step);
        step.sent();
    }

    static void resume(ElectionStep step, Phase.Master master) {
        if (step.spec.safety().needsMajority() && step.due(Leases.leaseEndNanos(step, master.sinceNanos()))) {
            stepDown(step, -1, Cause.LEASE_ENDED);
            return;
        }
        Phase.Master next = master.announced(1, step.now, master.lingerNanos());
        step.phase = next;
        step.because(Cause.RESUMED);
        step.effects.add(new ElectionEffect.AddAddresses(Leases.until(step, next)));
        step.effects.add(new ElectionEffect.SendHello());
        step.effects.add(new ElectionEffect.Announce());
        Leases.scheduleRenewal(step);
        step.sent();
    }

    static void stepDown(ElectionStep step, int to, Cause why) {
        step.phase = Phase.Backup.of(to, step.now + Ranking.waitNanos(step, to));
        step.because(why);
        step.effects.add(new ElectionEffect.RemoveAddresses());
        step.effects.add(new ElectionEffect.SendHello());
        step.effects.add(new ElectionEffect.RoleChanged(HelloRole.BACKUP, step.term));
        step.sent();
    }

    static void handOverToBest(ElectionStep step, boolean stopping) {
        int to = Ranking.best(step);
        if (!(step.phase instanceof Phase.Master master) || to < 0) {
            step.because(Cause.IGNORED_IN_THIS_STATE);
            return;
        }
        startHandOver(step, master, to, stopping);
        step.condition = step.condition.withYielding(true);
    }

    static void startHandOver(ElectionStep step, Phase.Master master, int to, boolean stopping) {
        step.phase = new Phase.HandingOver(master, to, step.now + HAND_OVER_NANOS, stopping);
        step.because(Cause.HAND_OVER_STARTED);
        step.helloOwed = true;
    }

    /** The addresses are gone before anybody is told. */
    static void release(ElectionStep step, int to, boolean stopping, Cause why) {
        step.because(why);
        step.effects.add(new ElectionEffect.RemoveAddresses());
        step.effects.add(new ElectionEffect.SendHello());
        step.effects.add(new ElectionEffect.RoleChanged(stopping ? HelloRole.LEFT : HelloRole.BACKUP, step.term));
        if (stopping) {
            step.phase = new Phase.Stopped(COPIES - 1, step.now + COPY_NANOS);
        } else {
            step.phase = new Phase.Backup(
                    -1,
                    step.now + Ranking.waitNanos(step, -1),
                    false,
                    to,
                    step.now + 2 * step.spec.intervalNanos(),
                    Phase.LinkTest.NONE);
        }
        step.sent();
        step.nextHelloNanos = step.now + Math.min(COPY_NANOS, step.spec.intervalNanos());
    }

    static void leave(ElectionStep step, Cause why) {
        if (step.holding() != null) {
            step.effects.add(new ElectionEffect.RemoveAddresses());
        }
        step.phase = new Phase.Stopped(COPIES - 1, step.now + COPY_NANOS);
        step.because(why);
        step.effects.add(new ElectionEffect.SendHello());
        step.effects.add(new ElectionEffect.RoleChanged(HelloRole.LEFT, step.term));
    }
}
