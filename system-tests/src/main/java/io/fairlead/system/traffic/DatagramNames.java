package io.fairlead.system.traffic;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/**
 * Real servers over UDP that answer with their names, and a client that asks several times from one socket.
 *
 * <p>{@code serve NAME ADDRESS PORT} answers every datagram from that address until it is ended, and prints {@code listening}
 * when ready. {@code ask ADDRESS PORT TIMES} prints the different names that answered, in order, with spaces between them.
 */
public final class DatagramNames {
    private static final int ANSWER_TIMEOUT_MILLIS = 5_000;
    private static final int LENGTH_MAX = 512;

    private DatagramNames() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 4) {
            throw new IllegalArgumentException("expected: serve NAME ADDRESS PORT, or: ask ADDRESS PORT TIMES");
        }
        if (arguments[0].equals("serve")) {
            serve(arguments[1], new InetSocketAddress(InetAddress.ofLiteral(arguments[2]), port(arguments[3])));
        } else {
            var server = new InetSocketAddress(InetAddress.ofLiteral(arguments[1]), port(arguments[2]));
            System.out.println(String.join(" ", ask(server, Integer.parseInt(arguments[3]))));
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

    private static Set<String> ask(InetSocketAddress server, int times) throws IOException {
        var names = new TreeSet<String>();
        try (var socket = new DatagramSocket()) {
            socket.setSoTimeout(ANSWER_TIMEOUT_MILLIS);
            for (int i = 0; i < times; i++) {
                socket.send(new DatagramPacket(new byte[] {'?'}, 1, server));
                var answer = new DatagramPacket(new byte[LENGTH_MAX], LENGTH_MAX);
                try {
                    socket.receive(answer);
                    names.add(new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII));
                } catch (SocketTimeoutException e) {
                    names.add("nobody");
                }
            }
        }
        return names;
    }
}
