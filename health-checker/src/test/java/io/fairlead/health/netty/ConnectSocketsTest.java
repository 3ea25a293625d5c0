package io.fairlead.health.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectSocketsTest {

    private static final int PATIENCE_SECONDS = 20;

    private final IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final IoEventLoop loop = group.next();
    private final ConnectSockets sockets = new ConnectSockets(loop);
    private InetAddress address = InetAddress.ofLiteral("127.0.0.1");
    private ServerSocket server;

    /** What a socket has said. */
    private static final class Outcome implements ConnectSocket.User {

        private final CompletableFuture<String> said = new CompletableFuture<>();
        private final Runnable then;

        Outcome(Runnable then) {
            this.then = then;
        }

        @Override
        public void connected() {
            then.run();
            said.complete("connected");
        }

        @Override
        public void failed(Throwable cause) {
            said.completeExceptionally(cause);
        }

        @Override
        public void abandon() {
            said.complete("abandoned");
        }

        String await() throws Exception {
            return said.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, address);
    }

    @AfterEach
    void close() throws Exception {
        onLoop(() -> {
            sockets.close();
            return true;
        });
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).await();
        server.close();
    }

    private <T> T onLoop(Callable<T> work) throws Exception {
        return loop.submit(work).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private InetSocketAddress listening() {
        return new InetSocketAddress(address, server.getLocalPort());
    }

    private SocketProtocolFamily family() {
        return address instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    }

    private ConnectSocket connect(InetSocketAddress remoteAddress) throws Exception {
        ConnectSocket socket = onLoop(() -> sockets.take(family()));
        Outcome outcome = new Outcome(() -> {});
        onLoop(() -> {
            socket.connect(remoteAddress, outcome);
            return socket;
        });
        assertThat(outcome.await()).isEqualTo("connected");
        return socket;
    }

    private void giveBack(ConnectSocket socket) throws Exception {
        onLoop(() -> {
            sockets.giveBack(socket);
            return socket;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void oneSocketMakesManyConnectionsAndResetsEach(String host) throws Exception {
        address = InetAddress.ofLiteral(host);
        server.close();
        listen();
        Set<Integer> ports = new HashSet<>();
        Set<ConnectSocket> used = new HashSet<>();

        for (int i = 0; i < 20; i++) {
            ConnectSocket socket = connect(listening());
            used.add(socket);
            try (Socket accepted = server.accept()) {
                ports.add(accepted.getPort());
                giveBack(socket);
                assertThatThrownBy(() -> accepted.getInputStream().read()).isInstanceOf(SocketException.class);
            }
        }

        assertThat(used).hasSize(1);
        assertThat(ports).hasSizeGreaterThan(1);
    }

    @Test
    void aRefusalIsSaidOfAnUsedSocketToo() throws Exception {
        giveBack(connect(listening()));
        InetSocketAddress refusing = listening();
        server.close();

        assertThatThrownBy(() -> connect(refusing))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ConnectException.class);
    }

    /**
     * The reset of a socket is an event of its own. Here it is told in one batch with that of the connection in whose end the
     * socket is put to use again, and after it.
     */
    @Test
    void theResetOfOneConnectionIsNotTakenForTheNextOne() throws Exception {
        List<SocketChannel> fillers = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, address)) {
            for (int i = 0; i < 8; i++) { // a full accept queue drops further SYNs
                SocketChannel filler = SocketChannel.open();
                filler.configureBlocking(false);
                boolean _ = filler.connect(full.getLocalSocketAddress());
                fillers.add(filler);
            }
            ConnectSocket used = connect(listening());
            Outcome silent = new Outcome(() -> {});
            Outcome other =
                    new Outcome(() -> reconnect(used, (InetSocketAddress) full.getLocalSocketAddress(), silent));

            onLoop(() -> {
                sockets.take(family()).connect(listening(), other);
                sockets.giveBack(used);
                return used;
            });

            assertThat(other.await()).isEqualTo("connected");
            assertThatThrownBy(() -> silent.said.get(300, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            onLoop(() -> {
                used.close();
                return used;
            });
            assertThat(silent.await()).isEqualTo("abandoned");
        } finally {
            for (SocketChannel filler : fillers) {
                filler.close();
            }
        }
    }

    private void reconnect(ConnectSocket expected, InetSocketAddress remoteAddress, Outcome outcome) {
        try {
            ConnectSocket taken = sockets.take(family());
            assertThat(taken).isSameAs(expected);
            taken.connect(remoteAddress, outcome);
        } catch (IOException | AssertionError e) {
            outcome.failed(e);
        }
    }

    @Test
    void onlySoManyWait() throws Exception {
        int many = ConnectSockets.IDLE_MAX + 6;
        Set<ConnectSocket> first = onLoop(() -> take(many));
        onLoop(() -> {
            first.forEach(sockets::giveBack);
            return first;
        });

        Set<ConnectSocket> again = onLoop(() -> take(many));

        assertThat(again.stream().filter(first::contains)).hasSize(ConnectSockets.IDLE_MAX);
        onLoop(() -> {
            again.forEach(ConnectSocket::close);
            return again;
        });
    }

    private Set<ConnectSocket> take(int count) throws IOException {
        Set<ConnectSocket> taken = new HashSet<>();
        for (int i = 0; i < count; i++) {
            taken.add(sockets.take(family()));
        }
        return taken;
    }
}
