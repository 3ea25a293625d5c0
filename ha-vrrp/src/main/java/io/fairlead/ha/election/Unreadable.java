package io.fairlead.ha.election;

import io.fairlead.ha.election.PeerView.Clarity;
import org.jspecify.annotations.Nullable;

/**
 * What follows from an authentic hello that this release cannot read. Its sender lives, so that its silence cannot be what a
 * takeover follows from; whether it holds the addresses it says in words that every release understands. Between two that cannot
 * read each other the addresses rank, since nothing else of them is known to both.
 */
final class Unreadable {

    private Unreadable() {}

    static void hear(ElectionStep step, ElectionEvent.UnreadableReceived received) {
        int peer = received.peer();
        if (Hearing.ignores(step, peer, received.term())) {
            return;
        }
        boolean isLegible = received.holding() != Holding.UNKNOWN;
        PeerView last = step.peer(peer);
        if (isLegible
                && last != null
                && last.hasClockOf(received.boot())
                && received.sentNanos() - last.sentNanos() <= 0) {
            step.because(Cause.IGNORED_STALE);
            return;
        }
        UnitHello hello = UnitHello.unreadable(
                step.spec.id(), received.holding() != Holding.NO, received.term(), received.intervalNanos());
        see(step, received, last, hello);
        Hearing.isHeard(step, hello.term());
        boolean isNews = last == null || last.isReadable();
        if (isNews && step.holding() == null) { // the first cause counts: a holder's is what follows, if anything does
            step.because(Cause.PEER_UNREADABLE);
        }
        // Where a majority has promised, nobody else can hold the addresses; who says nothing legible does not claim
        // them.
        boolean mayBeRival = isLegible && !step.spec.safety().needsMajority();
        switch (step.phase) {
            case Phase.Backup backup -> Hearing.hearAsBackup(step, backup, peer, last, hello);
            case Phase.Candidate candidate -> Hearing.hearAsCandidate(step, candidate, peer, hello);
            case Phase.Master master when mayBeRival -> Hearing.hearAsMaster(step, master, peer, hello);
            case Phase.HandingOver over when mayBeRival -> Hearing.hearWhileHandingOver(step, over, peer, hello);
            case Phase.Fenced fenced when mayBeRival -> Hearing.hearWhileFenced(step, fenced, peer, hello);
            default -> {}
        }
        if (isNews) {
            step.because(Cause.PEER_UNREADABLE);
        }
    }

    private static void see(
            ElectionStep step, ElectionEvent.UnreadableReceived received, @Nullable PeerView last, UnitHello hello) {
        PeerView same = last != null && last.boot() == received.boot() ? last : null;
        step.put(
                received.peer(),
                new PeerView(
                        received.boot(),
                        step.now,
                        same == null ? 0 : same.deviationNanos(),
                        received.sentNanos(),
                        same == null ? 0 : same.supportSentNanos(),
                        false,
                        received.holding() == Holding.UNKNOWN ? Clarity.NONE : Clarity.CORE,
                        hello));
    }

    static boolean is(ElectionStep step, int peer) {
        PeerView view = step.peer(peer);
        return view != null && !view.isReadable();
    }

    /** Returns a peer that is heard, cannot be read, and may hold the addresses; or -1. */
    static int holder(ElectionStep step) {
        for (int peer = 0; peer < step.spec.peers().size(); peer++) {
            PeerView view = step.peer(peer);
            if (view != null
                    && !view.isReadable()
                    && view.hello().role().claims()
                    && step.now - view.heardNanos() < Ranking.silenceNanos(step, peer)) {
                return peer;
            }
        }
        return -1;
    }

    /** Waits until it has been silent. */
    static void follow(ElectionStep step, Phase.Backup backup, int holder) {
        PeerView view = step.peer(holder);
        long heard = view == null ? step.now : view.heardNanos();
        step.phase = backup.following(holder, heard + Ranking.waitNanos(step, holder));
    }
}
