package io.fairlead.appliance.metrics;

import io.fairlead.core.time.DurationCounts;
import io.fairlead.core.time.DurationTally;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Finds pauses of the Java runtime and of the host by a thread that asks to be woken every 20 ms and looks how much later it
 * was: what delays it delays hellos and checks just as well.
 */
public final class PauseMeter implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(20);
    private static final List<Duration> STEPS = List.of(
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5));
    /** Less is how timers are, and how processors are shared. */
    private static final Duration PAUSE_MIN = Duration.ofMillis(5);

    /** What was found before anybody looked. */
    public static final DurationCounts NO_PAUSES = new DurationTally(STEPS).read();

    private final DurationTally pauses = new DurationTally(STEPS);
    private final Ticker ticker;
    private final Thread thread;
    private volatile boolean closed;

    private PauseMeter(Ticker ticker) {
        this.ticker = ticker;
        this.thread = Thread.ofPlatform().name("fairlead-pauses").daemon().unstarted(this::run);
    }

    public static PauseMeter start(Ticker ticker) {
        PauseMeter meter = new PauseMeter(ticker);
        meter.thread.start();
        return meter;
    }

    private void run() {
        MonotonicInstant before = ticker.now();
        while (!closed) {
            LockSupport.parkNanos(TICK.toNanos());
            MonotonicInstant now = ticker.now();
            Duration late = now.since(before).minus(TICK);
            if (late.compareTo(PAUSE_MIN) > 0) {
                pauses.add(late);
            }
            before = now;
        }
    }

    public DurationCounts read() {
        return pauses.read();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
