package io.fairlead.health.netty;

import io.netty.channel.IoEventLoop;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sockets that wait for their next connection. Confined to the loop. */
final class ConnectSockets implements AutoCloseable {

    /** How many wait, of each family. Between two ticks hardly more probes than that are open of servers that answer at once. */
    static final int IDLE_MAX = 64;

    private static final Logger log = LoggerFactory.getLogger(ConnectSockets.class);

    private final IoEventLoop loop;
    private final Map<SocketProtocolFamily, ArrayDeque<ConnectSocket>> idle = new EnumMap<>(SocketProtocolFamily.class);
    private boolean closed;

    ConnectSockets(IoEventLoop loop) {
        this.loop = loop;
    }

    /** Returns a socket that has no connection. It is to be given back, or closed. */
    ConnectSocket take(SocketProtocolFamily family) throws IOException {
        ConnectSocket waiting = idle(family).poll();
        return waiting == null ? ConnectSocket.open(family, loop) : waiting;
    }

    /** Ends the connection of {@code socket} by a reset, and keeps it for the next one. */
    void giveBack(ConnectSocket socket) {
        ArrayDeque<ConnectSocket> others = idle(socket.family());
        try {
            if (!closed && others.size() < IDLE_MAX) {
                socket.reset();
                others.push(socket);
                return;
            }
        } catch (IOException e) {
            log.debug("reset of a probe", e);
        }
        socket.close();
    }

    private ArrayDeque<ConnectSocket> idle(SocketProtocolFamily family) {
        return idle.computeIfAbsent(family, _ -> new ArrayDeque<>());
    }

    @Override
    public void close() {
        closed = true;
        idle.values().forEach(sockets -> {
            sockets.forEach(ConnectSocket::close);
            sockets.clear();
        });
    }
}
