package io.fairlead.health.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket that makes one connection after another, each ended by a reset. A connect to {@code AF_UNSPEC} (connect(2)) resets
 * a connection and gives its port back, and leaves the socket as it was made: in the epoll already, with its option set. That
 * is two system calls for a connection, where a new socket for each takes seven. Confined to the loop.
 */
final class ConnectSocket implements EpollIoHandle {

    /** Who is told of the end of a connect. */
    interface User {

        void connected();

        void failed(Throwable cause);

        /** The loop has ended. */
        void abandon();
    }

    private static final Logger log = LoggerFactory.getLogger(ConnectSocket.class);

    /** EPOLLHUP of {@code sys/epoll.h}, which is always told. */
    private static final int HANGUP = 0x10;

    /** By edge: between two connections a socket counts as hung up, which would be told without end. */
    private static final EpollIoOps WRITABLE = EpollIoOps.EPOLLOUT.with(EpollIoOps.EPOLLET);

    /** Not blocking, and closed when a program is started. */
    private static final class ProbeSocket extends Socket {
        ProbeSocket(SocketProtocolFamily family) {
            super(newSocketStream0(family));
        }
    }

    private final Socket socket;
    private final SocketProtocolFamily family;
    private @Nullable IoRegistration registration;
    private @Nullable User user;

    private ConnectSocket(SocketProtocolFamily family) {
        this.family = family;
        this.socket = new ProbeSocket(family);
    }

    /** @throws IOException if this host has no descriptor left */
    static ConnectSocket open(SocketProtocolFamily family, IoEventLoop loop) throws IOException {
        ConnectSocket opened = new ConnectSocket(family);
        try {
            opened.socket.setSoLinger(
                    0); // whoever closes first keeps the port in TIME_WAIT for a minute: leave by a reset
            Future<IoRegistration> registering = loop.register(opened);
            IoRegistration registered = registering.getNow();
            if (registered == null) {
                throw new IllegalStateException("not registered", registering.cause());
            }
            opened.registration = registered;
            registered.submit(WRITABLE);
            return opened;
        } catch (Throwable t) {
            opened.letGo();
            throw t;
        }
    }

    SocketProtocolFamily family() {
        return family;
    }

    /** Begins to connect. {@code asker} is told of the end, once, unless the socket is reset or closed before. */
    void connect(InetSocketAddress remoteAddress, User asker) throws IOException {
        user = asker;
        if (socket.connect(remoteAddress)) {
            user = null;
            asker.connected();
        }
    }

    /**
     * Ends the connection, and readies the socket for the next one.
     *
     * @throws IOException if that could not be done: then it is to be closed
     */
    void reset() throws IOException {
        user = null;
        socket.disconnect();
        // The reset counts as an error of the socket, which the next connect clears (tcp_connect_init).
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    /**
     * The connect has come to an end. Or the event is of the reset before, and came in one batch with that of the check that
     * made way for this one: such a one says hung up, with no error.
     */
    @Override
    public void handle(IoRegistration registered, IoEvent event) {
        User asker = user;
        if (asker == null) {
            return;
        }
        EpollIoOps ops = ((EpollIoEvent) event).ops();
        boolean hungUp = (ops.value() & HANGUP) != 0;
        try {
            // Throws what the error means.
            if ((hungUp || ops.contains(EpollIoOps.EPOLLERR)) && (!socket.finishConnect() || hungUp)) {
                return;
            }
        } catch (Throwable t) {
            user = null;
            asker.failed(t);
            return;
        }
        user = null;
        asker.connected();
    }

    /** Ends the connection, if there is one, by a reset. Called by the loop too, when it ends. */
    @Override
    public void close() {
        User asker = user;
        user = null;
        letGo();
        if (asker != null) {
            asker.abandon();
        }
    }

    private void letGo() {
        try {
            socket.close(); // which takes it out of the epoll too
        } catch (IOException e) {
            log.debug("close of the socket of a probe", e);
        }
        IoRegistration registered = registration;
        if (registered != null) {
            registered.cancel();
        }
    }
}
