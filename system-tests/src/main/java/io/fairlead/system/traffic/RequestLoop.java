package io.fairlead.system.traffic;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * A client that makes a new connection for every request, one after the other, and counts who answered. Arguments: {@code
 * ADDRESS PORT PAUSE_MILLIS}. Prints {@code requests N failed N NAME=N ...} when it is ended by SIGTERM, and every failure
 * when it happens.
 */
public final class RequestLoop {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final InetSocketAddress server;
    private final Map<String, Integer> answered = new TreeMap<>();
    private int requests;
    private int failed;

    private RequestLoop(InetSocketAddress server) {
        this.server = server;
    }

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 3) {
            throw new IllegalArgumentException("expected: ADDRESS PORT PAUSE_MILLIS");
        }
        RequestLoop loop = new RequestLoop(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])));
        Runtime.getRuntime().addShutdownHook(new Thread(loop::report));
        loop.request();
        System.out.println("running");
        while (true) {
            loop.request();
            Thread.sleep(Long.parseLong(arguments[2]));
        }
    }

    private void request() {
        String name;
        String failure = "";
        try (Socket socket = new Socket()) {
            socket.connect(server, (int) TIMEOUT.toMillis());
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.UTF_8));
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            name = line == null ? "" : line.split(" ", 2)[0];
            failure = line == null ? "no answer" : "";
        } catch (IOException e) {
            name = "";
            failure = e.toString();
        }
        synchronized (this) {
            requests++;
            if (failure.isEmpty()) {
                answered.merge(name, 1, Integer::sum);
            } else {
                failed++;
                System.out.println("failure at " + Instant.now() + ": " + failure);
            }
        }
    }

    private synchronized void report() {
        StringBuilder line = new StringBuilder("requests " + requests + " failed " + failed);
        answered.forEach(
                (name, count) -> line.append(' ').append(name).append('=').append(count));
        System.out.println(line);
    }
}
