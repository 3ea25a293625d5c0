package io.fairlead.appliance.supervise;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives systemd a sign of life twice within its time, each time only after the control loop has answered: a process whose
 * loop hangs is not alive, and is started again. One platform thread.
 */
public final class Watchdog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    private final SystemdNotifier notifier;
    private final Duration interval;
    private final Supplier<CompletableFuture<?>> ping;
    private final Thread thread = new Thread(this::run, "fairlead-watchdog");

    private Watchdog(SystemdNotifier notifier, Duration interval, Supplier<CompletableFuture<?>> ping) {
        this.notifier = notifier;
        this.interval = interval;
        this.ping = ping;
        thread.setDaemon(true);
    }

    /**
     * Starts giving signs of life.
     *
     * @param timeout how long systemd waits for one
     * @param ping asks the control loop for an answer
     */
    public static Watchdog start(SystemdNotifier notifier, Duration timeout, Supplier<CompletableFuture<?>> ping) {
        Watchdog watchdog = new Watchdog(notifier, timeout.dividedBy(2), ping);
        watchdog.thread.start();
        return watchdog;
    }

    private void run() {
        try {
            while (true) {
                long start = System.nanoTime();
                if (answers()) {
                    notifier.alive();
                } else {
                    LOG.error("Control loop has not answered within={}, no sign of life for systemd", interval);
                }
                Thread.sleep(interval.minusNanos(Math.min(System.nanoTime() - start, interval.toNanos())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean answers() throws InterruptedException {
        try {
            ping.get().get(interval.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
