package io.fairlead.appliance.metrics;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * The body of an answer, sent in pieces, each after the one before has gone to the kernel: a slow reader makes the writer
 * wait and costs no memory. Whoever closes the channel makes the writer fail.
 */
final class ResponseStream extends OutputStream {

    private static final int PIECE_BYTES = 32 * 1024;

    private final Channel channel;
    private final byte[] piece = new byte[PIECE_BYTES];
    private int filled;

    ResponseStream(Channel channel, HttpResponse head) {
        this.channel = channel;
        channel.write(head);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (filled == PIECE_BYTES) {
                await(channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(taken()))));
            }
            int count = Math.min(left, PIECE_BYTES - filled);
            System.arraycopy(bytes, from, piece, filled, count);
            filled += count;
            from += count;
            left -= count;
        }
    }

    /** Sends what is left and the end, and closes the connection. */
    void finish() throws IOException {
        ChannelFuture last = channel.writeAndFlush(new DefaultLastHttpContent(Unpooled.wrappedBuffer(taken())));
        last.addListener(ChannelFutureListener.CLOSE);
        await(last);
    }

    private byte[] taken() {
        byte[] bytes = Arrays.copyOf(piece, filled);
        filled = 0;
        return bytes;
    }

    private static void await(ChannelFuture written) throws IOException {
        try {
            written.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while answering");
        }
        if (!written.isSuccess()) {
            throw new IOException("the reader has gone", written.cause());
        }
    }
}
