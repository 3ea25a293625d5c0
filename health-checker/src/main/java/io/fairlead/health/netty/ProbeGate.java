package io.fairlead.health.netty;

import java.util.LinkedHashSet;

/**
 * Bounds how many probes are open at once: a probe costs a descriptor, and a time-out of seconds can hold many. Those over
 * the bound wait in order; a check waits at most once, so the queue is never longer than there are targets. Confined to the
 * loop, except {@link #open}.
 */
final class ProbeGate {

    private final int openMax;
    private final CheckTally tally;
    private final LinkedHashSet<RunningCheck> waiting = new LinkedHashSet<>();
    private boolean admitting;
    private volatile int open;

    ProbeGate(int openMax, CheckTally tally) {
        this.openMax = openMax;
        this.tally = tally;
    }

    /** Returns how many probes are open now. Any thread. */
    int open() {
        return open;
    }

    /** Begins the probe of {@code check} now, or when others have left. */
    void enter(RunningCheck check) {
        if (open >= openMax) {
            tally.delayed();
        }
        waiting.add(check);
        admit();
    }

    /** Ends the wait of {@code check}, if it waits. */
    void forget(RunningCheck check) {
        waiting.remove(check);
    }

    /** One probe is open no more. */
    void leave() {
        setOpen(open - 1);
        admit();
    }

    /** A probe may end, and so come back here, before its beginning returns: the outer call goes on then, not the stack. */
    private void admit() {
        if (admitting) {
            return;
        }
        admitting = true;
        try {
            while (open < openMax && !waiting.isEmpty()) {
                setOpen(open + 1);
                waiting.removeFirst().begin();
            }
        } finally {
            admitting = false;
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
    private void setOpen(int count) {
        open = count;
    }
}
