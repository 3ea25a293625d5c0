package io.fairlead.system.traffic;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Real servers over UDP that answer with their names, and a client that asks several times from one socket.
 *
 * <p>{@code serve NAME ADDRESS PORT} answers every datagram from that address until it is ended, and prints {@code listening}
 * when ready. {@code ask ADDRESS PORT TIMES PAUSE-MILLIS} prints a line for each answer that is from another server than the one
 * before it; {@code nobody} stands for no answer.
 */
public final class DatagramNames {
    private static final int ANSWER_TIMEOUT_MILLIS = 20_000;
    private static final int LENGTH_MAX = 512;

    private DatagramNames() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 4 && arguments[0].equals("serve")) {
            serve(arguments[1], new InetSocketAddress(InetAddress.ofLiteral(arguments[2]), port(arguments[3])));
        } else if (arguments.length == 5 && arguments[0].equals("ask")) {
            var server = new InetSocketAddress(InetAddress.ofLiteral(arguments[1]), port(arguments[2]));
            ask(server, Integer.parseInt(arguments[3]), Duration.ofMillis(Long.parseLong(arguments[4])));
        } else {
            throw new IllegalArgumentException(
                    "expected: serve NAME ADDRESS PORT, or: ask ADDRESS PORT TIMES PAUSE-MILLIS");
        }
    }

    private static int port(String text) {
        return Integer.parseInt(text);
    }

    private static void serve(String name, InetSocketAddress address) throws IOException {
        byte[] answer = name.getBytes(StandardCharsets.US_ASCII);
        try (var socket = new DatagramSocket(address)) {
            System.out.println("listening");
            var question = new DatagramPacket(new byte[LENGTH_MAX], LENGTH_MAX);
            while (true) {
                socket.receive(question);
                socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
            }
        }
    }

    private static void ask(InetSocketAddress server, int times, Duration pause) throws IOException {
        String before = "";
        try (var socket = new DatagramSocket()) {
            socket.setSoTimeout(ANSWER_TIMEOUT_MILLIS);
            for (int i = 0; i < times; i++) {
                socket.send(new DatagramPacket(new byte[] {'?'}, 1, server));
                String name = answer(socket);
                if (!name.equals(before)) {
                    System.out.println(name);
                }
                before = name;
                LockSupport.parkNanos(pause.toNanos());
            }
        }
    }

    private static String answer(DatagramSocket socket) throws IOException {
        var answer = new DatagramPacket(new byte[LENGTH_MAX], LENGTH_MAX);
        try {
            socket.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
        } catch (SocketTimeoutException e) {
            return "nobody";
        }
    }
}
