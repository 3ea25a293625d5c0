package io.fairlead.kube.watch;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as a stream that fails when nothing has come for a while: a server that is gone without a word would
 * be waited for as long as TCP does. Asks for more only when all that came was read, so it holds little.
 */
final class ArrivingBody extends InputStream {

    private static final ByteBuffer END = ByteBuffer.allocate(0);

    private final Duration silence;
    private final LinkedBlockingQueue<ByteBuffer> arrived = new LinkedBlockingQueue<>();
    private @Nullable AsyncBody source;
    private @Nullable ByteBuffer current;
    private volatile @Nullable Throwable failure;
    private boolean ended;

    ArrivingBody(Duration silence) {
        this.silence = silence;
    }

    /** Takes what came. On a thread of the client. */
    void arrived(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            if (buffer.hasRemaining()) {
                arrived.add(buffer);
            }
        }
    }

    /** Knows from now on whom to ask for more. */
    void follow(AsyncBody body) {
        source = body;
        CompletableFuture<?> _ = body.done().whenComplete((_, problem) -> {
            failure = problem;
            arrived.add(END);
        });
        body.consume();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        ByteBuffer buffer = current;
        if (buffer == null || !buffer.hasRemaining()) {
            buffer = next();
            current = buffer;
        }
        if (buffer == END) {
            return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(into, offset, count);
        return count;
    }

    @SuppressWarnings("ReferenceEquality") // a mark, not a value
    private ByteBuffer next() throws IOException {
        if (ended) {
            return END;
        }
        ByteBuffer next = arrived.poll();
        if (next == null) {
            if (source != null) {
                source.consume();
            }
            next = await();
        }
        if (next == END) {
            ended = true;
            Throwable problem = failure;
            if (problem != null) {
                throw new IOException("the answer broke off: " + problem, problem);
            }
        }
        return next;
    }

    private ByteBuffer await() throws IOException {
        try {
            ByteBuffer next = arrived.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                throw new IOException("nothing came for " + silence);
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public int available() {
        ByteBuffer buffer = current;
        return buffer == null ? 0 : buffer.remaining();
    }

    @Override
    public void close() {
        if (source != null) {
            source.cancel();
        }
    }
}
