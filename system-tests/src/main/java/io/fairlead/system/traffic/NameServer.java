package io.fairlead.system.traffic;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A real server that answers with its own name, so that a test sees who served it. Arguments: {@code NAME ADDRESS PORT}.
 *
 * <p>Two protocols on the one port, told apart by the first line: HTTP/1.1 with kept connections, whose every answer is the name;
 * and lines, each answered by {@code NAME LINE}. Prints {@code listening ADDRESS:PORT} when ready. Runs until it is ended.
 */
public final class NameServer {
    private static final int BACKLOG = 1_024;
    private static final int HEADER_LINES_MAX = 100;

    private final String name;

    private NameServer(String name) {
        this.name = name;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            throw new IllegalArgumentException("expected: NAME ADDRESS PORT");
        }
        InetAddress address = InetAddress.ofLiteral(arguments[1]);
        int port = Integer.parseInt(arguments[2]);
        var server = new NameServer(arguments[0]);
        try (var listener = new ServerSocket(port, BACKLOG, address)) {
            System.out.println("listening " + arguments[1] + ":" + listener.getLocalPort());
            while (true) {
                Socket connection = listener.accept();
                Thread.ofVirtual().start(() -> server.serve(connection));
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
            OutputStream out = connection.getOutputStream();
            String line;
            while ((line = in.readLine()) != null) {
                if (line.endsWith(" HTTP/1.1") || line.endsWith(" HTTP/1.0")) {
                    if (!answerHttp(line, in, out)) {
                        return;
                    }
                } else {
                    out.write((name + " " + line + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            System.err.println(new InetSocketAddress(connection.getInetAddress(), connection.getPort()) + ": " + e);
        }
    }

    /** Whether the connection is kept. */
    private boolean answerHttp(String request, BufferedReader in, OutputStream out) throws IOException {
        boolean keep = request.endsWith(" HTTP/1.1");
        for (int i = 0; i < HEADER_LINES_MAX; i++) {
            String header = in.readLine();
            if (header == null) {
                return false;
            }
            if (header.isEmpty()) {
                break;
            }
            if (header.toLowerCase(Locale.ROOT).replace(" ", "").equals("connection:close")) {
                keep = false;
            }
        }
        byte[] body = (name + "\n").getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + body.length + "\r\n"
                + (keep ? "" : "Connection: close\r\n") + "\r\n";
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        var answer = new byte[start.length + (request.startsWith("HEAD ") ? 0 : body.length)];
        System.arraycopy(start, 0, answer, 0, start.length);
        System.arraycopy(body, 0, answer, start.length, answer.length - start.length);
        out.write(answer);
        return keep;
    }
}
