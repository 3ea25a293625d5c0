package io.fairlead.system.benchmark;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The least that a check by TCP could cost in this JVM: one loop of Netty that connects to each address every second and
 * closes, and keeps no verdict, no time-out, no history.
 */
final class BareLoop implements AutoCloseable {

    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final CheckFigures figures;

    BareLoop(List<SocketAddress> addresses, CheckFigures figures) {
        this.figures = figures;
        long now = System.nanoTime();
        loop.execute(() -> {
            for (int i = 0; i < addresses.size(); i++) {
                new Target(addresses.get(i), now + PERIOD_NANOS * i / addresses.size()).schedule();
            }
        });
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Target implements Runnable {

        private final SocketAddress address;
        private long due;

        Target(SocketAddress address, long due) {
            this.address = address;
            this.due = due;
        }

        void schedule() {
            loop.schedule(this, Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS);
        }

        @Override
        public void run() {
            figures.began(System.nanoTime() - due);
            Channel channel = new EpollSocketChannel();
            channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
            channel.config().setAutoRead(false);
            loop.register(channel);
            channel.connect(address).addListener((ChannelFuture connected) -> {
                if (connected.isSuccess()) {
                    channel.config().setOption(ChannelOption.SO_LINGER, 0);
                    figures.passed();
                }
                channel.unsafe().close(channel.voidPromise());
                due += PERIOD_NANOS;
                schedule();
            });
        }
    }
}
