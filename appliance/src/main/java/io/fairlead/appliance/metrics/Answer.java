package io.fairlead.appliance.metrics;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** The one answer of a connection, which ends with it. */
final class Answer {

    private static final int GZIP_BUFFER_BYTES = 8192;
    private static final Pattern COMMA = Pattern.compile(",");
    private static final Pattern PARAMETERS = Pattern.compile("\\s*;\\s*");

    private final Channel channel;
    private final Request request;

    Answer(Channel channel, Request request) {
        this.channel = channel;
        this.request = request;
    }

    /** What an answer depends on. */
    record Request(HttpMethod method, boolean takesChunks, boolean takesGzip, String accept) {

        static Request of(HttpRequest request) {
            return new Request(
                    request.method(),
                    request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0,
                    takesGzip(request.headers().getAll(HttpHeaderNames.ACCEPT_ENCODING)),
                    String.join(",", request.headers().getAll(HttpHeaderNames.ACCEPT)));
        }

        /** Any weight but zero is a yes. */
        private static boolean takesGzip(List<String> acceptEncoding) {
            for (String coding : COMMA.split(String.join(",", acceptEncoding), -1)) {
                String[] parts = PARAMETERS.split(coding.strip(), 2);
                if (parts[0].equalsIgnoreCase("gzip")) {
                    return parts.length < 2 || !parts[1].matches("q=0(\\.0*)?");
                }
            }
            return false;
        }

        boolean isReading() {
            return method.equals(HttpMethod.GET) || isHead();
        }

        boolean isHead() {
            return method.equals(HttpMethod.HEAD);
        }
    }

    Request request() {
        return request;
    }

    /** Says why there is nothing. Never blocks. */
    void refuse(HttpResponseStatus status, String reason, List<Content.Header> headers) {
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(reason + "\n", StandardCharsets.UTF_8));
        setCommon(response, "text/plain; charset=utf-8", headers);
        response.headers()
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        channel.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    /** Writes {@code content} as fast as it is read. On a thread that may block. */
    void give(Content content) throws IOException {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        setCommon(head, content.type(), content.headers());
        head.headers().set(HttpHeaderNames.VARY, "Accept, Accept-Encoding");
        if (request.takesChunks()) {
            head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        if (request.takesGzip()) {
            head.headers().set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP);
        }
        try (ResponseStream stream = new ResponseStream(channel, head)) {
            if (!request.isHead()) {
                write(content, stream);
            }
            stream.finish();
        }
    }

    private void write(Content content, OutputStream stream) throws IOException {
        if (!request.takesGzip()) {
            writeText(content, stream);
            return;
        }
        try (GZIPOutputStream packed = new FastGzip(stream)) {
            writeText(content, packed);
            packed.finish();
        }
    }

    private static void writeText(Content content, OutputStream stream) throws IOException {
        Writer writer = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
        content.body().writeTo(writer);
        writer.flush();
    }

    /** Ends the connection, whatever has been written. */
    void abandon() {
        channel.close();
    }

    private static void setCommon(HttpResponse response, String type, List<Content.Header> more) {
        HttpHeaders headers = response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("X-Content-Type-Options", "nosniff")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        more.forEach(header -> headers.set(header.name(), header.value()));
    }

    /** Text of metrics shrinks to a twentieth at the fastest level already. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, GZIP_BUFFER_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
