package io.fairlead.system.benchmark;

import io.fairlead.linux.wire.MessageFlags;
import io.fairlead.linux.wire.MessageReader;
import io.fairlead.linux.wire.NetlinkChannel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Passes the first exchange (the family's lookup) on to a real channel, and keeps what is sent after it instead of sending it,
 * answering that all is well. So the very bytes that Fairlead sends can be sent again without the work of making them.
 */
final class RecordingChannel implements NetlinkChannel {

    private final NetlinkChannel real;
    private final List<ByteBuffer> recorded = new ArrayList<>();
    private final ByteBuffer acknowledgement = ByteBuffer.allocateDirect(36).order(ByteOrder.nativeOrder());
    private boolean connected;

    RecordingChannel(NetlinkChannel real) {
        this.real = real;
    }

    /** Returns the datagrams kept so far, ready to be sent, and forgets them. */
    List<ByteBuffer> take() {
        List<ByteBuffer> taken = List.copyOf(recorded);
        recorded.clear();
        return taken;
    }

    @Override
    public void send(ByteBuffer messages) {
        if (!connected) {
            real.send(messages);
            return;
        }
        ByteBuffer copy = ByteBuffer.allocateDirect(messages.limit()).order(ByteOrder.nativeOrder());
        recorded.add(copy.put(messages.duplicate().position(0)).flip());
        acknowledge(messages);
    }

    /** Answers the last message, which is the one that asks for it. */
    private void acknowledge(ByteBuffer messages) {
        MessageReader reader = new MessageReader(messages);
        int last = 0;
        while (reader.next()) {
            last = reader.sequence();
        }
        acknowledgement.clear();
        acknowledgement.putInt(36).putShort((short) MessageFlags.NLMSG_ERROR).putShort((short) 0);
        acknowledgement.putInt(last).putInt(0).putInt(0);
        while (acknowledgement.hasRemaining()) {
            acknowledgement.put((byte) 0);
        }
        acknowledgement.flip();
    }

    @Override
    public ByteBuffer receive() {
        if (!connected) {
            connected = true;
            return real.receive();
        }
        return acknowledgement;
    }

    @Override
    public void close() {
        real.close();
    }
}
