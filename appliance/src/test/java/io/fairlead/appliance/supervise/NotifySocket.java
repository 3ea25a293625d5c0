package io.fairlead.appliance.supervise;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The end of the notification socket that systemd holds. */
final class NotifySocket implements AutoCloseable {

    private final Socket socket;

    private NotifySocket(Socket socket) {
        this.socket = socket;
    }

    static NotifySocket bind(String name) throws IOException {
        Epoll.ensureAvailability();
        Socket socket = Socket.newSocketDomainDgram();
        socket.bind(new DomainSocketAddress(name.replace('@', '\0')));
        return new NotifySocket(socket);
    }

    /** Returns the next datagram; a datagram lies here as soon as it was sent. */
    String receive() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
        var from = socket.recvFromDomainSocket(buffer, 0, buffer.capacity());
        byte[] bytes = new byte[from == null ? 0 : from.receivedAmount()];
        buffer.get(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    boolean isEmpty() throws IOException {
        return receive().isEmpty();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
