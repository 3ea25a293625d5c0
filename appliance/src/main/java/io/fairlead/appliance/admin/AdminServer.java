package io.fairlead.appliance.admin;

import com.google.gson.JsonParseException;
import io.fairlead.appliance.event.EventLog;
import io.fairlead.core.net.IpAddress;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@link AdminApi} as HTTP and JSON on a Unix socket: all of it on one that only its owner and group may use, what only
 * looks also on another. One request a connection; each is answered on a virtual thread, so a slow one keeps nobody waiting.
 */
public final class AdminServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

    private static final int REQUEST_BYTES_MAX = 1 << 20;
    /** More are told to come back later. */
    private static final int REQUESTS_AT_ONCE_MAX = 32;
    /** Those that wait for events have places of their own, so that they keep nobody out. */
    private static final int WAITING_AT_ONCE_MAX = 16;

    private static final Duration WAIT_MAX = Duration.ofSeconds(30);
    private static final Duration CONFIRM_MAX = Duration.ofDays(1);
    private static final int EVENTS_DEFAULT = 100;

    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(2);

    private final AdminApi api;
    private final Path path;
    private final boolean isReadOnly;
    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("fairlead-admin"), EpollIoHandler.newFactory());
    private final Semaphore places = new Semaphore(REQUESTS_AT_ONCE_MAX);
    private final Semaphore waitingPlaces = new Semaphore(WAITING_AT_ONCE_MAX);

    private AdminServer(AdminApi api, Path path, boolean isReadOnly) {
        this.api = api;
        this.path = path;
        this.isReadOnly = isReadOnly;
    }

    /**
     * Starts to listen, replacing a socket that a dead appliance left behind.
     *
     * @throws IOException if the socket cannot be made, or another appliance answers on it
     */
    public static AdminServer start(AdminApi api, Path path) throws IOException {
        return start(new AdminServer(api, path, false), "rw-rw----", Optional.empty());
    }

    /**
     * The same, for those who only look.
     *
     * @param group who may use it; empty for whoever reaches its folder
     */
    public static AdminServer startReadOnly(AdminApi api, Path path, Optional<String> group) throws IOException {
        return start(new AdminServer(api, path, true), group.isPresent() ? "rw-rw----" : "rw-rw-rw-", group);
    }

    private static AdminServer start(AdminServer server, String permissions, Optional<String> group)
            throws IOException {
        Path path = server.path;
        refuseIfAnswered(path);
        Files.deleteIfExists(path);
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        }
        try {
            server.listen();
            if (group.isPresent()) {
                giveTo(group.get(), path);
            }
            // Made by the umask; until now a stranger could not connect either, because that takes write permission.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
            return server;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    private static void giveTo(String group, Path path) throws IOException {
        try {
            Files.getFileAttributeView(path, PosixFileAttributeView.class)
                    .setGroup(
                            path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group));
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException("group " + group + ": not on this host", e);
        } catch (IOException e) {
            throw new IOException(
                    path + ": cannot be given to group " + group + " (expected: one that this process is in): "
                            + e.getMessage(),
                    e);
        }
    }

    private static void refuseIfAnswered(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        if (Files.isRegularFile(path) || Files.isDirectory(path)) {
            throw new IOException(path + ": not a socket (expected: a socket, or nothing)");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            return; // nobody is there any more
        }
        throw new IOException(path + ": another appliance answers on this socket");
    }

    private void listen() throws IOException {
        try {
            new ServerBootstrap()
                    .group(loop)
                    .channel(EpollServerDomainSocketChannel.class)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline()
                                    .addLast(new HttpServerCodec())
                                    .addLast(new HttpObjectAggregator(REQUEST_BYTES_MAX))
                                    .addLast(new RequestHandler());
                        }
                    })
                    .bind(new DomainSocketAddress(path.toString()))
                    .syncUninterruptibly();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) { // Netty throws the bind's own exception, unchecked
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    private final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            AdminRequest asked = AdminRequest.of(
                    request.method().name(),
                    request.uri(),
                    request.content().toString(StandardCharsets.UTF_8),
                    caller(context));
            Semaphore allowed = asked.parameters().containsKey("wait") ? waitingPlaces : places;
            if (!allowed.tryAcquire()) {
                respond(
                        context,
                        new Answer(
                                HttpResponseStatus.SERVICE_UNAVAILABLE,
                                error("as many requests as can be are being answered: try again later")));
                return;
            }
            Thread.ofVirtual().name("fairlead-admin-request").start(() -> {
                try {
                    respond(context, answer(asked));
                } finally {
                    allowed.release();
                }
            });
        }

        private static String caller(ChannelHandlerContext context) {
            try {
                if (context.channel() instanceof EpollDomainSocketChannel channel) {
                    return "user " + channel.peerCredentials().uid() + " through the admin socket";
                }
            } catch (IOException e) {
                LOG.debug("Cannot tell who asks", e);
            }
            return "somebody through the admin socket";
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug("Admin connection failed", cause);
            context.close();
        }
    }

    private record Answer(HttpResponseStatus status, String json) {}

    private Answer answer(AdminRequest request) {
        Optional<AdminRoute> route = AdminRoute.find(request.route());
        if (route.isEmpty()) {
            return new Answer(HttpResponseStatus.NOT_FOUND, error("no such request: " + request.route()));
        }
        try {
            if (isReadOnly && !route.get().isReading()) {
                return new Answer(
                        HttpResponseStatus.FORBIDDEN, error(request.route() + ": this socket is only for looking"));
            }
            request.knowing(route.get().parameters());
            return answer(route.get(), request);
        } catch (JsonParseException | InvalidPathException | AdminRequest.UnfitException e) {
            return new Answer(HttpResponseStatus.BAD_REQUEST, error(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            LOG.warn("Admin request failed route=\"{}\"", request.route(), e);
            return new Answer(HttpResponseStatus.INTERNAL_SERVER_ERROR, error(String.valueOf(e.getMessage())));
        }
    }

    private Answer answer(AdminRoute route, AdminRequest request) {
        return switch (route) {
            case STATUS -> answer(true, api.status());
            case EVENTS -> answer(true, api.events(query(request)));
            case EXPLAIN -> {
                ExplainReport report = explain(request);
                yield answer(report.found(), report);
            }
            case KUBERNETES -> answer(true, api.kubernetes());
            case HIGH_AVAILABILITY -> answer(true, api.highAvailability());
            case OPERATE_HIGH_AVAILABILITY -> {
                HaReport report = api.operate(AdminJson.read(HaRequest.class, request.body()), request.by());
                yield answer(report.problem() == null, report);
            }
            case OPERATE_REAL_SERVER -> {
                OperatorReport report =
                        api.operate(AdminJson.read(OperatorRequest.class, request.body()), request.by());
                yield answer(report.accepted(), report);
            }
            case RELOAD -> {
                ReloadReport report = api.reload(reload(request));
                yield answer(report.accepted(), report);
            }
            case CONFIRM -> {
                ConfirmReport report = api.confirm(request.by());
                yield answer(report.accepted(), report);
            }
            case CHECK -> {
                CheckReport report = api.check(AdminJson.read(CheckRequest.class, request.body()));
                yield answer(report.accepted(), report);
            }
            case PLAN -> {
                PlanReport report = api.plan(file(request.body()));
                yield answer(report.accepted(), report);
            }
        };
    }

    private static Answer answer(boolean accepted, Record report) {
        return new Answer(
                accepted ? HttpResponseStatus.OK : HttpResponseStatus.UNPROCESSABLE_ENTITY, AdminJson.write(report));
    }

    private ExplainReport explain(AdminRequest request) {
        String virtualServer = request.needed("virtual-server");
        String client = request.needed("client");
        OptionalLong port = request.number("port", 0, 65_535);
        try {
            return api.explain(
                    virtualServer,
                    IpAddress.parse(client),
                    port.isPresent() ? OptionalInt.of((int) port.getAsLong()) : OptionalInt.empty());
        } catch (IllegalArgumentException e) {
            throw new AdminRequest.UnfitException("client: " + e.getMessage());
        }
    }

    private static ReloadRequest reload(AdminRequest request) {
        return new ReloadRequest(
                request.flag("force"), request.seconds("confirm-within", 1, CONFIRM_MAX.toSeconds()), request.by());
    }

    private static EventQuery query(AdminRequest request) {
        OptionalLong after = request.number("after", 0, Long.MAX_VALUE);
        Optional<Duration> patience = request.seconds("wait", 0, WAIT_MAX.toSeconds());
        if (patience.isPresent() && after.isEmpty()) {
            throw new AdminRequest.UnfitException("wait without after (expected: the number of the last event known)");
        }
        return new EventQuery(
                after,
                (int) request.number("most", 1, EventLog.EVENTS_MAX).orElse(EVENTS_DEFAULT),
                request.text("virtual-server"),
                patience.orElse(Duration.ZERO));
    }

    private Optional<Path> file(String body) {
        if (body.isBlank()) {
            return Optional.empty();
        }
        return Optional.ofNullable(AdminJson.read(PlanRequest.class, body).file())
                .map(Path::of);
    }

    private String error(String message) {
        return AdminJson.write(new ErrorReport(message));
    }

    private static void respond(ChannelHandlerContext context, Answer answer) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                answer.status(),
                Unpooled.copiedBuffer(answer.json() + "\n", StandardCharsets.UTF_8));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, SHUTDOWN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(SHUTDOWN_TIMEOUT.toMillis());
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("Cannot remove the admin socket: {}", e.getMessage());
        }
    }
}
