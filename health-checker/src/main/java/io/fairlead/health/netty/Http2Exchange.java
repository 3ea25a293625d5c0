package io.fairlead.health.netty;

import io.fairlead.health.check.FailureReason;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One request on a connection of HTTP/2, its answer given to a handler as if it were HTTP/1.1. The window stays at 64 KiB and
 * the server may open no streams; what it sends in all is bounded by the {@link AnswerLimit} in front.
 */
final class Http2Exchange {

    private Http2Exchange() {}

    /** Adds the codec to the end of the pipeline. */
    static void prepare(Channel channel, Attempt attempt, int headerBytesMax) {
        Http2Settings settings =
                Http2Settings.defaultSettings().pushEnabled(false).maxHeaderListSize(headerBytesMax);
        channel.pipeline()
                .addLast(Http2FrameCodecBuilder.forClient()
                        .initialSettings(settings)
                        .gracefulShutdownTimeoutMillis(0)
                        .build())
                .addLast(new Http2MultiplexHandler(new RefusedStream()))
                .addLast(new ConnectionEnd(attempt));
    }

    /** Sends {@code request}, of which it takes over the reference, on a new stream that {@code reader} reads. */
    static void ask(Channel channel, Attempt attempt, FullHttpRequest request, ChannelHandler reader) {
        new Http2StreamChannelBootstrap(channel)
                .handler(new ChannelInitializer<Http2StreamChannel>() {
                    @Override
                    protected void initChannel(Http2StreamChannel stream) {
                        stream.pipeline()
                                .addLast(new Http2StreamFrameToHttpObjectCodec(false))
                                .addLast(reader);
                    }
                })
                .open()
                .addListener(opened -> {
                    if (opened.isSuccess()) {
                        ((Http2StreamChannel) opened.getNow())
                                .writeAndFlush(request)
                                .addListener(written -> {
                                    if (!written.isSuccess()) {
                                        attempt.failed(written.cause());
                                    }
                                });
                    } else {
                        request.release();
                        attempt.failed(opened.cause());
                    }
                });
    }

    /** Ends the attempt if {@code event} is the server's refusal of the stream. */
    static void heard(Object event, Attempt attempt) {
        if (event instanceof Http2ResetFrame reset) {
            attempt.failed(FailureReason.RESET, "stream reset by the server: " + name(reset.errorCode()));
        }
    }

    private static String name(long code) {
        @Nullable Http2Error error = Http2Error.valueOf(code);
        return error == null ? "code " + code : error.name();
    }

    /** The server may open none, and says so too late if it does. */
    @ChannelHandler.Sharable
    private static final class RefusedStream extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            context.close();
        }
    }

    /** What concerns the whole connection. Of one attempt. */
    private static final class ConnectionEnd extends ChannelInboundHandlerAdapter {

        private final Attempt attempt;

        ConnectionEnd(Attempt attempt) {
            this.attempt = attempt;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (message instanceof Http2GoAwayFrame goAway && goAway.errorCode() != Http2Error.NO_ERROR.code()) {
                    attempt.failed(
                            FailureReason.CLOSED, "connection given up by the server: " + name(goAway.errorCode()));
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            attempt.failed(FailureReason.CLOSED, "connection closed before the answer was complete");
            context.fireChannelInactive();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            attempt.failed(cause);
        }
    }
}
