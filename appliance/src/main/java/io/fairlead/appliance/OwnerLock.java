package io.fairlead.appliance;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Makes sure that one appliance at most manages the IPVS table of a network namespace. Two with different admin sockets and
 * state directories would each take what the other made for a change by someone else.
 *
 * <p>The lock is a Unix socket in the abstract namespace, because that is one for each network namespace, as IPVS tables are,
 * and because the kernel drops it with the process, however that ends ({@code man 7 unix}).
 */
final class OwnerLock implements AutoCloseable {

    static final String NAME = "fairlead-ipvs-owner";

    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(2);

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("fairlead-owner"), EpollIoHandler.newFactory());

    private OwnerLock() {}

    /** Takes the lock. @throws IOException if another process has it */
    static OwnerLock take() throws IOException {
        OwnerLock lock = new OwnerLock();
        try {
            new ServerBootstrap()
                    .group(lock.loop)
                    .channel(EpollServerDomainSocketChannel.class)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.close(); // nobody has anything to say here
                        }
                    })
                    .bind(new DomainSocketAddress('\0' + NAME))
                    .syncUninterruptibly();
            return lock;
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        } catch (Exception e) { // Netty throws the bind's own exception, unchecked
            lock.close();
            throw new IOException(
                    "another appliance manages IPVS in this network namespace: it holds the socket @" + NAME + " ("
                            + e.getMessage() + ")",
                    e);
        }
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, SHUTDOWN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(SHUTDOWN_TIMEOUT.toMillis());
    }
}
