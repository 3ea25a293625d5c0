package io.fairlead.health.netty;

import static io.fairlead.health.netty.CheckBench.target;
import static io.fairlead.health.netty.Results.assertFailed;
import static io.fairlead.health.netty.Results.assertPassed;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.health.check.BoundedPattern;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.GrpcProbeSpec;
import io.fairlead.health.check.HttpExpectation;
import io.fairlead.health.check.HttpHeader;
import io.fairlead.health.check.HttpProbeSpec;
import io.fairlead.health.check.HttpRequestSpec;
import io.fairlead.health.check.StatusRange;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP/2 with prior knowledge, and gRPC on it. */
@Timeout(120)
class Http2ProbeTest {

    private static final Duration PATIENT = Duration.ofSeconds(20);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final LinkedBlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final CheckBench bench = new CheckBench();

    @AfterEach
    void close() {
        bench.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private ServerAddress serve(Supplier<FullHttpResponse> answer) {
        Channel channel = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        connection
                                .pipeline()
                                .addLast(Http2FrameCodecBuilder.forServer().build())
                                .addLast(new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel stream) {
                                        stream.pipeline()
                                                .addLast(new Http2StreamFrameToHttpObjectCodec(true))
                                                .addLast(new HttpObjectAggregator(65536))
                                                .addLast(new Answerer(answer));
                                    }
                                }));
                    }
                })
                .bind(new InetSocketAddress(IpAddress.parse("127.0.0.1").toInetAddress(), 0))
                .syncUninterruptibly()
                .channel();
        return new ServerAddress(IpAddress.parse("127.0.0.1"), ((InetSocketAddress) channel.localAddress()).getPort());
    }

    private final class Answerer extends SimpleChannelInboundHandler<FullHttpRequest> {

        private final Supplier<FullHttpResponse> answer;

        Answerer(Supplier<FullHttpResponse> answer) {
            this.answer = answer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            requests.add(request.method() + " " + request.uri() + " "
                    + request.headers().get("host") + " "
                    + request.headers().get("x-probe") + " " + request.headers().get("content-type") + " "
                    + ByteBufUtil.hexDump(request.content()));
            context.writeAndFlush(answer.get());
        }
    }

    private static FullHttpResponse answer(int status, byte[] body) {
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.copiedBuffer(body));
    }

    private static HttpProbeSpec http2(Optional<String> expectBody) {
        return new HttpProbeSpec(
                ConnectionSpec.DEFAULT,
                Optional.empty(),
                HttpProbeSpec.Version.HTTP_2,
                new HttpRequestSpec(
                        "POST",
                        "/check",
                        Optional.of("shop.example"),
                        List.of(new HttpHeader("X-Probe", "yes")),
                        Optional.of("abc")),
                new HttpExpectation(
                        List.of(new StatusRange(200, 299)), expectBody.map(BoundedPattern::of), Optional.empty()));
    }

    @Nested
    class Http2 {

        @Test
        void asksWithThePathTheHeadersAndTheBody() throws Exception {
            ServerAddress server = serve(() -> answer(204, new byte[0]));

            assertPassed(bench.firstResult(target(server, http2(Optional.empty()), PATIENT)), "status 204");
            assertThat(requests.poll(20, TimeUnit.SECONDS)).isEqualTo("POST /check shop.example yes null 616263");
        }

        @Test
        void looksAtTheStatusAndTheBody() throws Exception {
            ServerAddress server = serve(() -> answer(200, "all is well".getBytes(StandardCharsets.US_ASCII)));

            assertPassed(
                    bench.firstResult(target(server, http2(Optional.of("well$")), PATIENT)),
                    "status 200, expected text found");
            assertFailed(
                    bench.firstResult(target(server, http2(Optional.of("ill$")), PATIENT)),
                    FailureReason.UNEXPECTED_ANSWER,
                    "status 200, expected text not in the first 11 bytes of the body");
            assertFailed(
                    bench.firstResult(target(serve(() -> answer(503, new byte[0])), http2(Optional.empty()), PATIENT)),
                    FailureReason.UNEXPECTED_STATUS,
                    "status 503 (expected 200-299)");
        }

        @Test
        void saysThatAServerDoesNotSpeakIt() throws Exception {
            try (ScriptedServer server = ScriptedServer.open(connection -> {
                ScriptedServer.send(connection, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                ScriptedServer.waitForEnd(connection);
            })) {
                assertFailed(
                        bench.firstResult(target(server.address(), http2(Optional.empty()), PATIENT)),
                        FailureReason.MALFORMED,
                        "malformed answer: not HTTP/2");
            }
        }

        @Test
        void stopsReadingFramesWithoutAnEnd() throws Exception {
            byte[] settings = HexFormat.of().parseHex("000000040000000000");
            byte[] ping = HexFormat.of().parseHex("0000080600000000000000000000000000");
            try (ScriptedServer server = ScriptedServer.open(connection -> {
                connection.getOutputStream().write(settings);
                while (true) {
                    connection.getOutputStream().write(ping);
                }
            })) {
                CheckResult result = bench.firstResult(target(server.address(), http2(Optional.empty()), PATIENT));

                assertThat(result)
                        .isInstanceOfSatisfying(
                                CheckResult.Failed.class,
                                failed -> assertThat(failed.reason()).isEqualTo(FailureReason.MALFORMED));
            }
        }
    }

    @Nested
    class Grpc {

        private CheckResult check(String service, String message, String code) throws InterruptedException {
            ServerAddress server = serve(() -> {
                FullHttpResponse response = answer(200, HexFormat.of().parseHex(message));
                response.headers().set("content-type", "application/grpc");
                response.trailingHeaders().set("grpc-status", code);
                return response;
            });
            return bench.firstResult(target(
                    server,
                    new GrpcProbeSpec(ConnectionSpec.DEFAULT, Optional.empty(), service, Optional.of("shop")),
                    PATIENT));
        }

        @Test
        void passesWhenTheServiceIsServing() throws Exception {
            assertPassed(check("cart", "00000000020801", "0"), "SERVING");
            assertThat(Objects.requireNonNull(requests.poll(20, TimeUnit.SECONDS)))
                    .isEqualTo("POST /grpc.health.v1.Health/Check shop null application/grpc 00000000060a0463617274");
        }

        @Test
        void passesOverFieldsOfLaterVersions() throws Exception {
            assertPassed(check("", "000000000c0801120378797a1d01020304", "0"), "SERVING");
        }

        @ParameterizedTest
        @CsvSource({
            "00000000020802, 0, UNEXPECTED_ANSWER, NOT_SERVING of service cart (expected SERVING)",
            "0000000000, 0, UNEXPECTED_ANSWER, UNKNOWN of service cart (expected SERVING)",
            "'', 5, UNEXPECTED_ANSWER, gRPC error NOT_FOUND of service cart",
            "'', 12, UNEXPECTED_ANSWER, gRPC error UNIMPLEMENTED of service cart",
            "00000000020801, 14, UNEXPECTED_ANSWER, gRPC error UNAVAILABLE of service cart",
            "0000000003080, 0, MALFORMED, malformed answer: not a health message",
            "01000000020801, 0, MALFORMED, malformed answer: not a health message",
            "000000000208ff, 0, MALFORMED, malformed answer: not a health message",
            "00000000020a7f, 0, MALFORMED, malformed answer: not a health message"
        })
        void failsWithAnythingElse(String message, String code, FailureReason reason, String detail) throws Exception {
            String whole = message.length() % 2 == 0 ? message : message + "0";

            assertFailed(check("cart", whole, code), reason, detail);
        }
    }
}
