package io.fairlead.health.netty;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import io.fairlead.linux.socket.ChildProcess;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A script that was started: reads its output, learns of its end, kills what is left of its group, reaps it and closes its
 * descriptors. Lives until the script is gone, which may be after its attempt. Confined to the loop.
 */
final class RunningScript {

    static final int OUTPUT_BYTES_MAX = 64 << 10;

    private static final int LINE_MAX = 200;
    private static final int READ_BYTES = 4096;

    /** While the loop itself ends, nobody tells us of a script's end: so long is it looked for. */
    static final Duration LAST_LOOK = Duration.ofSeconds(3);

    private static final Duration LAST_LOOK_PAUSE = Duration.ofMillis(1);

    private final ChildProcess child;
    private final ProbeContext context;
    private final ScriptAttempt attempt;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    private final StringBuilder line = new StringBuilder();
    private @Nullable IoRegistration exitWatch;
    private @Nullable IoRegistration outputWatch;
    private int outputBytes;
    private boolean lineEnded;
    private boolean gone;

    RunningScript(ChildProcess child, ProbeContext context, ScriptAttempt attempt) {
        this.child = child;
        this.context = context;
        this.attempt = attempt;
        context.scriptBegins(this);
    }

    /** Listens for output and for the end. */
    void watch() {
        context.loop().register(new Watch(child.outputFd(), this::readOutput)).addListener(future -> {
            if (future.getNow() instanceof IoRegistration registration) {
                outputWatch = registration;
                registration.submit(EpollIoOps.EPOLLIN); // as long as it is registered, as epoll is level-triggered
            }
        });
        context.loop().register(new Watch(child.exitFd(), this::ended)).addListener(future -> {
            if (future.getNow() instanceof IoRegistration registration) {
                exitWatch = registration;
                registration.submit(EpollIoOps.EPOLLIN);
            } else {
                forceEnd();
            }
        });
    }

    void kill() {
        child.kill();
    }

    private void readOutput() {
        int count = gone ? 0 : child.read(buffer.clear());
        while (count > 0) {
            take(count);
            outputBytes += count;
            if (outputBytes > OUTPUT_BYTES_MAX) {
                attempt.wroteTooMuch();
                count = 0;
            } else {
                count = child.read(buffer.clear());
            }
        }
        if (count == 0) {
            stopReading();
        }
    }

    /** Keeps the first line, without what would disturb a terminal. */
    private void take(int count) {
        if (lineEnded) {
            return;
        }
        byte[] bytes = new byte[Math.min(count, LINE_MAX)];
        buffer.get(0, bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        for (int i = 0; i < text.length() && !lineEnded; i++) {
            char c = text.charAt(i);
            lineEnded = (c == '\n' && !line.isEmpty()) || line.length() == LINE_MAX;
            if (!lineEnded && c != '\n') {
                line.append(Character.isISOControl(c) ? '?' : c);
            }
        }
    }

    private void stopReading() {
        IoRegistration watched = outputWatch;
        if (watched != null) {
            outputWatch = null;
            watched.cancel();
        }
        child.closeOutput();
    }

    /** The script has ended; what it started in its group ends with it, and what has left its group is not waited for. */
    private void ended() {
        if (gone) {
            return;
        }
        Optional<ChildProcess.Exit> exit = child.reap();
        if (exit.isPresent()) {
            readOutput();
            letGo();
            attempt.exited(exit.get(), line.toString());
        }
    }

    private void letGo() {
        gone = true;
        IoRegistration watched = exitWatch;
        if (watched != null) {
            exitWatch = null;
            watched.cancel();
        }
        stopReading();
        child.close();
        context.scriptEnds(this);
    }

    /** The loop ends before the script: leave no zombie behind, as this process may go on. */
    void forceEnd() {
        if (gone) {
            return;
        }
        killAndReap(child, context.lastLookUntil());
        letGo();
    }

    /** Ends a script that nobody listens to yet. Any thread. */
    static void end(ChildProcess child) {
        killAndReap(child, Ticker.system().now().plus(LAST_LOOK));
        child.close();
    }

    private static void killAndReap(ChildProcess child, MonotonicInstant until) {
        child.kill();
        while (child.reap().isEmpty() && Ticker.system().now().isBefore(until)) {
            LockSupport.parkNanos(LAST_LOOK_PAUSE.toNanos());
        }
    }

    /** One descriptor in the loop's epoll. The descriptor itself is closed by {@link ChildProcess}. */
    private final class Watch implements EpollIoHandle {

        private final FileDescriptor descriptor;
        private final Runnable readable;

        Watch(int descriptor, Runnable readable) {
            this.descriptor = new FileDescriptor(descriptor);
            this.readable = readable;
        }

        @Override
        public FileDescriptor fd() {
            return descriptor;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            readable.run();
        }

        /** Called when the loop ends. */
        @Override
        public void close() {
            forceEnd();
        }
    }
}
