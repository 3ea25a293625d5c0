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
}
