package io.fairlead.health.netty;

import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.HttpExpectation;
import io.fairlead.health.check.HttpHeader;
import io.fairlead.health.check.HttpProbeSpec;
import io.fairlead.health.check.StatusRange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks by one HTTP request and decides by the status line, once the headers are complete; the body is waited for only where
 * something is expected of it ({@link ExpectedBody}).
 *
 * <p>What a hostile server can cost: one connection until the time-out, {@value #ANSWER_BYTES_MAX} bytes read, or those of a
 * body that is looked at, and a buffer of at most a line or the headers. Nothing is decompressed, no redirect followed, and
 * nothing that the server sent is repeated to the operator but the number of the status.
 */
final class HttpProbe implements Probe {

    static final int LINE_BYTES_MAX = 4096;
    static final int HEADER_BYTES_MAX = 8192;
    static final int CHUNK_BYTES_MAX = 8192;

    /** Over all: the decoder skips empty lines and interim answers (1xx) without an end. */
    static final int ANSWER_BYTES_MAX = 65536;

    /** With a body that is looked at; chunks of one byte take six. */
    private static final int ANSWER_WITH_BODY_BYTES_MAX = ANSWER_BYTES_MAX + 2 * HttpExpectation.DIGESTED_BYTES_MAX;

    private final InetSocketAddress remoteAddress;
    private final ConnectionSpec connection;
    private final HttpExpectation expectation;
    private final String expected;
    private final HttpMethod method;
    private final String path;
    private final HttpHeaders headers;
    private final ByteBuf body;
    private final int answerBytesMax;
    private final boolean http2;
    private final @Nullable TlsClient tls;

    HttpProbe(CheckTarget target, HttpProbeSpec spec, TlsContexts contexts) {
        this.remoteAddress = Probe.socketAddress(target);
        this.connection = spec.connection();
        this.expectation = spec.expectation();
        this.expected = expectation.status().stream()
                .map(StatusRange::toString)
                .collect(Collectors.joining(", ", " (expected ", ")"));
        this.method = HttpMethod.valueOf(spec.request().method());
        this.path = spec.request().path();
        this.http2 = spec.version() == HttpProbeSpec.Version.HTTP_2;
        this.body = spec.request()
                .body()
                .map(text -> Unpooled.unreleasableBuffer(
                        Unpooled.copiedBuffer(text, StandardCharsets.UTF_8).asReadOnly()))
                .orElse(Unpooled.EMPTY_BUFFER);
        this.answerBytesMax = expectation.statusDecides() ? ANSWER_BYTES_MAX : ANSWER_WITH_BODY_BYTES_MAX;
        this.headers = headers(spec, target);
        Optional<String> host = spec.request().host();
        this.tls = spec.tls()
                .map(settings -> new TlsClient(settings, host, target, http2, contexts))
                .orElse(null);
    }

    private HttpHeaders headers(HttpProbeSpec spec, CheckTarget target) {
        HttpHeaders all = new DefaultHttpHeaders();
        all.set(HttpHeaderNames.HOST, spec.request().host().orElseGet(target.address()::toString));
        all.set(HttpHeaderNames.USER_AGENT, "fairlead");
        if (!http2) {
            all.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        if (body.isReadable()) {
            all.set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        }
        if (!expectation.statusDecides()) {
            all.set(HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.IDENTITY);
        }
        for (HttpHeader header : spec.request().headers()) {
            all.set(header.name(), header.value());
        }
        return all;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public ConnectionSpec connection() {
        return connection;
    }

    @Override
    public void prepare(Channel channel, Attempt attempt) {
        if (tls == null) {
            channel.pipeline().addLast(new AnswerLimit(attempt, answerBytesMax));
            addCodec(channel, attempt);
        } else {
            tls.prepare(channel, attempt, answerBytesMax);
        }
    }

    @Override
    public void connected(Channel channel, Attempt attempt) {
        if (tls == null) {
            ask(channel, attempt);
        } else {
            tls.secure(channel, attempt, _ -> {
                addCodec(channel, attempt);
                ask(channel, attempt);
            });
        }
    }

    private void addCodec(Channel channel, Attempt attempt) {
        if (http2) {
            Http2Exchange.prepare(channel, attempt, HEADER_BYTES_MAX);
            return;
        }
        HttpDecoderConfig limits = new HttpDecoderConfig()
                .setMaxInitialLineLength(LINE_BYTES_MAX)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setMaxChunkSize(CHUNK_BYTES_MAX)
                .setInitialBufferSize(256);
        channel.pipeline().addLast(new HttpClientCodec(limits, false, false)).addLast(new AnswerReader(attempt));
    }

    private void ask(Channel channel, Attempt attempt) {
        // The encoder only reads the headers; a body has a position of its own for each request.
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, method, path, body.duplicate(), headers, EmptyHttpHeaders.INSTANCE);
        if (http2) {
            Http2Exchange.ask(channel, attempt, request, new AnswerReader(attempt));
        } else {
            channel.writeAndFlush(request, channel.voidPromise()); // a failure comes through the pipeline
        }
    }

    private static void malformed(Throwable cause, Attempt attempt) {
        switch (cause) {
            case PrematureChannelClosureException _ ->
                attempt.failed(FailureReason.CLOSED, AnswerHandler.CLOSED_IN_THE_MIDDLE);
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

    /** Takes the first answer that is not interim. Of one attempt. */
    private final class AnswerReader extends AnswerHandler {

        private int status;
        private @Nullable ExpectedBody answerBody;

        AnswerReader(Attempt attempt) {
            super(attempt);
        }

        @Override
        void read(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpResponse answer) {
                head(answer);
            }
            if (message instanceof HttpContent content && answerBody != null) {
                body(content, answerBody);
            }
        }

        private void head(HttpResponse answer) {
            if (answer.decoderResult().isFailure()) {
                malformed(answer.decoderResult().cause(), attempt());
                return;
            }
            int code = answer.status().code();
            if (answer.status().codeClass() == HttpStatusClass.INFORMATIONAL && code != 101) {
                return; // interim, RFC 9110 §15.2: the answer is still to come
            }
            status = code;
            if (!isExpected(expectation.status(), code)) {
                attempt().failed(FailureReason.UNEXPECTED_STATUS, "status " + code + expected);
            } else if (expectation.statusDecides()) {
                attempt().passed("status " + code);
            } else if (answer.headers().contains(HttpHeaderNames.CONTENT_ENCODING)
                    && !answer.headers().containsValue(HttpHeaderNames.CONTENT_ENCODING, "identity", true)) {
                attempt()
                        .failed(
                                FailureReason.UNEXPECTED_ANSWER,
                                "status " + code + ", the body is compressed and so not looked at");
            } else {
                answerBody = new ExpectedBody(expectation);
            }
        }

        private void body(HttpContent content, ExpectedBody expectedBody) {
            if (attempt().isOver()) {
                return;
            }
            if (content.decoderResult().isFailure()) {
                malformed(content.decoderResult().cause(), attempt());
                return;
            }
            Optional<ExpectedBody.Verdict> verdict =
                    expectedBody.add(content.content(), content instanceof LastHttpContent);
            if (verdict.isPresent()) {
                String text = "status " + status + ", " + verdict.get().text();
                if (verdict.get().passed()) {
                    attempt().passed(text);
                } else {
                    attempt().failed(FailureReason.UNEXPECTED_ANSWER, text);
                }
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            Http2Exchange.heard(event, attempt());
            context.fireUserEventTriggered(event);
        }
    }

    /** Returns whether one of {@code ranges} has {@code status}. */
    static boolean isExpected(List<StatusRange> ranges, int status) {
        for (StatusRange range : ranges) {
            if (range.contains(status)) {
                return true;
            }
        }
        return false;
    }
}
