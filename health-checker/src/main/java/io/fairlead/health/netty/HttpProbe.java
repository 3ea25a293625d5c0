package io.fairlead.health.netty;

import io.fairlead.core.net.ServerAddress;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.HttpProbeSpec;
import io.fairlead.health.check.StatusRange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Asks by one HTTP/1.1 request and decides by the status line, once the headers are complete; the body is not waited for.
 *
 * <p>What a hostile server can cost: one connection until the time-out, {@value #ANSWER_BYTES_MAX} bytes read, and a buffer of
 * at most a line or the headers. Nothing that it sent is repeated to the operator but the number of the status.
 */
final class HttpProbe implements Probe {

    static final int LINE_BYTES_MAX = 4096;
    static final int HEADER_BYTES_MAX = 8192;
    static final int CHUNK_BYTES_MAX = 8192;

    /** Over all: the decoder skips empty lines and interim answers (1xx) without an end. */
    static final int ANSWER_BYTES_MAX = 65536;

    private static final String CLOSED_UNANSWERED = "connection closed without an answer";
    private static final String CLOSED_IN_THE_MIDDLE = "connection closed in the middle of the answer";

    private final InetSocketAddress remoteAddress;
    private final List<StatusRange> expectStatus;
    private final String expectation;
    private final FullHttpRequest request;

    HttpProbe(InetSocketAddress remoteAddress, HttpProbeSpec spec, ServerAddress address) {
        this.remoteAddress = remoteAddress;
        this.expectStatus = spec.expectStatus();
        this.expectation =
                expectStatus.stream().map(StatusRange::toString).collect(Collectors.joining(", ", " (expected ", ")"));
        // Written again and again: the empty buffer is not counted, and the encoder only reads.
        this.request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.valueOf(spec.method()), spec.path(), Unpooled.EMPTY_BUFFER);
        request.headers()
                .set(HttpHeaderNames.HOST, spec.host().orElseGet(address::toString))
                .set(HttpHeaderNames.USER_AGENT, "fairlead")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public void prepare(Channel channel, Attempt attempt) {
        HttpDecoderConfig limits = new HttpDecoderConfig()
                .setMaxInitialLineLength(LINE_BYTES_MAX)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setMaxChunkSize(CHUNK_BYTES_MAX)
                .setInitialBufferSize(256);
        channel.pipeline()
                .addLast(new AnswerLimit(attempt))
                .addLast(new HttpClientCodec(limits, false, false))
                .addLast(new AnswerReader(attempt));
    }

    @Override
    public void connected(Channel channel, Attempt attempt) {
        channel.writeAndFlush(request, channel.voidPromise()); // a failure comes through the pipeline
    }

    private void decide(HttpResponse answer, Attempt attempt) {
        if (answer.decoderResult().isFailure()) {
            malformed(answer.decoderResult().cause(), attempt);
            return;
        }
        int status = answer.status().code();
        if (answer.status().codeClass() == HttpStatusClass.INFORMATIONAL && status != 101) {
            return; // interim, RFC 9110 §15.2: the answer is still to come
        }
        for (StatusRange range : expectStatus) {
            if (range.contains(status)) {
                attempt.passed("status " + status);
                return;
            }
        }
        attempt.failed(FailureReason.UNEXPECTED_STATUS, "status " + status + expectation);
    }

    private static void malformed(Throwable cause, Attempt attempt) {
        switch (cause) {
            case PrematureChannelClosureException _ -> attempt.failed(FailureReason.CLOSED, CLOSED_IN_THE_MIDDLE);
            case TooLongHttpLineException _ ->
                attempt.failed(
                        FailureReason.MALFORMED, "malformed answer: a line of more than " + LINE_BYTES_MAX + " bytes");
            case TooLongHttpHeaderException _ ->
                attempt.failed(
                        FailureReason.MALFORMED,
                        "malformed answer: more than " + HEADER_BYTES_MAX + " bytes of headers");
            default -> attempt.failed(FailureReason.MALFORMED, "malformed answer: not HTTP");
        }
    }

    /** Counts what comes in, before anything looks at it. Of one attempt. */
    private static final class AnswerLimit extends ChannelInboundHandlerAdapter {

        private final Attempt attempt;
        private int bytesLeft = ANSWER_BYTES_MAX;

        AnswerLimit(Attempt attempt) {
            this.attempt = attempt;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf bytes) {
                attempt.answerBegins();
                bytesLeft -= bytes.readableBytes();
                if (bytesLeft < 0) {
                    bytes.release();
                    attempt.failed(
                            FailureReason.MALFORMED,
                            "malformed answer: no status within " + ANSWER_BYTES_MAX + " bytes");
                    return;
                }
            }
            context.fireChannelRead(message);
        }
    }

    /** Takes the first answer that is not interim. Of one attempt. */
    private final class AnswerReader extends ChannelInboundHandlerAdapter {

        private final Attempt attempt;

        AnswerReader(Attempt attempt) {
            this.attempt = attempt;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (message instanceof HttpResponse answer) {
                    decide(answer, attempt);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            attempt.failed(FailureReason.CLOSED, attempt.isAnswering() ? CLOSED_IN_THE_MIDDLE : CLOSED_UNANSWERED);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            attempt.failed(cause);
        }
    }
}
