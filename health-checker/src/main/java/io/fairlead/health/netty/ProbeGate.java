package io.fairlead.health.netty;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many probes are open at once: a probe costs a descriptor, and a time-out of seconds can hold many. Those over
 * the bound wait in order; a check waits at most once, so the queue is never longer than there are targets.
 *
 * <p>A real server that says nothing holds its place for the whole time-out. So that any number of such cannot take the
 * places of those that answer, each {@link Standing} has a bound of its own: who failed last may have half of the places, who
 * has not answered yet a quarter more, and the last quarter is for who passed. Among those below their bounds the one that
 * has waited longest is next, so nobody waits for ever. Confined to the loop, except {@link #open}.
 */
final class ProbeGate {

    /** What is known of a check when it asks to enter, from the worst to the best. Each bound has those before it in it. */
    enum Standing {
        FAILED(0),
        NEW(1),
        PASSED(2);

        private final int rank;

        Standing(int rank) {
            this.rank = rank;
        }
    }

    /** Who enters. */
    interface Entrant {

        /** Returns how this entrant stands: the same from its entering to its leaving. */
        Standing standing();

        /** Begins the probe. It may have ended, and left, when this returns. */
        void begin();
    }

    private static final Standing[] STANDINGS = Standing.values();

    private final int[] openMax = new int[STANDINGS.length];
    /** Of this standing and the worse ones. */
    private final int[] openUpTo = new int[STANDINGS.length];

    private final CheckTally tally;
    /** Each with its number in the order of waiting. */
    private final Map<Standing, SequencedMap<Entrant, Long>> waiting = new EnumMap<>(Standing.class);

    private int waitingCount;
    private long turns;
    private boolean admitting;
    private volatile int open;

    /** @param openMax at least 1; with less than 4, the standings do not all have places of their own */
    ProbeGate(int openMax, CheckTally tally) {
        this.tally = tally;
        this.openMax[Standing.FAILED.rank] = Math.max(1, openMax / 2);
        this.openMax[Standing.NEW.rank] = Math.max(1, openMax - openMax / 4);
        this.openMax[Standing.PASSED.rank] = openMax;
        for (Standing standing : STANDINGS) {
            waiting.put(standing, new LinkedHashMap<>());
        }
    }

    /** Returns how many probes are open now. Any thread. */
    int open() {
        return open;
    }

    /** Begins the probe of {@code entrant} now, or when others have left. */
    void enter(Entrant entrant) {
        if (waitingCount == 0 && !admitting && hasPlace(entrant.standing())) {
            take(entrant.standing());
            entrant.begin();
            return;
        }
        if (!hasPlace(entrant.standing())) {
            tally.delayed();
        }
        queue(entrant.standing()).put(entrant, turns++);
        waitingCount++;
        admit();
    }

    /** Ends the wait of {@code entrant}, if it waits. */
    void forget(Entrant entrant) {
        if (waitingCount > 0 && queue(entrant.standing()).remove(entrant) != null) {
            waitingCount--;
        }
    }

    /** The probe of one of this standing is open no more. */
    void leave(Standing standing) {
        count(standing, -1);
        if (waitingCount > 0) {
            admit();
        }
    }

    /** A probe may end, and so come back here, before its beginning returns: the outer call goes on then, not the stack. */
    private void admit() {
        if (admitting) {
            return;
        }
        admitting = true;
        try {
            for (Entrant next = next(); next != null; next = next()) {
                next.begin();
            }
        } finally {
            admitting = false;
        }
    }

    /** Returns who has waited longest of those for whom there is a place, which it has taken; null if there is nobody. */
    private @Nullable Entrant next() {
        @Nullable SequencedMap<Entrant, Long> longest = null;
        Standing standing = Standing.PASSED;
        for (Standing one : STANDINGS) {
            SequencedMap<Entrant, Long> queue = queue(one);
            if (!queue.isEmpty()
                    && hasPlace(one)
                    && (longest == null
                            || queue.firstEntry().getValue()
                                    < longest.firstEntry().getValue())) {
                longest = queue;
                standing = one;
            }
        }
        if (longest == null) {
            return null;
        }
        take(standing);
        waitingCount--;
        return longest.pollFirstEntry().getKey();
    }

    private SequencedMap<Entrant, Long> queue(Standing standing) {
        SequencedMap<Entrant, Long> queue = waiting.get(standing);
        if (queue == null) {
            throw new IllegalStateException("no queue of " + standing);
        }
        return queue;
    }

    private boolean hasPlace(Standing standing) {
        for (int i = standing.rank; i < openMax.length; i++) {
            if (openUpTo[i] >= openMax[i]) {
                return false;
            }
        }
        return true;
    }

    private void take(Standing standing) {
        count(standing, 1);
    }

    private void count(Standing standing, int change) {
        for (int i = standing.rank; i < openUpTo.length; i++) {
            openUpTo[i] += change;
        }
        open = openUpTo[openUpTo.length - 1];
    }
}
