package io.fairlead.linux.wire;

import io.fairlead.core.kernel.ErrnoException;
import java.util.function.Consumer;

/**
 * What the kernel answers to one request over a channel. Sequence numbers tell it from the answers to an abandoned request, which
 * are skipped. Owned by the thread that owns the channel.
 */
public final class Answers {

    private final NetlinkChannel channel;

    public Answers(NetlinkChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits for the one message that answers a request.
     *
     * @return not valid after the next message is received
     * @throws ErrnoException if the kernel refuses
     */
    public AttributeSet one(String operation, int sequence) {
        while (true) {
            MessageReader reader = new MessageReader(channel.receive());
            while (reader.next()) {
                if (reader.sequence() != sequence) {
                    continue;
                }
                if (reader.type() == MessageFlags.NLMSG_ERROR) {
                    throw new ErrnoException(operation, reader.errno(), reader.kernelText());
                }
                return reader.attributes();
            }
        }
    }

    /**
     * Waits until a request is acknowledged, or its dump is done.
     *
     * @param listener is given each message before that, to read at once
     * @return whether a dump was disturbed, and may have left something out
     * @throws ErrnoException if the kernel refuses
     */
    public boolean all(String operation, int sequence, Consumer<MessageReader> listener) {
        boolean disturbed = false;
        while (true) {
            MessageReader reader = new MessageReader(channel.receive());
            while (reader.next()) {
                if (reader.sequence() != sequence) {
                    continue;
                }
                disturbed |= (reader.flags() & MessageFlags.NLM_F_DUMP_INTR) != 0;
                switch (reader.type()) {
                    case MessageFlags.NLMSG_ERROR, MessageFlags.NLMSG_DONE -> {
                        if (reader.errno() != 0) {
                            String text = reader.type() == MessageFlags.NLMSG_ERROR ? reader.kernelText() : "";
                            throw new ErrnoException(operation, reader.errno(), text);
                        }
                        return disturbed;
                    }
                    case MessageFlags.NLMSG_NOOP -> {}
                    default -> listener.accept(reader);
                }
            }
        }
    }
}
