package io.fairlead.ha.election;

import io.fairlead.ha.election.ElectionState.Condition;
import io.fairlead.ha.election.ElectionState.Damping;
import io.fairlead.ha.election.ElectionState.Isolation;
import io.fairlead.ha.election.ElectionState.Promise;
import io.fairlead.ha.election.ElectionState.Sending;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step under way: the fields of the next state while they change. Lives for one call of {@link Election#step}. The rules are
 * elsewhere, in functions that are given it: {@link Reactions} first.
 */
final class ElectionStep {

    static final long MILLI = 1_000_000L;
    static final long RETRY_NANOS = 1_000 * MILLI;

    final UnitSpec spec;
    final long now;
    final int self;
    final ElectionState before;
    final List<ElectionEffect> effects = new ArrayList<>(4);

    Phase phase;
    long term;

    @Nullable
    List<@Nullable PeerView> changedPeers;

    Promise promise;
    Condition condition;
    Isolation isolation;
    Damping damping;
    long sentNanos;
    long nextHelloNanos;
    long renewNanos;
    Cause cause = Cause.NONE;
    boolean helloOwed;
    boolean behind;

    ElectionStep(ElectionState state, UnitSpec spec, long now) {
        this.spec = spec;
        this.now = now;
        this.self = spec.self();
        before = state;
        phase = state.phase();
        term = state.term();
        promise = state.promise();
        condition = state.condition();
        isolation = state.isolation();
        damping = state.damping();
        sentNanos = state.sending().lastNanos();
        nextHelloNanos = state.sending().nextNanos();
        renewNanos = state.sending().renewNanos();
        behind = state.sending().behind();
    }

    Phase.@Nullable Master holding() {
        return switch (phase) {
            case Phase.Master master -> master;
            case Phase.HandingOver over -> over.master();
            case Phase.Fenced fenced -> fenced.master();
            default -> null;
        };
    }

    long claimSince() {
        Phase.Master master = holding();
        if (master != null) {
            return master.sinceNanos();
        }
        return phase instanceof Phase.Candidate candidate ? candidate.sinceNanos() : Long.MIN_VALUE;
    }

    long claimTerm() {
        Phase.Master master = holding();
        if (master != null) {
            return master.term();
        }
        return phase instanceof Phase.Candidate candidate ? candidate.term() : -1;
    }

    boolean isSelf(int number) {
        return number == spec.peers().get(self).number();
    }

    @Nullable
    PeerView peer(int index) {
        return (changedPeers == null ? before.peers() : changedPeers).get(index);
    }

    void put(int index, PeerView view) {
        List<@Nullable PeerView> changed = changedPeers;
        if (changed == null) {
            changed = new ArrayList<>(before.peers());
            changedPeers = changed;
        }
        changed.set(index, view);
    }

    boolean due(long nanos) {
        return now - nanos >= 0;
    }

    void because(Cause why) {
        if (cause == Cause.NONE) {
            cause = why;
        }
    }

    void sent() {
        helloOwed = false;
        sentNanos = now;
        long interval = spec.intervalNanos();
        boolean hurried = phase instanceof Phase.Candidate || (phase instanceof Phase.Backup b && b.doubted());
        nextHelloNanos = now + (hurried ? interval / 4 : interval);
        if (spec.safety().needsMajority() && (holding() != null || phase instanceof Phase.Candidate)) {
            promise = new Promise(self, claimTerm(), now + spec.promiseNanos());
        }
    }

    Transition finish() {
        Reactions.followPreemption(this);
        if (promise.to() == self && Standing.isClean(this)) {
            promise = new Promise(self, promise.term(), now); // nothing is held or sought: free for another
        }
        List<@Nullable PeerView> peers =
                changedPeers == null ? before.peers() : Collections.unmodifiableList(changedPeers);
        ElectionState next = new ElectionState(
                phase,
                term,
                peers,
                promise,
                new Sending(
                        sentNanos, nextHelloNanos, renewNanos, Standing.priority(this), Standing.flags(this), behind),
                condition,
                isolation,
                damping,
                Deadlines.wakeNanos(this));
        return new Transition(next, effects.isEmpty() ? List.of() : Collections.unmodifiableList(effects), cause);
    }

    static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }
}
