package io.fairlead.health.netty;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import io.netty.channel.IoEventLoop;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the probes of one checker share. */
final class ProbeContext implements AutoCloseable {

    /** How many scripts run at once; more wait in order. */
    static final int SCRIPTS_MAX = 32;

    /** How many files are read, or programs loaded, at once. A file system that hangs holds up these, and nothing else. */
    private static final int BLOCKING_THREADS = 8;

    private final IoEventLoop loop;
    private final ScriptCommands scripts = new ScriptCommands();
    private final TlsContexts tlsContexts = new TlsContexts();
    private final EchoSockets echoes;
    private final ConnectSockets connectSockets;
    private final ThreadPoolExecutor blocking;
    private final Set<RunningScript> scriptsAlive = new HashSet<>();
    private boolean closed;
    private @Nullable MonotonicInstant lastLookUntil;

    ProbeContext(IoEventLoop loop) {
        this.loop = loop;
        this.echoes = new EchoSockets(loop);
        this.connectSockets = new ConnectSockets(loop);
        this.blocking = new ThreadPoolExecutor(
                BLOCKING_THREADS,
                BLOCKING_THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), // no longer than there are targets: each asks once at a time
                Thread.ofPlatform().name("fairlead-checks-files-", 0).daemon().factory());
        blocking.allowCoreThreadTimeOut(true);
    }

    IoEventLoop loop() {
        return loop;
    }

    ScriptCommands scripts() {
        return scripts;
    }

    TlsContexts tlsContexts() {
        return tlsContexts;
    }

    EchoSockets echoes() {
        return echoes;
    }

    ConnectSockets connectSockets() {
        return connectSockets;
    }

    /** Where a probe does what may block: platform threads, for foreign calls. */
    ThreadPoolExecutor blocking() {
        return blocking;
    }

    /** Has the loop do something; returns whether it will, which it does not when it has ended. Any thread. */
    boolean tellLoop(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Notes a script that was started. Loop only. */
    void scriptBegins(RunningScript script) {
        scriptsAlive.add(script);
    }

    /** Notes a script that is gone. Loop only. */
    void scriptEnds(RunningScript script) {
        scriptsAlive.remove(script);
    }

    /** Returns how many scripts have not gone, those that were killed and hang in the kernel among them. Loop only. */
    int scriptsAlive() {
        return scriptsAlive.size();
    }

    /** Returns until when the ending loop may look for the ends of scripts, of all of them together. Loop only. */
    MonotonicInstant lastLookUntil() {
        if (lastLookUntil == null) {
            lastLookUntil = Ticker.system().now().plus(RunningScript.LAST_LOOK);
        }
        return lastLookUntil;
    }

    /**
     * Waits until those scripts are reaped that were being started when the loop ended; returns whether they are. Any thread
     * but the loop's.
     */
    boolean awaitStarted() {
        try {
            return blocking.awaitTermination(RunningScript.LAST_LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Returns whether nothing may be started any more. Loop only. */
    boolean isClosed() {
        return closed;
    }

    /** Loop only. The loop ends soon after, and may do so without closing what is registered with it. */
    @Override
    public void close() {
        closed = true;
        blocking.shutdownNow();
        List.copyOf(scriptsAlive).forEach(RunningScript::forceEnd);
        echoes.close();
        connectSockets.close();
        tlsContexts.close();
    }
}
