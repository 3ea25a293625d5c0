package io.fairlead.health.netty;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.CheckTarget;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One probe out of schedule, whose result goes to who asked for it and counts nowhere else. Confined to the loop. */
final class ProbeNow implements Asker {

    private final CheckTarget target;
    private final ProbeContext context;
    private final Ticker ticker;
    private final CompletableFuture<CheckResult> answer;
    private @Nullable Future<?> timer;
    private @Nullable OpenProbe probe;

    /** @param answer completed on the loop, in every case */
    ProbeNow(CheckTarget target, ProbeContext context, Ticker ticker, CompletableFuture<CheckResult> answer) {
        this.target = target;
        this.context = context;
        this.ticker = ticker;
        this.answer = answer;
    }

    /** The probe may have ended when this returns. */
    void start() {
        ProbeOpener opener = ProbeOpener.of(target, context);
        if (opener == null) {
            answer.complete(new CheckResult.Passed(Duration.ZERO, "nothing is asked"));
            return;
        }
        OpenProbe opened = opener.open(this, now());
        probe = opened;
        opened.start();
    }

    void abandon() {
        cancelTimer();
        if (probe != null) {
            probe.abandon();
        }
        answer.completeExceptionally(new IllegalStateException("the checks were ended"));
    }

    @Override
    public CheckTarget target() {
        return target;
    }

    @Override
    public MonotonicInstant now() {
        return ticker.now();
    }

    @Override
    public void expectWithin(Duration timeout, Runnable expiry) {
        cancelTimer();
        timer = context.loop().schedule(expiry, timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void ended(CheckResult result, MonotonicInstant now) {
        cancelTimer();
        answer.complete(result);
    }

    private void cancelTimer() {
        Future<?> armed = timer;
        if (armed != null) {
            timer = null;
            armed.cancel(false);
        }
    }
}
