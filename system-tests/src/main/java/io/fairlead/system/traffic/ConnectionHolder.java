package io.fairlead.system.traffic;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A client that opens connections to a {@link NameServer}, usually through a VIP, keeps sending numbered lines on each and reports
 * what became of them. Arguments: {@code ADDRESS PORT CONNECTIONS SECONDS [INTERVAL-MILLIS [ANSWER-TIMEOUT-MILLIS]]}.
 *
 * <p>Prints {@code holding N} when each connection was either answered once or given up, a line for each connection that is
 * lost, and the line of its {@link HoldReport} at the end: when the time is over, when no connection is left, or sooner when it
 * is asked to end (TERM). A line that is not answered in time (10 s unless told otherwise) is lost, and its connection is given
 * up.
 */
public final class ConnectionHolder {
    private static final int CONNECTIONS_MAX = 10_000;
    private static final int SECONDS_MAX = 3_600;

    private final InetSocketAddress server;
    private final Duration interval;
    private final Duration answerTimeout;
    private final int connections;
    private final CountDownLatch settled;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch done;

    private final Object lock = new Object();
    private final Map<String, Integer> connectionsByServer = new TreeMap<>();
    private int opened;
    private int refused;
    private int reset;
    private int ended;
    private int silent;
    private int strayed;
    private long linesSent;
    private long linesAnswered;
    private Duration longestPause = Duration.ZERO;

    private ConnectionHolder(InetSocketAddress server, int connections, Duration interval, Duration answerTimeout) {
        this.server = server;
        this.connections = connections;
        this.interval = interval;
        this.answerTimeout = answerTimeout;
        this.settled = new CountDownLatch(connections);
        this.done = new CountDownLatch(connections);
    }

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length < 4 || arguments.length > 6) {
            throw new IllegalArgumentException(
                    "expected: ADDRESS PORT CONNECTIONS SECONDS [INTERVAL-MILLIS [ANSWER-TIMEOUT-MILLIS]]");
        }
        var server = new InetSocketAddress(InetAddress.ofLiteral(arguments[0]), Integer.parseInt(arguments[1]));
        int connections = within("CONNECTIONS", arguments[2], CONNECTIONS_MAX);
        int seconds = within("SECONDS", arguments[3], SECONDS_MAX);
        int intervalMillis = arguments.length > 4 ? within("INTERVAL-MILLIS", arguments[4], 60_000) : 100;
        int timeoutMillis = arguments.length > 5 ? within("ANSWER-TIMEOUT-MILLIS", arguments[5], 600_000) : 10_000;
        var holder = new ConnectionHolder(
                server, connections, Duration.ofMillis(intervalMillis), Duration.ofMillis(timeoutMillis));
        // Ending on time goes the same way as being asked to end: the report is printed once, by the hook.
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(holder::finish));
        holder.run(Duration.ofSeconds(seconds));
    }

    private static int within(String name, String text, int max) {
        int value = Integer.parseInt(text);
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 1.." + max + ")");
        }
        return value;
    }

    private void run(Duration duration) throws InterruptedException {
        long deadline = System.nanoTime() + duration.toNanos();
        for (int i = 0; i < connections; i++) {
            int number = i;
            Thread.ofVirtual().start(() -> hold(number));
        }
        boolean inTime = settled.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        synchronized (lock) {
            System.out.println(inTime ? "holding " + (opened - reset - ended - silent) : "not settled in time");
        }
        boolean over = done.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (!over) {
            stop.countDown();
        }
    }

    private void finish() {
        stop.countDown();
        try {
            // An answer that is still awaited may come until its own time limit.
            boolean complete = done.await(answerTimeout.toMillis() + 1_000, TimeUnit.MILLISECONDS);
            synchronized (lock) {
                var report = new HoldReport(
                        opened,
                        refused,
                        reset,
                        ended,
                        silent,
                        strayed,
                        linesSent,
                        linesAnswered,
                        longestPause,
                        connectionsByServer);
                System.out.println(report.toLine() + (complete ? "" : " incomplete=true"));
            }
            System.out.flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void hold(int number) {
        var first = new ArrayList<String>(1);
        try (var socket = new Socket()) {
            try {
                socket.connect(server, Math.toIntExact(answerTimeout.toMillis()));
            } catch (IOException e) {
                count(() -> refused++);
                return;
            }
            count(() -> opened++);
            try {
                converse(number, socket, first);
            } catch (SocketTimeoutException e) {
                lost(number, "silent");
                count(() -> silent++);
            } catch (IOException e) {
                lost(number, e.toString());
                count(() -> reset++);
            }
        } catch (IOException closing) {
            // Closing a connection that is already counted tells nothing new.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (first.isEmpty()) {
                settled.countDown();
            }
            done.countDown();
        }
    }

    private void converse(int number, Socket socket, List<String> first) throws IOException, InterruptedException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(Math.toIntExact(answerTimeout.toMillis()));
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        OutputStream out = socket.getOutputStream();
        for (long sequence = 0; ; sequence++) {
            String line = number + " " + sequence;
            long sentAt = System.nanoTime();
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            count(() -> linesSent++);
            String answer = in.readLine();
            if (answer == null) {
                lost(number, "ended");
                count(() -> ended++);
                return;
            }
            String name = answer.endsWith(" " + line) ? answer.substring(0, answer.length() - line.length() - 1) : "";
            if (first.isEmpty()) {
                first.add(name);
                count(() -> connectionsByServer.merge(name, 1, Integer::sum));
                settled.countDown();
            }
            answered(!name.isEmpty() && name.equals(first.getFirst()), Duration.ofNanos(System.nanoTime() - sentAt));
            if (stop.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private void answered(boolean rightly, Duration pause) {
        synchronized (lock) {
            if (rightly) {
                linesAnswered++;
            } else {
                strayed++;
            }
            if (pause.compareTo(longestPause) > 0) {
                longestPause = pause;
            }
        }
    }

    private static void lost(int number, String how) {
        System.out.println("lost connection " + number + " at " + Instant.now() + ": " + how);
    }

    private void count(Runnable change) {
        synchronized (lock) {
            change.run();
        }
    }
}
