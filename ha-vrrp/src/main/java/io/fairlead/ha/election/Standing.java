package io.fairlead.ha.election;

/** What this appliance can do, and says of itself. */
final class Standing {

    private Standing() {}

    static boolean canHold(ElectionStep step) {
        return !step.condition.blocked() && !trackFault(step) && !step.spec.isWitness();
    }

    private static boolean trackFault(ElectionStep step) {
        for (int track = 0; track < step.spec.tracks().size(); track++) {
            if (step.spec.tracks().get(track).weight() == 0 && (step.condition.failedTracks() >>> track & 1) != 0) {
                return true;
            }
        }
        return false;
    }

    static Cause blockingCause(ElectionStep step) {
        if (step.condition.maintenance()) {
            return Cause.MAINTENANCE;
        }
        if (step.condition.effectFailed()) {
            return Cause.ADDRESSES_FAILED;
        }
        return step.condition.isolated() ? Cause.ISOLATED : Cause.TRACK_FAULT;
    }

    /** The configured priority and what tracking makes of it: 1 to 254, and 255 whatever happens to an owner. */
    static int priority(ElectionStep step) {
        if (step.spec.isWitness()) {
            return 0;
        }
        if (step.spec.isOwner()) {
            return 255;
        }
        int sum = step.spec.priority();
        for (int track = 0; track < step.spec.tracks().size(); track++) {
            int weight = step.spec.tracks().get(track).weight();
            boolean failed = (step.condition.failedTracks() >>> track & 1) != 0;
            sum += weight > 0 == !failed ? weight : 0;
        }
        return Math.clamp(sum, 1, 254);
    }

    static int flags(ElectionStep step) {
        int flags = 0;
        if (canHold(step)) {
            flags |= UnitHello.ELIGIBLE;
        }
        if (step.spec.preempt() || step.spec.isOwner()) {
            flags |= UnitHello.PREEMPTS;
        }
        if (isClean(step)) {
            flags |= UnitHello.CLEAN;
        }
        if (step.phase instanceof Phase.Backup backup) {
            PeerView master = backup.master() < 0 ? null : step.peer(backup.master());
            if (master != null
                    && master.hello().role() == HelloRole.HANDING_OVER
                    && step.isSelf(master.hello().target())
                    && canHold(step)) {
                flags |= UnitHello.READY;
            }
            if (step.damping.better()
                    && step.now - step.damping.betterSinceNanos() >= Ranking.preemptDelayNanos(step)) {
                flags |= UnitHello.WANTS;
            }
            if (backup.doubted()) {
                flags |= UnitHello.QUERY;
            }
        }
        return flags;
    }

    static boolean isClean(ElectionStep step) {
        return step.holding() == null && !(step.phase instanceof Phase.Candidate) && !step.condition.effectFailed();
    }
}
