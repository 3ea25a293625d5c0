package io.fairlead.system.benchmark;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The real servers that are checked: one process that listens on every address of its host and does as little as it can for
 * each connection. {@code tcp PORT}, {@code http PORT} or {@code https PORT CERTIFICATE KEY}. Prints {@code listening}, then
 * every second {@code accepted N}: what came in so far, whoever asked.
 */
final class CheckTargets {

    private static final int BACKLOG = 4096;
    private static final ByteBuf ANSWER = Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n", StandardCharsets.US_ASCII));

    private static final AtomicLong accepted = new AtomicLong();

    private CheckTargets() {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[1]);
        switch (arguments[0]) {
            case "tcp" -> acceptAndClose(port);
            case "http" -> answer(port, null);
            case "https" ->
                answer(
                        port,
                        SslContextBuilder.forServer(new File(arguments[2]), new File(arguments[3]))
                                .build());
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.println("listening");
        while (true) {
            Thread.sleep(1000);
            System.out.println("accepted " + accepted.get());
        }
    }

    private static void acceptAndClose(int port) throws IOException {
        ServerSocketChannel listening = ServerSocketChannel.open().bind(new InetSocketAddress(port), BACKLOG);
        Thread.ofPlatform().daemon().start(() -> {
            while (true) {
                try {
                    listening.accept().close();
                    accepted.incrementAndGet();
                } catch (IOException e) {
                    // The peer has gone before it was accepted.
                }
            }
        });
    }

    private static void answer(int port, @Nullable SslContext tls) throws InterruptedException {
        new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accepted.incrementAndGet();
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast(new Answering());
                    }
                })
                .bind(port)
                .sync();
    }

    /** Takes whatever comes for a request: those of the benchmark come in one piece. */
    private static final class Answering extends SimpleChannelInboundHandler<ByteBuf> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf request) {
            context.writeAndFlush(ANSWER.duplicate()).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close(); // the checker leaves by a reset
        }
    }
}
