package io.fairlead.health.netty;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.FailureReason;
import java.time.Duration;

/** A probe without a connection of its own. Ends once, by its verdict or its time-out. Confined to the loop. */
abstract class LocalAttempt implements OpenProbe, Runnable {

    private final Asker asker;
    private final MonotonicInstant startedAt;
    private boolean over;

    LocalAttempt(Asker asker, MonotonicInstant startedAt) {
        this.asker = asker;
        this.startedAt = startedAt;
    }

    /** Asks. What it throws ends the probe. */
    abstract void ask() throws Exception;

    /** Lets go of everything; called once, at the end, whatever it is. */
    abstract void release();

    /** Returns what is missing when the time-out has passed, such as {@code no answer}. */
    abstract String missing();

    @Override
    public final void start() {
        try {
            asker.expectWithin(timeout(), this);
            ask();
        } catch (Throwable t) { // a check that fell silent here would never be made again
            failed(t);
        }
    }

    /** The time-out has passed. */
    @Override
    public final void run() {
        failed(FailureReason.TIMED_OUT, missing() + " within " + FailureSentences.text(timeout()));
    }

    final Asker asker() {
        return asker;
    }

    final Duration timeout() {
        return asker.target().spec().timeout();
    }

    final boolean isOver() {
        return over;
    }

    final Duration elapsed() {
        return asker.now().since(startedAt);
    }

    final void failed(FailureReason reason, String detail) {
        ended(new CheckResult.Failed(reason, detail, elapsed()));
    }

    final void failed(Throwable cause) {
        FailureSentences.Sentence sentence = FailureSentences.of(cause);
        failed(sentence.reason(), sentence.text());
    }

    final void ended(CheckResult result) {
        if (!over) {
            over = true;
            release();
            asker.ended(result, asker.now());
        }
    }

    @Override
    public final void abandon() {
        if (!over) {
            over = true;
            release();
        }
    }
}
