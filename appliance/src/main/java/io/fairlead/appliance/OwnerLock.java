package io.fairlead.appliance;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;

/**
 * Makes sure that one appliance at most manages the IPVS table of a network namespace. Two with different admin sockets and
 * state directories would each take what the other made for a change by someone else.
 *
 * <p>The lock is a Unix socket in the abstract namespace, because that is one for each network namespace, as IPVS tables are,
 * and because the kernel drops it with the process, however that ends ({@code man 7 unix}).
 */
final class OwnerLock implements AutoCloseable {

    static final String NAME = "fairlead-ipvs-owner";

    /** Bound and not listening: all that matters is the name. */
    private final Socket socket;

    private OwnerLock(Socket socket) {
        this.socket = socket;
    }

    /** Takes the lock. @throws IOException if another process has it */
    static OwnerLock take() throws IOException {
        Epoll.ensureAvailability();
        Socket socket = Socket.newSocketDomain();
        try {
            socket.bind(new DomainSocketAddress('\0' + NAME));
            return new OwnerLock(socket);
        } catch (IOException e) {
            socket.close();
            throw new IOException(
                    "another appliance manages IPVS in this network namespace: it holds the socket @" + NAME + " ("
                            + e.getMessage() + ")",
                    e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("closing the socket @" + NAME, e);
        }
    }
}
