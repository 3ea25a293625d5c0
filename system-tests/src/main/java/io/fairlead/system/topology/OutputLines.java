package io.fairlead.system.topology;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The newest lines of one output stream. Bounded: at most {@value #LINES_MAX} lines of {@value #LINE_CHARACTERS_MAX}
 * characters are kept; older lines are dropped and counted, longer ones are broken.
 */
final class OutputLines {
    private static final int LINES_MAX = 10_000;
    private static final int LINE_CHARACTERS_MAX = 8_192;

    private final Object lock = new Object();
    private final Deque<String> lines = new ArrayDeque<>();
    private final Thread reader;
    private long dropped;
    private boolean ended;

    OutputLines(String name, InputStream in) {
        reader = Thread.ofPlatform().daemon().name(name).start(() -> read(in));
    }

    private void read(InputStream in) {
        try (Reader characters = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            var line = new StringBuilder();
            var buffer = new char[LINE_CHARACTERS_MAX];
            int count;
            while ((count = characters.read(buffer)) >= 0) {
                for (int i = 0; i < count; i++) {
                    if (buffer[i] == '\n') {
                        add(line);
                    } else {
                        line.append(buffer[i]);
                        if (line.length() == LINE_CHARACTERS_MAX) {
                            add(line);
                        }
                    }
                }
            }
            if (!line.isEmpty()) {
                add(line);
            }
        } catch (IOException closed) {
            // The process was destroyed while its output was read: what was read until then counts.
            synchronized (lock) {
                ended = true;
            }
        }
        synchronized (lock) {
            ended = true;
            lock.notifyAll();
        }
    }

    private void add(StringBuilder line) {
        synchronized (lock) {
            if (lines.size() == LINES_MAX) {
                lines.removeFirst();
                dropped++;
            }
            lines.addLast(line.toString());
            lock.notifyAll();
        }
        line.setLength(0);
    }

    /** The first line, old or to come, that the condition accepts; empty when time or the stream ends without one. */
    Optional<String> await(Predicate<String> condition, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        long seen = 0;
        synchronized (lock) {
            while (true) {
                long index = dropped;
                for (String line : lines) {
                    if (index++ >= seen && condition.test(line)) {
                        return Optional.of(line);
                    }
                }
                seen = dropped + lines.size();
                long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
                if (ended || leftMillis <= 0) {
                    return Optional.empty();
                }
                lock.wait(leftMillis);
            }
        }
    }

    /** Waits until the stream was read to its end; a child that keeps the stream open is not waited for any longer. */
    void awaitEnd(Duration timeout) throws InterruptedException {
        var _ = reader.join(timeout);
    }

    String text() {
        synchronized (lock) {
            var text = new StringBuilder();
            if (dropped > 0) {
                text.append("[").append(dropped).append(" earlier lines dropped]\n");
            }
            lines.forEach(line -> text.append(line).append('\n'));
            return text.toString();
        }
    }
}
