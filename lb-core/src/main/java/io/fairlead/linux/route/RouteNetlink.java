package io.fairlead.linux.route;

import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.linux.wire.Answers;
import io.fairlead.linux.wire.Attr;
import io.fairlead.linux.wire.MessageFlags;
import io.fairlead.linux.wire.MessageReader;
import io.fairlead.linux.wire.MessageWriter;
import io.fairlead.linux.wire.NetlinkChannel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Commands and dumps of rtnetlink over one channel. Owned by one thread. As with generic netlink, the kernel works through a
 * datagram while it is being sent, and sequence numbers tell late answers from present ones.
 */
final class RouteNetlink implements AutoCloseable {

    /** A dump that others keep disturbing is taken as it is after this many tries; the next pass finds what it missed. */
    private static final int DUMP_TRIES_MAX = 5;

    /** Bounds the answers that may wait in the socket's buffer. */
    private static final int BATCH_MESSAGES_MAX = 256;

    /** Where {@code nlmsg_seq} stands in {@code struct nlmsghdr}. */
    private static final int SEQUENCE_OFFSET = 8;

    private final NetlinkChannel channel;
    private final Answers answers;
    private final MessageWriter writer = new MessageWriter(64 << 10);
    private int sequence = 1;

    RouteNetlink(NetlinkChannel channel) {
        this.channel = channel;
        this.answers = new Answers(channel);
    }

    /**
     * One command.
     *
     * @param body writes the family's header and the attributes
     */
    record Command(String operation, int type, int flags, Attr.Body body) {}

    /** Learns which command of several was refused, by its place among them. */
    interface RefusalListener {
        void refused(int index, int errno, String kernelText);
    }

    /** Runs one command. @throws ErrnoException if the kernel refuses it */
    void command(Command command) {
        prepare(List.of(command)).run((_, errno, kernelText) -> {
            throw new ErrnoException(command.operation(), errno, kernelText);
        });
    }

    /** Encodes commands, to be run in order, each whatever becomes of those before. */
    Prepared prepare(List<Command> commands) {
        List<Datagram> datagrams = new ArrayList<>();
        for (int from = 0; from < commands.size(); from += BATCH_MESSAGES_MAX) {
            int to = Math.min(commands.size(), from + BATCH_MESSAGES_MAX);
            writer.clear();
            for (Command command : commands.subList(from, to)) {
                writer.begin(command.type(), MessageFlags.NLM_F_REQUEST | MessageFlags.NLM_F_ACK | command.flags(), 0);
                command.body().accept(writer);
                writer.end();
            }
            ByteBuffer bytes = ByteBuffer.allocateDirect(writer.length()).order(ByteOrder.nativeOrder());
            bytes.put(writer.toBytes()).flip();
            datagrams.add(new Datagram(bytes, from, to - from));
        }
        return new Prepared(datagrams);
    }

    /** @param first the place of its first command among all of those that were prepared together */
    private record Datagram(ByteBuffer bytes, int first, int commands) {}

    /** Commands that only wait to be sent, any number of times, by the thread that owns the channel. */
    final class Prepared {
        private final List<Datagram> datagrams;

        private Prepared(List<Datagram> datagrams) {
            this.datagrams = datagrams;
        }

        void run(RefusalListener refusals) {
            for (Datagram datagram : datagrams) {
                int firstSequence = number(datagram.bytes());
                channel.send(datagram.bytes());
                awaitAnswers(datagram, firstSequence, refusals);
            }
        }

        /** Gives each message the next sequence number; returns that of the first. */
        private int number(ByteBuffer messages) {
            int first = sequence + 1;
            int at = 0;
            while (at < messages.limit()) {
                messages.putInt(at + SEQUENCE_OFFSET, ++sequence);
                at += (messages.getInt(at) + 3) & ~3;
            }
            return first;
        }

        private void awaitAnswers(Datagram datagram, int firstSequence, RefusalListener refusals) {
            int awaited = datagram.commands();
            while (awaited > 0) {
                MessageReader reader = new MessageReader(channel.receive());
                while (reader.next()) {
                    int index = reader.sequence() - firstSequence;
                    if (reader.type() == MessageFlags.NLMSG_ERROR && index >= 0 && index < datagram.commands()) {
                        awaited--;
                        if (reader.errno() != 0) {
                            refusals.refused(datagram.first() + index, reader.errno(), reader.kernelText());
                        }
                    }
                }
            }
        }
    }

    /** Asks for a list; each message of the answer gives the entries that {@code decoder} makes of it, or none. */
    <T> List<T> dump(String operation, int type, Attr.Body body, Function<MessageReader, List<T>> decoder) {
        for (int attempt = 1; ; attempt++) {
            sequence++;
            writer.clear().begin(type, MessageFlags.NLM_F_REQUEST | MessageFlags.NLM_F_DUMP, sequence);
            body.accept(writer);
            channel.send(writer.end().toSend());
            List<T> entries = new ArrayList<>();
            boolean disturbed = answers.all(operation, sequence, reply -> entries.addAll(decoder.apply(reply)));
            if (!disturbed || attempt == DUMP_TRIES_MAX) {
                return entries;
            }
        }
    }

    @Override
    public void close() {
        channel.close();
    }
}
