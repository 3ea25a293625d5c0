package io.fairlead.appliance.metrics;

import io.fairlead.core.net.ServerAddress;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a {@link Site} over HTTP: reading only, one request a connection, each answered on a virtual thread that is held up
 * by its reader and holds up nobody else.
 */
public final class MetricsServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);

    /** More are closed at once. */
    private static final int CONNECTIONS_MAX = 32;
    /** More are told to come back later: each takes memory. */
    private static final int ANSWERS_AT_ONCE_MAX = 4;
    /** Nothing that may be asked has a body. */
    private static final int REQUEST_BYTES_MAX = 1024;

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    /** A reader that is slower is cut off. */
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(2);

    private final Site site;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("fairlead-metrics", true), EpollIoHandler.newFactory());
    private final AtomicInteger connections = new AtomicInteger();
    private final Semaphore places = new Semaphore(ANSWERS_AT_ONCE_MAX);
    private int port;
    private final AtomicBoolean failing = new AtomicBoolean();

    private MetricsServer(Site site) {
        this.site = site;
    }

    /**
     * Starts to listen.
     *
     * @throws IOException if that is not possible, because the address is not this host's or is taken
     */
    public static MetricsServer start(Site site, ServerAddress listen) throws IOException {
        MetricsServer server = new MetricsServer(site);
        try {
            server.listen(new InetSocketAddress(listen.address().toInetAddress(), listen.port()));
            return server;
        } catch (IOException e) {
            server.close();
            throw new IOException("metrics: cannot listen on " + listen + ": " + e.getMessage(), e);
        }
    }

    private void listen(InetSocketAddress address) throws IOException {
        try {
            port = ((InetSocketAddress) bind(address).localAddress()).getPort();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) { // Netty throws the bind's own exception, unchecked
            throw new IOException(e.getMessage(), e);
        }
    }

    private Channel bind(InetSocketAddress address) {
        return new ServerBootstrap()
                .group(loop)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                })
                .bind(address)
                .syncUninterruptibly()
                .channel();
    }

    /** Returns the port that it listens on. */
    int port() {
        return port;
    }

    private void accept(Channel channel) {
        channel.closeFuture().addListener(_ -> connections.decrementAndGet());
        if (connections.incrementAndGet() > CONNECTIONS_MAX) {
            channel.close();
            return;
        }
        RequestHandler handler = new RequestHandler();
        channel.pipeline()
                .addLast(new HttpServerCodec())
                .addLast(new HttpObjectAggregator(REQUEST_BYTES_MAX))
                .addLast(handler);
        channel.eventLoop().schedule(handler::closeUnlessAsked, REQUEST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        channel.eventLoop().schedule(() -> channel.close(), CONNECTION_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

        private boolean asked;
        private @Nullable Channel channel;

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            channel = context.channel();
        }

        void closeUnlessAsked() {
            if (!asked && channel != null) {
                channel.close();
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            if (asked) {
                return; // one request a connection: it was told that this one will be closed
            }
            asked = true;
            Answer answer = new Answer(context.channel(), Answer.Request.of(request));
            if (!request.decoderResult().isSuccess()) {
                answer.refuse(HttpResponseStatus.BAD_REQUEST, "cannot understand the request", List.of());
                return;
            }
            String path = path(request.uri());
            Optional<Site.Page> page = site.page(path);
            if (page.isEmpty()) {
                answer.refuse(HttpResponseStatus.NOT_FOUND, "nothing at this path", List.of());
            } else if (!answer.request().isReading()) {
                answer.refuse(
                        HttpResponseStatus.METHOD_NOT_ALLOWED,
                        "only to be read",
                        List.of(new Content.Header(HttpHeaderNames.ALLOW.toString(), "GET, HEAD")));
            } else if (!places.tryAcquire()) {
                answer.refuse(
                        HttpResponseStatus.SERVICE_UNAVAILABLE,
                        ANSWERS_AT_ONCE_MAX + " requests are being answered: try again later",
                        List.of());
            } else {
                Thread.ofVirtual().name("fairlead-metrics-request").start(() -> {
                    try {
                        answer(answer, page.get());
                    } finally {
                        places.release();
                    }
                });
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug("Connection for metrics failed", cause);
            context.close();
        }
    }

    private static String path(String uri) {
        int end = uri.indexOf('?');
        return end < 0 ? uri : uri.substring(0, end);
    }

    private void answer(Answer answer, Site.Page page) {
        Content content;
        try {
            content = page.make(answer.request().accept());
            failing.set(false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.abandon();
            return;
        } catch (Exception e) {
            if (!failing.getAndSet(true)) {
                LOG.warn("Cannot gather what is asked for; said once until it is possible again", e);
            }
            answer.refuse(HttpResponseStatus.SERVICE_UNAVAILABLE, String.valueOf(e.getMessage()), List.of());
            return;
        }
        try {
            answer.give(content);
        } catch (IOException | RuntimeException e) {
            LOG.debug("Answer was cut off", e);
            answer.abandon(); // a whole answer ends with a sign of its own, so that the reader knows
        }
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, SHUTDOWN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(SHUTDOWN_TIMEOUT.toMillis());
    }
}
