package io.fairlead.health.netty;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.ServerAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/** Answers each datagram by what a function makes of it. */
final class DatagramServer implements AutoCloseable {

    private final DatagramSocket socket;
    private final LinkedBlockingQueue<byte[]> received = new LinkedBlockingQueue<>();

    DatagramServer(Function<byte[], Optional<byte[]>> answer) throws IOException {
        socket = new DatagramSocket(
                new InetSocketAddress(IpAddress.parse("127.0.0.1").toInetAddress(), 0));
        Thread.ofPlatform().daemon().name("datagram-server").start(() -> serve(answer));
    }

    private void serve(Function<byte[], Optional<byte[]>> answer) {
        byte[] buffer = new byte[2048];
        while (true) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                byte[] question = Arrays.copyOf(buffer, packet.getLength());
                received.add(question);
                Optional<byte[]> reply = answer.apply(question);
                if (reply.isPresent()) {
                    socket.send(new DatagramPacket(reply.get(), reply.get().length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                if (socket.isClosed()) {
                    return;
                }
            }
        }
    }

    ServerAddress address() {
        return new ServerAddress(IpAddress.parse("127.0.0.1"), socket.getLocalPort());
    }

    LinkedBlockingQueue<byte[]> received() {
        return received;
    }

    @Override
    public void close() {
        socket.close();
    }
}
