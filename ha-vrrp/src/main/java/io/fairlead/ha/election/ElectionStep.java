package io.fairlead.ha.election;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.ha.election.ElectionState.Condition;
import io.fairlead.ha.election.ElectionState.Damping;
import io.fairlead.ha.election.ElectionState.Isolation;
import io.fairlead.ha.election.ElectionState.Promise;
import io.fairlead.ha.election.ElectionState.Sending;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step under way: the fields of the next state while they change. Lives for one call of {@link Election#step}. */
final class ElectionStep {

    private static final long MILLI = 1_000_000L;
    private static final long HAND_OVER_NANOS = 1_000 * MILLI;
    private static final long RETRY_NANOS = 1_000 * MILLI;
    /** After which a question to the link is given up that nobody answered; then it is asked again. */
    private static final long ANSWER_NANOS = 1_000 * MILLI;

    private static final long MARGIN_MIN_NANOS = 5 * MILLI;
    private static final long DAMPING_WINDOW_NANOS = 60_000 * MILLI;

    /** Takeovers in a row that need no damping. */
    private static final int CALM = 3;

    private static final int COPIES = 3;
    private static final long COPY_NANOS = 5 * MILLI;

    private final UnitSpec spec;
    private final long now;
    private final int self;
    private final ElectionState before;
    private final List<ElectionEffect> effects = new ArrayList<>(4);

    private Phase phase;
    private long term;
    private @Nullable List<@Nullable PeerView> changedPeers;
    private Promise promise;
    private Condition condition;
    private Isolation isolation;
    private Damping damping;
    private long sentNanos;
    private long nextHelloNanos;
    private long renewNanos;
    private Cause cause = Cause.NONE;
    private boolean helloOwed;
    private boolean behind;

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

    void apply(ElectionEvent event) {
        noticeStall();
        switch (event) {
            case ElectionEvent.Started _ -> start();
            case ElectionEvent.Tick _ -> {}
            case ElectionEvent.HelloReceived received -> hear(received);
            case ElectionEvent.Suspected suspected -> doubt(suspected.peer());
            case ElectionEvent.TrackChanged changed -> track(changed);
            case ElectionEvent.WarmChanged changed -> condition = with(condition, changed.warm());
            case ElectionEvent.MaintenanceChanged changed -> maintain(changed.on());
            case ElectionEvent.HandOverRequested _ -> handOverToBest(false);
            case ElectionEvent.AddressesFailed _ -> addressesFailed();
            case ElectionEvent.IsolationTested tested -> isolationTested(tested.verdict());
            case ElectionEvent.Drained _ -> behind = false;
            case ElectionEvent.ShutdownRequested _ -> shutDown();
        }
        if (!(phase instanceof Phase.Initialize)) {
            followConditions();
            followTime();
        }
    }

    // ---- stalls: whoever was late may have lost what it believes to have

    private void noticeStall() {
        if (phase instanceof Phase.Initialize || phase instanceof Phase.Stopped) {
            return;
        }
        Phase.Master master = holding();
        if (master != null && !(phase instanceof Phase.Fenced)) {
            if (now - sentNanos > spec.patienceNanos()) {
                phase = new Phase.Fenced(master, now + spec.intervalNanos());
                behind = true;
                because(Cause.STALLED);
            }
            return;
        }
        if (phase instanceof Phase.Fenced fenced && now - before.wakeNanos() > spec.intervalNanos()) {
            phase = new Phase.Fenced(fenced.master(), now + spec.intervalNanos());
            behind = true;
        } else if (phase instanceof Phase.Backup backup && now - before.wakeNanos() > spec.intervalNanos()) {
            // Hellos may wait unread: the deadline says nothing.
            phase = backup.following(backup.master(), now + waitNanos(backup.master()));
            behind = true;
            because(Cause.STALLED);
        }
    }

    // ---- events

    private void start() {
        if (!(phase instanceof Phase.Initialize)) {
            because(Cause.IGNORED_IN_THIS_STATE);
            return;
        }
        if (spec.safety().needsMajority()) {
            promise = new Promise(-1, 0, now + spec.amnesiaNanos());
        }
        nextHelloNanos = now;
        listen(Cause.STARTED);
    }

    private void hear(ElectionEvent.HelloReceived received) {
        int peer = received.peer();
        UnitHello hello = received.hello();
        if (peer < 0 || peer >= spec.peers().size() || peer == self) {
            because(Cause.IGNORED_UNKNOWN_PEER);
            return;
        }
        if (hello.unit() != spec.id()) {
            because(Cause.IGNORED_WRONG_UNIT);
            return;
        }
        if (hello.term() < 0 || hello.term() > UnitHello.TERM_MAX) {
            because(Cause.IGNORED_TERM);
            return;
        }
        if (phase instanceof Phase.Initialize || phase instanceof Phase.Stopped) {
            because(Cause.IGNORED_IN_THIS_STATE);
            return;
        }
        PeerView last = peer(peer);
        if (last != null && last.boot() == received.boot() && received.sentNanos() - last.sentNanos() <= 0) {
            because(Cause.IGNORED_STALE); // overtaken on the way
            return;
        }
        see(peer, last, received);
        term = Math.max(term, hello.term());
        isolation = isolation.ended();
        if (condition.isolated()) {
            condition = blocked(condition.effectFailed(), false, now);
        }
        if (spec.safety().needsMajority()) {
            vote(peer, hello);
        }
        if (hello.has(UnitHello.QUERY) && before.holds()) {
            helloOwed = true;
        }
        switch (phase) {
            case Phase.Backup backup -> hearAsBackup(backup, peer, hello);
            case Phase.Candidate candidate -> hearAsCandidate(candidate, peer, hello);
            case Phase.Master master -> hearAsMaster(master, peer, hello);
            case Phase.HandingOver over -> hearWhileHandingOver(over, peer, hello);
            case Phase.Fenced fenced -> hearWhileFenced(fenced, peer, hello);
            case Phase.Fault _, Phase.Initialize _, Phase.Stopped _ -> {}
        }
    }

    private void see(int peer, @Nullable PeerView last, ElectionEvent.HelloReceived received) {
        UnitHello hello = received.hello();
        long deviation = 0;
        long support = 0;
        if (last != null && last.boot() == received.boot()) {
            // By the sender's clock how far apart they were sent, by ours how far apart they came.
            long error = Math.abs((now - last.heardNanos()) - (received.sentNanos() - last.sentNanos()));
            deviation =
                    last.deviationNanos() + (Math.min(error, 10 * spec.intervalNanos()) - last.deviationNanos()) / 8;
            support = last.supportSentNanos();
        }
        long since = claimSince();
        if (since != Long.MIN_VALUE
                && hello.grantedTo() == spec.peers().get(self).number()
                && hello.grantTerm() == claimTerm()
                && received.echoNanos() - since >= 0
                && now - received.echoNanos() >= 0) {
            support = received.echoNanos();
        }
        put(peer, new PeerView(received.boot(), now, deviation, received.sentNanos(), support, hello));
    }

    /** A promise goes to one candidate at a time, and is renewed by each of its claims. */
    private void vote(int peer, UnitHello hello) {
        if (hello.has(UnitHello.CLEAN) && promise.to() == peer) {
            promise = new Promise(peer, promise.term(), now); // it has let go: free for another
        }
        if (!hello.role().claims() && hello.role() != HelloRole.CANDIDATE) {
            return;
        }
        boolean same = promise.to() == peer && promise.term() == hello.term();
        boolean free = now - promise.untilNanos() >= 0
                && hello.term() > promise.term()
                && !before.holds()
                && !(phase instanceof Phase.Candidate);
        if (same || free) {
            promise = new Promise(peer, hello.term(), now + spec.promiseNanos());
            helloOwed |= hello.role() == HelloRole.CANDIDATE;
        }
    }

    private void hearAsBackup(Phase.Backup backup, int peer, UnitHello hello) {
        if (hello.role().claims()) {
            PeerView master = backup.master() < 0 ? null : peer(backup.master());
            if (backup.master() != peer
                    && master != null
                    && isFresh(backup.master())
                    && master.hello().role().claims()
                    && hello.term() < master.hello().term()) {
                return; // the one that we follow will tell it
            }
            if (backup.master() != peer) {
                damping = new Damping(damping.takeovers(), damping.windowNanos(), false, now);
                because(Cause.BETTER_MASTER);
            }
            phase = Phase.Backup.of(peer, now + waitNanos(peer));
            helloOwed |= hello.role() == HelloRole.HANDING_OVER && isSelf(hello.target());
        } else if (peer == backup.master() || backup.master() < 0) {
            boolean wasMaster = peer == backup.master();
            if (hello.role().releases() && canHold() && isSelf(hello.target())) {
                because(Cause.MASTER_RELEASED);
                takeOver(Cause.MASTER_RELEASED);
            } else if (wasMaster && hello.role().releases() && hello.target() != 0 && !isSelf(hello.target())) {
                phase = backup.following(-1, now + waitNanos(-1));
            } else if (wasMaster) {
                phase = backup.following(-1, now + staggerNanos(peer));
                because(Cause.MASTER_RELEASED);
            }
        }
    }

    private void hearAsCandidate(Phase.Candidate candidate, int peer, UnitHello hello) {
        if (hello.role().claims()) {
            phase = Phase.Backup.of(peer, now + waitNanos(peer));
            because(Cause.BETTER_MASTER);
        } else if (supporters(candidate.sinceNanos()) >= spec.majority()
                && !due(leaseEndNanos(candidate.sinceNanos()))) {
            becomeMaster(candidate.term(), candidate.sinceNanos(), Cause.MAJORITY_GRANTED);
        }
    }

    private void hearAsMaster(Phase.Master master, int peer, UnitHello hello) {
        if (hello.role().claims()) {
            meetRival(master, peer, hello);
        } else if ((master.rivals() & 1 << peer) != 0) {
            // Only now does nobody else answer for the addresses: what it announced must be overwritten.
            phase = new Phase.Master(
                    master.term(), master.sinceNanos(), master.rivals() & ~(1 << peer), 0, now, master.lingerNanos());
            because(Cause.RIVAL_GONE);
        } else if (!spec.safety().needsMajority() && hello.term() > master.term()) {
            // Somebody was master unheard, and let go at the first claim of ours: it has announced the addresses too.
            term++;
            phase = new Phase.Master(term, master.sinceNanos(), master.rivals(), 0, now, master.lingerNanos());
            because(Cause.RIVAL_GONE);
            helloOwed = true;
        } else if (hello.has(UnitHello.WANTS) && hello.has(UnitHello.ELIGIBLE) && isBetter(peer)) {
            startHandOver(master, peer, false);
        }
    }

    private void meetRival(Phase.Master master, int peer, UnitHello hello) {
        if (isBefore(peer, hello, master.term())) {
            stepDown(peer, Cause.BETTER_MASTER);
            return;
        }
        long next = master.term();
        if (!spec.safety().needsMajority() && hello.term() >= next) {
            next = Math.max(term, hello.term()) + 1;
            term = next;
        }
        phase = new Phase.Master(
                next,
                master.sinceNanos(),
                master.rivals() | 1 << peer,
                master.announced(),
                master.announcingSinceNanos(),
                master.lingerNanos());
        because(Cause.CONFLICT_WON);
        helloOwed |= now - sentNanos > spec.intervalNanos() / 4; // answers, but does not join a storm
    }

    private void hearWhileHandingOver(Phase.HandingOver over, int peer, UnitHello hello) {
        if (hello.role().claims()) {
            phase = over.master();
            meetRival(over.master(), peer, hello);
        } else if (peer == over.to()
                && hello.has(UnitHello.READY)
                && hello.has(UnitHello.ELIGIBLE)
                && hello.term() >= over.master().term()) {
            release(peer, over.stopping(), Cause.HANDED_OVER);
        }
    }

    private void hearWhileFenced(Phase.Fenced fenced, int peer, UnitHello hello) {
        if (hello.role().claims()
                && (hello.term() > fenced.master().term()
                        || isBefore(peer, hello, fenced.master().term()))) {
            stepDown(peer, Cause.BETTER_MASTER);
        }
    }

    private void doubt(int peer) {
        if (phase instanceof Phase.Backup backup && peer >= 0 && backup.master() == peer) {
            long soon = now + spec.intervalNanos();
            phase = backup.doubting(earlier(backup.deadlineNanos(), soon));
            helloOwed = true;
        }
    }

    private void track(ElectionEvent.TrackChanged changed) {
        if (changed.track() < 0 || changed.track() >= spec.tracks().size()) {
            because(Cause.IGNORED_IN_THIS_STATE);
            return;
        }
        long bit = 1L << changed.track();
        long failed = changed.failed() ? condition.failedTracks() | bit : condition.failedTracks() & ~bit;
        helloOwed |= failed != condition.failedTracks();
        condition = new Condition(
                failed,
                condition.warm(),
                condition.maintenance(),
                condition.effectFailed(),
                condition.isolated(),
                condition.retryNanos(),
                condition.yielding());
    }

    private void maintain(boolean on) {
        condition = new Condition(
                condition.failedTracks(),
                condition.warm(),
                on,
                condition.effectFailed(),
                condition.isolated(),
                condition.retryNanos(),
                false);
    }

    private void addressesFailed() {
        condition = blocked(true, condition.isolated(), now + RETRY_NANOS);
        because(Cause.ADDRESSES_FAILED);
        if (spec.safety().needsMajority()) {
            // They may still be there, until the kernel's own limit.
            promise = new Promise(self, promise.term(), now + spec.promiseNanos());
        }
    }

    private void isolationTested(IsolationVerdict verdict) {
        if (phase instanceof Phase.Backup backup && backup.test() == Phase.LinkTest.ASKED) {
            learn(verdict);
            if (verdict == IsolationVerdict.FREE) {
                long deadline = earlier(backup.deadlineNanos(), isolation.askedNanos() + spec.intervalNanos());
                phase = backup.testing(Phase.LinkTest.PASSED, deadline);
            } else {
                // A dead master's kernel lets go within its lease, and then every moment counts.
                boolean soon = verdict == IsolationVerdict.TAKEN && !isolation.broken();
                long pause = soon ? spec.intervalNanos() : RETRY_NANOS;
                phase = backup.following(backup.master(), now + pause + spec.intervalNanos());
            }
        } else if (holding() != null && !anyPeerHeard(-1)) {
            learn(verdict);
            if (verdict == IsolationVerdict.CUT_OFF) {
                condition = blocked(condition.effectFailed(), true, now + RETRY_NANOS);
            }
        } else if (phase instanceof Phase.Fault && condition.isolated() && verdict != IsolationVerdict.CUT_OFF) {
            learn(verdict);
            condition = blocked(condition.effectFailed(), false, now);
        }
    }

    private void learn(IsolationVerdict verdict) {
        boolean news = verdict != isolation.verdict();
        long since = news ? now : isolation.sinceNanos();
        boolean broken = verdict == IsolationVerdict.TAKEN && now - since > spec.lingerNanos();
        if (broken && !isolation.broken()) {
            because(Cause.PEER_PATH_BROKEN);
        } else if (news && verdict != IsolationVerdict.FREE) {
            because(verdict == IsolationVerdict.TAKEN ? Cause.ADDRESSES_TAKEN : Cause.ISOLATED);
        }
        isolation = new Isolation(verdict, since, isolation.askedNanos(), broken);
    }

    private void askTheLink() {
        isolation = isolation.asked(now);
        effects.add(new ElectionEffect.TestIsolation());
    }

    private void shutDown() {
        if (phase instanceof Phase.Master && best() >= 0) {
            handOverToBest(true);
        } else if (phase instanceof Phase.HandingOver over) {
            phase = new Phase.HandingOver(over.master(), over.to(), over.untilNanos(), true);
        } else if (!(phase instanceof Phase.Stopped)) {
            leave(Cause.SHUTDOWN);
        }
    }

    // ---- what conditions and time bring about

    private void followConditions() {
        if (phase instanceof Phase.Stopped) {
            return;
        }
        if (!canHold() && !spec.isWitness() && !(phase instanceof Phase.Fault)) {
            boolean held = before.holds() || holding() != null;
            because(blockingCause());
            phase = new Phase.Fault();
            if (held) {
                effects.clear(); // what was decided before the fault is not to be begun
                effects.add(new ElectionEffect.RemoveAddresses());
                effects.add(new ElectionEffect.SendHello());
                effects.add(new ElectionEffect.RoleChanged(HelloRole.FAULT, term));
                sent();
            } else {
                helloOwed = true;
            }
        } else if (canHold() && phase instanceof Phase.Fault) {
            listen(Cause.RECOVERED);
        }
    }

    private void followTime() {
        switch (phase) {
            case Phase.Backup backup -> timeAsBackup(backup);
            case Phase.Candidate candidate -> {
                if (due(candidate.untilNanos())) {
                    phase = Phase.Backup.of(-1, now + waitNanos(-1));
                    because(Cause.MAJORITY_REFUSED);
                }
            }
            case Phase.Master master -> timeAsMaster(master);
            case Phase.HandingOver over -> timeWhileHandingOver(over);
            case Phase.Fenced fenced -> {
                if (!behind && due(fenced.untilNanos())) {
                    resume(fenced.master());
                }
            }
            case Phase.Fault _ -> timeWhileFaulty();
            case Phase.Stopped stopped -> {
                if (stopped.copies() > 0 && due(stopped.nextNanos())) {
                    phase = new Phase.Stopped(stopped.copies() - 1, now + 2 * COPY_NANOS);
                    effects.add(new ElectionEffect.SendHello());
                }
            }
            case Phase.Initialize _ -> {}
        }
        if (phase instanceof Phase.Fenced || phase instanceof Phase.Stopped || phase instanceof Phase.Initialize) {
            return;
        }
        if (helloOwed || due(nextHelloNanos)) {
            effects.add(new ElectionEffect.SendHello());
            sent();
        }
    }

    private void timeAsBackup(Phase.Backup backup) {
        if (backup.releasedTo() != Phase.Backup.NOTHING && due(backup.releasedUntilNanos())) {
            phase = backup = backup.released();
        }
        boolean asks = asksTheLink(backup);
        if (asks && backup.test() == Phase.LinkTest.NONE && due(backup.deadlineNanos() - spec.intervalNanos())) {
            phase = backup = backup.testing(Phase.LinkTest.ASKED, backup.deadlineNanos());
            askTheLink();
        }
        if (!due(backup.deadlineNanos())) {
            return;
        }
        if (spec.isWitness() || (spec.safety().needsMajority() && !due(promise.untilNanos()))) {
            long later = spec.isWitness() ? now + waitNanos(-1) : promise.untilNanos() + staggerNanos(-1);
            phase = backup.following(backup.master(), later);
        } else if (!asks || backup.test() == Phase.LinkTest.PASSED) {
            takeOver(Cause.MASTER_SILENT);
        } else if (due(isolation.askedNanos() + ANSWER_NANOS)) {
            // It could not be asked: nothing changes, and it is asked again.
            phase = backup.following(backup.master(), now + spec.intervalNanos());
        } else {
            phase = backup.testing(backup.test(), isolation.askedNanos() + ANSWER_NANOS);
        }
    }

    /** The master is silent already; any other peer that is heard says that it is not us who are cut off. */
    private boolean asksTheLink(Phase.Backup backup) {
        return spec.asksTheLink() && !anyPeerHeard(backup.master());
    }

    private void timeAsMaster(Phase.Master master) {
        if (spec.safety().needsMajority() && due(leaseEndNanos(master.sinceNanos()))) {
            stepDown(-1, Cause.LEASE_ENDED);
            return;
        }
        if (spec.asksTheLink() && due(isolation.askedNanos() + RETRY_NANOS) && !anyPeerHeard(-1)) {
            askTheLink();
        }
        Phase.Master next = forgetSilentRivals(master);
        while (next.announced() < Election.announcementCount()
                && due(next.announcingSinceNanos() + Election.announcementNanos(next.announced()))) {
            if (effects.isEmpty() || !(effects.getLast() instanceof ElectionEffect.Announce)) {
                effects.add(new ElectionEffect.Announce());
            }
            next = announced(next, next.announced() + 1, next.announcingSinceNanos(), next.lingerNanos());
        }
        if (next.lingerNanos() != Long.MAX_VALUE && due(next.lingerNanos())) {
            next = announced(next, 0, now, Long.MAX_VALUE);
            effects.add(new ElectionEffect.Announce());
        }
        phase = next;
        renew(next);
    }

    private Phase.Master forgetSilentRivals(Phase.Master master) {
        if (master.rivals() == 0) {
            return master;
        }
        int rivals = master.rivals();
        long gone = spec.lingerNanos();
        for (int peer = 0; peer < spec.peers().size(); peer++) {
            PeerView view = peer(peer);
            if ((rivals & 1 << peer) != 0 && (view == null || now - view.heardNanos() > gone)) {
                rivals &= ~(1 << peer);
            }
        }
        return rivals == master.rivals()
                ? master
                : new Phase.Master(master.term(), master.sinceNanos(), rivals, 0, now, master.lingerNanos());
    }

    private void renew(Phase.Master master) {
        if (due(renewNanos)) {
            effects.add(new ElectionEffect.RenewAddresses(until(master)));
            scheduleRenewal();
        }
    }

    private void timeWhileHandingOver(Phase.HandingOver over) {
        if (spec.safety().needsMajority() && due(leaseEndNanos(over.master().sinceNanos()))) {
            stepDown(-1, Cause.LEASE_ENDED);
        } else if (due(over.untilNanos())) {
            if (over.stopping()) {
                leave(Cause.HAND_OVER_FAILED);
            } else {
                phase = over.master();
                because(Cause.HAND_OVER_FAILED);
            }
        } else {
            renew(over.master());
        }
    }

    private void timeWhileFaulty() {
        if (condition.effectFailed() && due(condition.retryNanos())) {
            effects.add(
                    new ElectionEffect.RemoveAddresses()); // before a new try, and fails again if nothing has changed
            condition = blocked(false, condition.isolated(), now + RETRY_NANOS);
        }
        if (condition.isolated() && !spec.asksTheLink()) {
            condition = blocked(condition.effectFailed(), false, now); // it is configured no more
        } else if (condition.isolated() && due(condition.retryNanos())) {
            condition = blocked(condition.effectFailed(), true, now + RETRY_NANOS);
            askTheLink();
        }
        if (canHold()) {
            listen(Cause.RECOVERED);
        }
    }

    // ---- changes of phase

    private void listen(Cause why) {
        because(why);
        phase = canHold() || spec.isWitness() ? Phase.Backup.of(-1, now + waitNanos(-1)) : new Phase.Fault();
        helloOwed = true;
    }

    private void takeOver(Cause why) {
        if (behind) {
            phase = Phase.Backup.of(-1, now + waitNanos(-1));
            return;
        }
        if (!spec.safety().needsMajority()) {
            becomeMaster(term + 1, now, why);
            return;
        }
        if (!due(promise.untilNanos())) {
            phase = Phase.Backup.of(-1, promise.untilNanos());
            return;
        }
        term++;
        promise = new Promise(self, term, now + spec.promiseNanos());
        phase = new Phase.Candidate(term, now, now + spec.intervalNanos());
        because(why);
        helloOwed = true;
        nextHelloNanos = now;
    }

    private void becomeMaster(long claim, long sinceNanos, Cause why) {
        term = Math.max(term, claim);
        condition = yielding(false); // what was given away has come back
        boolean planned = why == Cause.MASTER_RELEASED;
        if (!planned) {
            boolean again = damping.windowNanos() - now > 0;
            damping = new Damping(
                    Math.min(again ? damping.takeovers() + 1 : 1, CALM + 4), now + DAMPING_WINDOW_NANOS, false, now);
        }
        long linger = planned ? Long.MAX_VALUE : now + spec.lingerNanos();
        isolation = isolation.asked(now);
        Phase.Master master = new Phase.Master(claim, sinceNanos, 0, 1, now, linger);
        phase = master;
        because(why);
        effects.add(new ElectionEffect.SendHello());
        effects.add(new ElectionEffect.AddAddresses(until(master)));
        effects.add(new ElectionEffect.Announce());
        effects.add(new ElectionEffect.RoleChanged(HelloRole.MASTER, claim));
        scheduleRenewal();
        sent();
    }

    private void resume(Phase.Master master) {
        if (spec.safety().needsMajority() && due(leaseEndNanos(master.sinceNanos()))) {
            stepDown(-1, Cause.LEASE_ENDED);
            return;
        }
        Phase.Master next = announced(master, 1, now, master.lingerNanos());
        phase = next;
        because(Cause.RESUMED);
        effects.add(new ElectionEffect.AddAddresses(until(next)));
        effects.add(new ElectionEffect.SendHello());
        effects.add(new ElectionEffect.Announce());
        scheduleRenewal();
        sent();
    }

    private void stepDown(int to, Cause why) {
        phase = Phase.Backup.of(to, now + waitNanos(to));
        because(why);
        effects.add(new ElectionEffect.RemoveAddresses());
        effects.add(new ElectionEffect.SendHello());
        effects.add(new ElectionEffect.RoleChanged(HelloRole.BACKUP, term));
        sent();
    }

    private void handOverToBest(boolean stopping) {
        int to = best();
        if (!(phase instanceof Phase.Master master) || to < 0) {
            because(Cause.IGNORED_IN_THIS_STATE);
            return;
        }
        startHandOver(master, to, stopping);
        condition = yielding(true);
    }

    private void startHandOver(Phase.Master master, int to, boolean stopping) {
        phase = new Phase.HandingOver(master, to, now + HAND_OVER_NANOS, stopping);
        because(Cause.HAND_OVER_STARTED);
        helloOwed = true;
    }

    /** The addresses are gone before anybody is told. */
    private void release(int to, boolean stopping, Cause why) {
        because(why);
        effects.add(new ElectionEffect.RemoveAddresses());
        effects.add(new ElectionEffect.SendHello());
        effects.add(new ElectionEffect.RoleChanged(stopping ? HelloRole.LEFT : HelloRole.BACKUP, term));
        if (stopping) {
            phase = new Phase.Stopped(COPIES - 1, now + COPY_NANOS);
        } else {
            phase = new Phase.Backup(
                    -1, now + waitNanos(-1), false, to, now + 2 * spec.intervalNanos(), Phase.LinkTest.NONE);
        }
        sent();
        nextHelloNanos = now + Math.min(COPY_NANOS, spec.intervalNanos());
    }

    private void leave(Cause why) {
        if (holding() != null) {
            effects.add(new ElectionEffect.RemoveAddresses());
        }
        phase = new Phase.Stopped(COPIES - 1, now + COPY_NANOS);
        because(why);
        effects.add(new ElectionEffect.SendHello());
        effects.add(new ElectionEffect.RoleChanged(HelloRole.LEFT, term));
    }

    // ---- rules

    /** RFC 9568 §6.4.3: priority, then address. Where a majority decides, or nobody preempts, the later term is first. */
    private boolean isBefore(int peer, UnitHello hello, long myTerm) {
        boolean byPriority =
                !spec.safety().needsMajority() && (spec.preempt() || spec.isOwner()) && hello.has(UnitHello.PREEMPTS);
        if (!byPriority && hello.term() != myTerm) {
            return hello.term() > myTerm;
        }
        return isBetter(peer);
    }

    private boolean isBetter(int peer) {
        PeerView view = peer(peer);
        if (view == null) {
            return false;
        }
        int mine = priority();
        int its = view.hello().priority();
        return its != mine ? its > mine : peer > self;
    }

    /** How many live candidates are better: each waits for those before it. RFC 9568 waits a skew time instead. */
    private long staggerNanos(int except) {
        int rank = 0;
        for (int peer = 0; peer < spec.peers().size(); peer++) {
            PeerView view = peer(peer);
            if (peer != except
                    && peer != self
                    && view != null
                    && isFresh(peer)
                    && view.isEligible()
                    && isBetter(peer)) {
                rank++;
            }
        }
        return rank * spec.intervalNanos() / 2;
    }

    private long waitNanos(int master) {
        return silenceNanos(master) + staggerNanos(master);
    }

    /** D: after which silence {@code peer} is given up. */
    private long silenceNanos(int peer) {
        long interval = spec.intervalNanos();
        long deviation = 0;
        PeerView view = peer < 0 ? null : peer(peer);
        if (view != null) {
            interval = Math.max(interval, Math.min(view.hello().intervalNanos(), 40_950 * MILLI));
            deviation = view.deviationNanos();
        }
        long margin = Math.max(Math.max(MARGIN_MIN_NANOS, interval / 4), Math.min(4 * deviation, 2 * interval));
        return spec.misses() * interval + (margin << Math.min(excitement(), 2));
    }

    /** 0 while takeovers are rare. */
    private int excitement() {
        return damping.windowNanos() - now > 0 ? Math.max(0, damping.takeovers() - CALM) : 0;
    }

    private boolean isFresh(int peer) {
        PeerView view = peer(peer);
        return view != null && now - view.heardNanos() <= silenceNanos(peer);
    }

    private boolean anyPeerHeard(int except) {
        for (int peer = 0; peer < spec.peers().size(); peer++) {
            if (peer != self && peer != except && isFresh(peer)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the best peer that could take over now, or -1. */
    private int best() {
        int best = -1;
        for (int peer = 0; peer < spec.peers().size(); peer++) {
            PeerView view = peer(peer);
            if (peer == self || view == null || !isFresh(peer) || !view.isEligible()) {
                continue;
            }
            PeerView known = best < 0 ? null : peer(best);
            if (known == null || view.hello().priority() >= known.hello().priority()) {
                best = peer;
            }
        }
        return best;
    }

    private int supporters(long since) {
        int count = 1;
        for (int peer = 0; peer < spec.peers().size(); peer++) {
            PeerView view = peer(peer);
            if (peer != self && view != null && view.supportSentNanos() != 0 && view.supportSentNanos() - since >= 0) {
                count++;
            }
        }
        return count;
    }

    /** Until when a majority, this appliance included, has promised to support nobody else. */
    private long leaseEndNanos(long since) {
        int others = spec.majority() - 1;
        long end = since;
        for (int peer = 0; peer < spec.peers().size(); peer++) {
            PeerView view = peer(peer);
            if (peer == self || view == null || view.supportSentNanos() - since < 0 || view.supportSentNanos() == 0) {
                continue;
            }
            if (supporters(view.supportSentNanos()) - 1 >= others && view.supportSentNanos() - end > 0) {
                end = view.supportSentNanos();
            }
        }
        return end + spec.leaseNanos();
    }

    private MonotonicInstant until(Phase.Master master) {
        return new MonotonicInstant(
                spec.safety().needsMajority()
                        ? leaseEndNanos(master.sinceNanos())
                        : now + spec.addressLifetime().toNanos());
    }

    private void scheduleRenewal() {
        long quarter = spec.addressLifetime().toNanos() / 4;
        renewNanos = now
                + (spec.safety().needsMajority()
                        ? spec.intervalNanos()
                        : Math.max(quarter, Math.min(spec.intervalNanos(), 2 * quarter)));
    }

    private boolean canHold() {
        return !condition.blocked() && !trackFault() && !spec.isWitness();
    }

    private boolean trackFault() {
        for (int track = 0; track < spec.tracks().size(); track++) {
            if (spec.tracks().get(track).weight() == 0 && (condition.failedTracks() >>> track & 1) != 0) {
                return true;
            }
        }
        return false;
    }

    private Cause blockingCause() {
        if (condition.maintenance()) {
            return Cause.MAINTENANCE;
        }
        if (condition.effectFailed()) {
            return Cause.ADDRESSES_FAILED;
        }
        return condition.isolated() ? Cause.ISOLATED : Cause.TRACK_FAULT;
    }

    /** The configured priority and what tracking makes of it: 1 to 254, and 255 whatever happens to an owner. */
    private int priority() {
        if (spec.isWitness()) {
            return 0;
        }
        if (spec.isOwner()) {
            return 255;
        }
        int sum = spec.priority();
        for (int track = 0; track < spec.tracks().size(); track++) {
            int weight = spec.tracks().get(track).weight();
            boolean failed = (condition.failedTracks() >>> track & 1) != 0;
            sum += weight > 0 == !failed ? weight : 0;
        }
        return Math.clamp(sum, 1, 254);
    }

    private int flags() {
        int flags = 0;
        if (canHold()) {
            flags |= UnitHello.ELIGIBLE;
        }
        if (spec.preempt() || spec.isOwner()) {
            flags |= UnitHello.PREEMPTS;
        }
        if (isClean()) {
            flags |= UnitHello.CLEAN;
        }
        if (phase instanceof Phase.Backup backup) {
            PeerView master = backup.master() < 0 ? null : peer(backup.master());
            if (master != null
                    && master.hello().role() == HelloRole.HANDING_OVER
                    && isSelf(master.hello().target())
                    && canHold()) {
                flags |= UnitHello.READY;
            }
            if (damping.better() && now - damping.betterSinceNanos() >= preemptDelayNanos()) {
                flags |= UnitHello.WANTS;
            }
            if (backup.doubted()) {
                flags |= UnitHello.QUERY;
            }
        }
        return flags;
    }

    private boolean isClean() {
        return holding() == null && !(phase instanceof Phase.Candidate) && !condition.effectFailed();
    }

    private long preemptDelayNanos() {
        long delay = spec.preemptDelay().toNanos();
        int excited = excitement();
        return excited == 0 ? delay : Math.max(delay, 1_000 * MILLI) << excited;
    }

    private void followPreemption() {
        boolean better = false;
        if (phase instanceof Phase.Backup backup && backup.master() >= 0) {
            PeerView master = peer(backup.master());
            better = (spec.preempt() || spec.isOwner())
                    && condition.warm()
                    && canHold()
                    && !condition.yielding()
                    && master != null
                    && master.hello().role().claims()
                    && !isBetter(backup.master());
        }
        if (better != damping.better()) {
            damping = new Damping(damping.takeovers(), damping.windowNanos(), better, now);
        }
    }

    // ---- small change

    private Phase.@Nullable Master holding() {
        return switch (phase) {
            case Phase.Master master -> master;
            case Phase.HandingOver over -> over.master();
            case Phase.Fenced fenced -> fenced.master();
            default -> null;
        };
    }

    private long claimSince() {
        Phase.Master master = holding();
        if (master != null) {
            return master.sinceNanos();
        }
        return phase instanceof Phase.Candidate candidate ? candidate.sinceNanos() : Long.MIN_VALUE;
    }

    private long claimTerm() {
        Phase.Master master = holding();
        if (master != null) {
            return master.term();
        }
        return phase instanceof Phase.Candidate candidate ? candidate.term() : -1;
    }

    private static Phase.Master announced(Phase.Master master, int count, long since, long linger) {
        return new Phase.Master(master.term(), master.sinceNanos(), master.rivals(), count, since, linger);
    }

    private static Condition with(Condition condition, boolean warm) {
        return new Condition(
                condition.failedTracks(),
                warm,
                condition.maintenance(),
                condition.effectFailed(),
                condition.isolated(),
                condition.retryNanos(),
                condition.yielding());
    }

    private Condition yielding(boolean yielding) {
        return new Condition(
                condition.failedTracks(),
                condition.warm(),
                condition.maintenance(),
                condition.effectFailed(),
                condition.isolated(),
                condition.retryNanos(),
                yielding);
    }

    private Condition blocked(boolean effectFailed, boolean isolated, long retryNanos) {
        return new Condition(
                condition.failedTracks(),
                condition.warm(),
                condition.maintenance(),
                effectFailed,
                isolated,
                retryNanos,
                condition.yielding());
    }

    private boolean isSelf(int number) {
        return number == spec.peers().get(self).number();
    }

    private @Nullable PeerView peer(int index) {
        return (changedPeers == null ? before.peers() : changedPeers).get(index);
    }

    private void put(int index, PeerView view) {
        List<@Nullable PeerView> changed = changedPeers;
        if (changed == null) {
            changed = new ArrayList<>(before.peers());
            changedPeers = changed;
        }
        changed.set(index, view);
    }

    private boolean due(long nanos) {
        return now - nanos >= 0;
    }

    private void because(Cause why) {
        if (cause == Cause.NONE) {
            cause = why;
        }
    }

    private void sent() {
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
        followPreemption();
        if (promise.to() == self && isClean()) {
            promise = new Promise(self, promise.term(), now); // nothing is held or sought: free for another
        }
        List<@Nullable PeerView> peers =
                changedPeers == null ? before.peers() : Collections.unmodifiableList(changedPeers);
        ElectionState next = new ElectionState(
                phase,
                term,
                peers,
                promise,
                new Sending(sentNanos, nextHelloNanos, renewNanos, priority(), flags(), behind),
                condition,
                isolation,
                damping,
                wakeNanos());
        return new Transition(next, effects.isEmpty() ? List.of() : Collections.unmodifiableList(effects), cause);
    }

    private long wakeNanos() {
        return switch (phase) {
            case Phase.Initialize _ -> Long.MAX_VALUE;
            case Phase.Backup backup -> {
                long wake = earlier(nextHelloNanos, backup.deadlineNanos());
                if (backup.test() == Phase.LinkTest.NONE && asksTheLink(backup)) {
                    wake = earlier(wake, backup.deadlineNanos() - spec.intervalNanos());
                }
                yield backup.releasedTo() == Phase.Backup.NOTHING ? wake : earlier(wake, backup.releasedUntilNanos());
            }
            case Phase.Candidate candidate -> earlier(nextHelloNanos, candidate.untilNanos());
            case Phase.Master master -> masterWakeNanos(master);
            case Phase.HandingOver over -> earlier(masterWakeNanos(over.master()), over.untilNanos());
            case Phase.Fenced fenced -> fenced.untilNanos();
            case Phase.Fault _ ->
                condition.effectFailed() || condition.isolated()
                        ? earlier(nextHelloNanos, condition.retryNanos())
                        : nextHelloNanos;
            case Phase.Stopped stopped -> stopped.nextNanos();
        };
    }

    private long masterWakeNanos(Phase.Master master) {
        long wake = earlier(nextHelloNanos, renewNanos);
        if (spec.safety().needsMajority()) {
            wake = earlier(wake, leaseEndNanos(master.sinceNanos()));
        }
        if (phase instanceof Phase.Master) {
            if (master.announced() < Election.announcementCount()) {
                wake = earlier(wake, master.announcingSinceNanos() + Election.announcementNanos(master.announced()));
            }
            if (master.lingerNanos() != Long.MAX_VALUE) {
                wake = earlier(wake, master.lingerNanos());
            }
        }
        return wake;
    }

    private static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }
}
