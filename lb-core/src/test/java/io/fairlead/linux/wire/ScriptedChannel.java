package io.fairlead.linux.wire;

import io.fairlead.core.kernel.KernelTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A channel without a kernel: answers each send with the datagrams that the script prepares, and keeps what was sent. A
 * receive that nothing was prepared for is a timeout, as on a socket.
 */
public final class ScriptedChannel implements NetlinkChannel {

    private final Script script;
    private final Deque<byte[]> answers = new ArrayDeque<>();
    private final List<byte[]> sent = new ArrayList<>();
    private boolean closed;

    public ScriptedChannel(Script script) {
        this.script = script;
    }

    /** What the other end says to a datagram. */
    @FunctionalInterface
    public interface Script {

        /** Returns the datagrams that answer the messages of {@code request}. */
        List<byte[]> answer(List<Message> request);
    }

    /** One message that was sent, with its header taken apart. */
    public record Message(int type, int flags, int sequence, int command) {}

    @Override
    public void send(ByteBuffer messages) {
        if (!messages.isDirect()) {
            throw new IllegalArgumentException("a buffer on the heap (expected: a direct one)");
        }
        byte[] bytes = new byte[messages.limit()];
        messages.duplicate().position(0).get(bytes);
        sent.add(bytes);
        answers.addAll(script.answer(split(bytes)));
    }

    private static List<Message> split(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        List<Message> messages = new ArrayList<>();
        int length;
        for (int at = 0; at < bytes.length; at += length + 3 & ~3) {
            length = buffer.getInt(at);
            messages.add(new Message(
                    Short.toUnsignedInt(buffer.getShort(at + 4)),
                    Short.toUnsignedInt(buffer.getShort(at + 6)),
                    buffer.getInt(at + 8),
                    Byte.toUnsignedInt(buffer.get(at + 16))));
        }
        return messages;
    }

    @Override
    public ByteBuffer receive() {
        byte[] answer = answers.poll();
        if (answer == null) {
            throw new KernelTimeoutException("receive by netlink", Duration.ofSeconds(5));
        }
        ByteBuffer received = ByteBuffer.allocateDirect(answer.length);
        return received.put(answer).flip();
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Returns every datagram that was sent. */
    public List<byte[]> sent() {
        return sent;
    }

    /** Returns whether the channel was closed. */
    public boolean closed() {
        return closed;
    }

    /** Returns whether every answer was read. */
    public boolean dry() {
        return answers.isEmpty();
    }
}
