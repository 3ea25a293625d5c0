package io.fairlead.health.netty;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.ServerAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A real server on loopback that does what a script says to each connection. */
final class ScriptedServer implements AutoCloseable {

    /** What to do with one connection; it is closed after, and an {@link IOException} only means that the peer has gone. */
    @FunctionalInterface
    interface Script {
        void serve(Socket connection) throws IOException;
    }

    private final ServerSocket listening;
    private final ServerAddress address;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final LinkedBlockingQueue<Integer> accepted = new LinkedBlockingQueue<>();

    private ScriptedServer(String literal, Script script) {
        IpAddress ip = IpAddress.parse(literal);
        try {
            listening = new ServerSocket();
            listening.bind(new InetSocketAddress(ip.toInetAddress(), 0), 4096);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        address = new ServerAddress(ip, listening.getLocalPort());
        Thread.ofPlatform().daemon().name("scripted-server").start(() -> acceptAll(script));
    }

    static ScriptedServer open(Script script) {
        return openAt("127.0.0.1", script);
    }

    static ScriptedServer openAt(String literal, Script script) {
        return new ScriptedServer(literal, script);
    }

    /** Answers each request with these bytes, then closes. */
    static ScriptedServer answering(String answer) {
        return open(connection -> {
            List<String> _ = request(connection);
            send(connection, answer);
        });
    }

    private void acceptAll(Script script) {
        while (true) {
            Socket connection;
            try {
                connection = listening.accept();
            } catch (IOException e) {
                return; // closed
            }
            open.add(connection);
            accepted.add(connection.getPort());
            Thread.ofVirtual().start(() -> serve(script, connection));
        }
    }

    private void serve(Script script, Socket connection) {
        try (connection) {
            script.serve(connection);
        } catch (IOException e) {
            // the peer has gone
        } finally {
            open.remove(connection);
        }
    }

    /** Returns the lines of a request up to the empty one. */
    static List<String> request(Socket connection) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
        List<String> lines = new ArrayList<>();
        for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
            lines.add(line);
        }
        return lines;
    }

    static void send(Socket connection, String text) throws IOException {
        connection.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Waits until the peer closes or resets. */
    static void waitForEnd(Socket connection) throws IOException {
        byte[] _ = connection.getInputStream().readAllBytes();
    }

    ServerAddress address() {
        return address;
    }

    /** Waits until {@code count} more connections have been accepted. */
    boolean awaitAccepted(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            if (accepted.poll(20, TimeUnit.SECONDS) == null) {
                return false;
            }
        }
        return true;
    }

    /** Forgets those accepted so far and returns how many they were. */
    int drainAccepted() {
        return accepted.drainTo(new ArrayList<>());
    }

    @Override
    public void close() throws IOException {
        stop();
    }

    /** Serves nobody any more. */
    void stop() throws IOException {
        listening.close();
        for (Socket connection : open) {
            connection.close();
        }
    }
}
