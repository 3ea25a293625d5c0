package io.fairlead.health.netty;

import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.GrpcProbeSpec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Calls {@code grpc.health.v1.Health/Check} and passes if it answers SERVING. */
final class GrpcProbe implements Probe {

    private static final int ANSWER_BYTES_MAX = 65536;
    private static final int HEADER_BYTES_MAX = 8192;
    private static final String PATH = "/grpc.health.v1.Health/Check";
    private static final String STATUS = "grpc-status";

    private static final String[] SERVING_STATUS = {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};
    private static final int SERVING = 1;

    /** By number, {@code google.golang.org/grpc/codes}. */
    private static final String[] CODES = {
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED"
    };

    private final InetSocketAddress remoteAddress;
    private final ConnectionSpec connection;
    private final String service;
    private final HttpHeaders headers;
    private final ByteBuf body;
    private final @Nullable TlsClient tls;

    GrpcProbe(CheckTarget target, GrpcProbeSpec spec, TlsContexts contexts) {
        this.remoteAddress = Probe.socketAddress(target);
        this.connection = spec.connection();
        this.service = spec.service();
        this.body = Unpooled.unreleasableBuffer(
                Unpooled.wrappedBuffer(HealthMessages.request(service)).asReadOnly());
        this.headers = new DefaultHttpHeaders()
                .set(HttpHeaderNames.HOST, spec.host().orElseGet(target.address()::toString))
                .set(HttpHeaderNames.USER_AGENT, "fairlead")
                .set(HttpHeaderNames.CONTENT_TYPE, "application/grpc")
                .set(HttpHeaderNames.TE, "trailers");
        this.tls = spec.tls()
                .map(settings -> new TlsClient(settings, spec.host(), target, true, contexts))
                .orElse(null);
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
            channel.pipeline().addLast(new AnswerLimit(attempt, ANSWER_BYTES_MAX));
            Http2Exchange.prepare(channel, attempt, HEADER_BYTES_MAX);
        } else {
            tls.prepare(channel, attempt, ANSWER_BYTES_MAX);
        }
    }

    @Override
    public void connected(Channel channel, Attempt attempt) {
        if (tls == null) {
            ask(channel, attempt);
        } else {
            tls.secure(channel, attempt, _ -> {
                Http2Exchange.prepare(channel, attempt, HEADER_BYTES_MAX);
                ask(channel, attempt);
            });
        }
    }

    private void ask(Channel channel, Attempt attempt) {
        Http2Exchange.ask(
                channel,
                attempt,
                new DefaultFullHttpRequest(
                        HttpVersion.HTTP_1_1,
                        HttpMethod.POST,
                        PATH,
                        body.duplicate(),
                        headers,
                        EmptyHttpHeaders.INSTANCE),
                new AnswerReader(attempt));
    }

    /** Collects the one message and the trailers. Of one attempt. */
    private final class AnswerReader extends AnswerHandler {

        private byte[] message = new byte[0];

        AnswerReader(Attempt attempt) {
            super(attempt);
        }

        @Override
        void read(ChannelHandlerContext context, Object part) {
            if (part instanceof HttpResponse answer) {
                int status = answer.status().code();
                if (status != 200) {
                    attempt().failed(FailureReason.UNEXPECTED_STATUS, "HTTP status " + status + " (expected 200)");
                    return;
                }
                // An error may come as headers alone (PROTOCOL-HTTP2.md, Trailers-Only).
                if (answer.headers().contains(STATUS) && refused(answer.headers())) {
                    return;
                }
            }
            if (part instanceof HttpContent content) {
                int length = content.content().readableBytes();
                if (message.length + length > HealthMessages.ANSWER_BYTES_MAX) {
                    attempt().failed(FailureReason.MALFORMED, "malformed answer: not a health message");
                    return;
                }
                int end = message.length;
                message = Arrays.copyOf(message, end + length);
                content.content().getBytes(content.content().readerIndex(), message, end, length);
            }
            if (part instanceof LastHttpContent last) {
                decide(last.trailingHeaders());
            }
        }

        private boolean refused(HttpHeaders trailers) {
            String code = trailers.get(STATUS, "");
            if (code.equals("0")) {
                return false;
            }
            attempt().failed(FailureReason.UNEXPECTED_ANSWER, "gRPC error " + codeName(code) + ofService());
            return true;
        }

        private void decide(HttpHeaders trailers) {
            if (trailers.contains(STATUS) && refused(trailers)) {
                return;
            }
            OptionalInt status = HealthMessages.status(message);
            if (status.isEmpty()) {
                attempt().failed(FailureReason.MALFORMED, "malformed answer: not a health message");
            } else if (status.getAsInt() == SERVING) {
                attempt().passed("SERVING");
            } else {
                int number = status.getAsInt();
                String name = number >= 0 && number < SERVING_STATUS.length
                        ? SERVING_STATUS[number]
                        : Integer.toString(number);
                attempt().failed(FailureReason.UNEXPECTED_ANSWER, name + ofService() + " (expected SERVING)");
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            Http2Exchange.heard(event, attempt());
            context.fireUserEventTriggered(event);
        }
    }

    private String ofService() {
        return service.isEmpty() ? "" : " of service " + service;
    }

    private static String codeName(String code) {
        try {
            int number = Integer.parseInt(code);
            return number >= 0 && number < CODES.length ? CODES[number] : Integer.toString(number);
        } catch (NumberFormatException _) {
            return "without a code";
        }
    }
}
