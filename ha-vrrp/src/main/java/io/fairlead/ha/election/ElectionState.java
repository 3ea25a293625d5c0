package io.fairlead.ha.election;

import io.fairlead.core.time.MonotonicInstant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a unit remembers between two steps. Immutable; a step makes a new one of a few hundred bytes and nothing else
 * that lasts.
 *
 * @param term the highest term seen
 * @param peers by index; null: not heard since the start
 * @param wakeNanos when time alone changes something
 */
public record ElectionState(
        Phase phase,
        long term,
        List<@Nullable PeerView> peers,
        Promise promise,
        Sending sending,
        Condition condition,
        Isolation isolation,
        Damping damping,
        long wakeNanos) {

    /** Whom this voter supports, and until when it may support nobody else. */
    record Promise(int to, long term, long untilNanos) {}

    /**
     * When hellos were and will be sent, and when the addresses are to be renewed.
     *
     * @param behind stalled, and what had arrived meanwhile has not all been read: nothing is taken over
     */
    record Sending(long lastNanos, long nextNanos, long renewNanos, int priority, int flags, boolean behind) {}

    /**
     * @param failedTracks bit of each tracked thing that fails
     * @param retryNanos when a failed effect or an isolation is tried again
     * @param yielding handed over by command: does not ask for the addresses back
     */
    record Condition(
            long failedTracks,
            boolean warm,
            boolean maintenance,
            boolean effectFailed,
            boolean isolated,
            long retryNanos,
            boolean yielding) {
        boolean blocked() {
            return maintenance || effectFailed || isolated;
        }

        Condition withFailedTracks(long failed) {
            return new Condition(failed, warm, maintenance, effectFailed, isolated, retryNanos, yielding);
        }

        Condition withWarm(boolean isWarm) {
            return new Condition(failedTracks, isWarm, maintenance, effectFailed, isolated, retryNanos, yielding);
        }

        /** Who begins or ends it has forgotten what was handed over before. */
        Condition withMaintenance(boolean on) {
            return new Condition(failedTracks, warm, on, effectFailed, isolated, retryNanos, false);
        }

        Condition withYielding(boolean yields) {
            return new Condition(failedTracks, warm, maintenance, effectFailed, isolated, retryNanos, yields);
        }

        Condition withBlock(boolean byEffect, boolean byIsolation, long retryAtNanos) {
            return new Condition(failedTracks, warm, maintenance, byEffect, byIsolation, retryAtNanos, yielding);
        }
    }

    /**
     * What the link said last, while no peer is heard.
     *
     * @param sinceNanos since when it says that
     * @param askedNanos when it was asked last, or this appliance became master
     * @param broken it has said for longer than a dead process could cause that another holds the addresses
     */
    record Isolation(IsolationVerdict verdict, long sinceNanos, long askedNanos, boolean broken) {
        static final Isolation INITIAL = new Isolation(IsolationVerdict.UNKNOWN, 0, 0, false);

        Isolation asked(long now) {
            return new Isolation(verdict, sinceNanos, now, broken);
        }

        /** A peer is heard. */
        Isolation ended() {
            return verdict == IsolationVerdict.UNKNOWN
                    ? this
                    : new Isolation(IsolationVerdict.UNKNOWN, 0, askedNanos, false);
        }
    }

    /** @param betterSinceNanos since when this backup has been better than its master, if {@code better} */
    record Damping(int takeovers, long windowNanos, boolean better, long betterSinceNanos) {}

    /** Returns the state before the start. */
    public static ElectionState initial(UnitSpec spec) {
        return new ElectionState(
                new Phase.Initialize(),
                0,
                Arrays.asList(new @Nullable PeerView[spec.peers().size()]),
                new Promise(-1, 0, 0),
                new Sending(0, 0, 0, spec.priority(), 0, false),
                new Condition(0, false, false, false, false, 0, false),
                Isolation.INITIAL,
                new Damping(0, 0, false, 0),
                Long.MAX_VALUE);
    }

    /** Returns whether time alone will change something. */
    public boolean wakes() {
        return !(phase instanceof Phase.Initialize)
                && !(phase instanceof Phase.Stopped stopped && stopped.copies() == 0);
    }

    /** Returns when the shell must send a tick, if {@link #wakes}. */
    public MonotonicInstant wakeAt() {
        return new MonotonicInstant(wakeNanos);
    }

    /** Returns whether the shell must send {@link ElectionEvent.Drained} once it has read all that had arrived. */
    public boolean isBehind() {
        return sending.behind();
    }

    /** Returns whether this appliance answers for the addresses, as far as it knows. */
    public boolean holds() {
        return phase instanceof Phase.Master || phase instanceof Phase.HandingOver || phase instanceof Phase.Fenced;
    }

    /** Returns the index of the peer that is followed as master, or -1. */
    public int master() {
        return phase instanceof Phase.Backup backup ? backup.master() : -1;
    }

    /** Returns what this appliance says it is. */
    public HelloRole role() {
        return switch (phase) {
            case Phase.Initialize _, Phase.Fault _ -> HelloRole.FAULT;
            case Phase.Backup backup ->
                backup.releasedTo() == Phase.Backup.NOTHING ? HelloRole.BACKUP : HelloRole.RELEASED;
            case Phase.Candidate _ -> HelloRole.CANDIDATE;
            case Phase.Master _, Phase.Fenced _ -> HelloRole.MASTER;
            case Phase.HandingOver _ -> HelloRole.HANDING_OVER;
            case Phase.Stopped _ -> HelloRole.LEFT;
        };
    }

    /** Returns the effective priority, 0 to 255, as the peers are told. */
    public int priority() {
        return sending.priority();
    }

    /** Returns what the link says while no peer is heard. */
    public IsolationVerdict isolationVerdict() {
        return isolation.verdict();
    }

    /** Returns whether a tracked thing fails. */
    public boolean fails(int track) {
        return (condition.failedTracks() >>> track & 1) != 0;
    }

    /** Returns what to tell the peers now. */
    public UnitHello hello(UnitSpec spec) {
        int target = switch (phase) {
            case Phase.Backup backup
            when backup.releasedTo() >= 0 ->
                spec.peers().get(backup.releasedTo()).number();
            case Phase.HandingOver over -> spec.peers().get(over.to()).number();
            default -> 0;
        };
        long claimed = switch (phase) {
            case Phase.Candidate candidate -> candidate.term();
            case Phase.Master master -> master.term();
            case Phase.HandingOver over -> over.master().term();
            default -> term;
        };
        int grantedTo = promise.to() < 0 ? 0 : spec.peers().get(promise.to()).number();
        return new UnitHello(
                spec.id(),
                role(),
                claimed,
                phase instanceof Phase.Stopped ? 0 : sending.priority(),
                sending.flags(),
                target,
                grantedTo,
                promise.term(),
                spec.intervalNanos());
    }

    /**
     * Returns the same for another spec of the unit: what is known of a peer or a tracked thing stays with it, wherever it
     * stands now. A claim stays a claim.
     */
    public ElectionState adapted(UnitSpec before, UnitSpec after) {
        if (before.peers().equals(after.peers()) && before.tracks().equals(after.tracks())) {
            return this;
        }
        List<@Nullable PeerView> moved =
                Arrays.asList(new @Nullable PeerView[after.peers().size()]);
        for (int old = 0; old < peers.size(); old++) {
            int place = place(old, before, after);
            if (place >= 0) {
                moved.set(place, peers.get(old));
            }
        }
        long failed = 0;
        for (int track = 0; track < after.tracks().size(); track++) {
            int old = indexOf(after.tracks().get(track).name(), before.tracks());
            if (old >= 0 && (condition.failedTracks() >>> old & 1) != 0) {
                failed |= 1L << track;
            }
        }
        return new ElectionState(
                adapted(phase, before, after),
                term,
                moved,
                new Promise(place(promise.to(), before, after), promise.term(), promise.untilNanos()),
                sending,
                condition.withFailedTracks(failed),
                isolation,
                damping,
                wakeNanos);
    }

    private static Phase adapted(Phase phase, UnitSpec before, UnitSpec after) {
        return switch (phase) {
            case Phase.Backup backup ->
                new Phase.Backup(
                        place(backup.master(), before, after),
                        backup.deadlineNanos(),
                        backup.doubted(),
                        backup.releasedTo() < 0 ? backup.releasedTo() : place(backup.releasedTo(), before, after),
                        backup.releasedUntilNanos(),
                        backup.test());
            case Phase.Master master -> adapted(master, before, after);
            case Phase.HandingOver over -> {
                int to = place(over.to(), before, after);
                Phase.Master master = adapted(over.master(), before, after);
                yield to < 0 ? master : new Phase.HandingOver(master, to, over.untilNanos(), over.stopping());
            }
            case Phase.Fenced fenced -> new Phase.Fenced(adapted(fenced.master(), before, after), fenced.untilNanos());
            case Phase.Initialize _, Phase.Candidate _, Phase.Fault _, Phase.Stopped _ -> phase;
        };
    }

    private static Phase.Master adapted(Phase.Master master, UnitSpec before, UnitSpec after) {
        int rivals = 0;
        for (int old = 0; old < before.peers().size(); old++) {
            int place = place(old, before, after);
            if ((master.rivals() & 1 << old) != 0 && place >= 0) {
                rivals |= 1 << place;
            }
        }
        return new Phase.Master(
                master.term(),
                master.sinceNanos(),
                rivals,
                master.announced(),
                master.announcingSinceNanos(),
                master.lingerNanos());
    }

    /** Returns where the peer at index {@code old} is now, or -1. */
    private static int place(int old, UnitSpec before, UnitSpec after) {
        return old < 0 ? -1 : after.indexOf(before.peers().get(old).number());
    }

    private static int indexOf(String track, List<TrackSpec> tracks) {
        for (int index = 0; index < tracks.size(); index++) {
            if (tracks.get(index).name().equals(track)) {
                return index;
            }
        }
        return -1;
    }
}
