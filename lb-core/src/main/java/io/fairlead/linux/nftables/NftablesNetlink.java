package io.fairlead.linux.nftables;

import static io.fairlead.linux.nftables.NftablesAttributes.*;

import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.linux.wire.Answers;
import io.fairlead.linux.wire.Attr;
import io.fairlead.linux.wire.AttributeSet;
import io.fairlead.linux.wire.MessageFlags;
import io.fairlead.linux.wire.MessageReader;
import io.fairlead.linux.wire.MessageWriter;
import io.fairlead.linux.wire.NetlinkChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The messages of nf_tables over one channel: questions, lists, and transactions. Owned by one thread.
 *
 * <p>A transaction is one datagram between two markers. The kernel carries out all of it or nothing, and goes on after a
 * refusal to find the others.
 */
final class NftablesNetlink implements AutoCloseable {

    private static final int REQUEST_BYTES_MAX = 4096;
    private static final int MARKER_RESERVE_BYTES = 64;

    private final NetlinkChannel channel;
    private final Answers answers;
    private final MessageWriter requests = new MessageWriter(REQUEST_BYTES_MAX);
    private int sequence = 1;

    NftablesNetlink(NetlinkChannel channel) {
        this.channel = channel;
        this.answers = new Answers(channel);
    }

    private static int type(int message) {
        return NFNL_SUBSYS_NFTABLES << 8 | message;
    }

    /** Asks a question that has one answer. @throws ErrnoException if the kernel has none */
    AttributeSet ask(String operation, int message, Attr.Body body) {
        send(message, 0, body);
        return answers.one(operation, sequence);
    }

    /**
     * Asks for a list.
     *
     * @param decoder reads an entry at once; empty leaves it out
     * @return empty if someone changed the rules meanwhile
     */
    <T> Optional<List<T>> list(
            String operation, int message, Attr.Body body, Function<AttributeSet, Optional<T>> decoder) {
        List<T> entries = new ArrayList<>();
        send(message, MessageFlags.NLM_F_DUMP, body);
        boolean disturbed = answers.all(
                operation, sequence, reply -> decoder.apply(reply.attributes()).ifPresent(entries::add));
        return disturbed ? Optional.empty() : Optional.of(entries);
    }

    private void send(int message, int flags, Attr.Body body) {
        sequence++;
        requests.clear().beginNetfilter(type(message), MessageFlags.NLM_F_REQUEST | flags, sequence, NFPROTO_INET, 0);
        body.accept(requests);
        channel.send(requests.end().toSend());
    }

    /** Starts a transaction of at most {@code capacityBytes}. One at a time. */
    Transaction begin(int capacityBytes) {
        return new Transaction(capacityBytes);
    }

    /** Changes that take effect together, or not at all. */
    final class Transaction {

        private final MessageWriter out;
        private final int firstSequence;
        private int lastOffset;

        private Transaction(int capacityBytes) {
            out = new MessageWriter(capacityBytes + MARKER_RESERVE_BYTES);
            firstSequence = ++sequence;
            marker(NFNL_MSG_BATCH_BEGIN);
        }

        private void marker(int type) {
            out.beginNetfilter(type, MessageFlags.NLM_F_REQUEST, sequence, 0, NFNL_SUBSYS_NFTABLES)
                    .end();
        }

        /** Adds a change. */
        Transaction add(int message, int flags, Attr.Body body) {
            sequence++;
            lastOffset = out.length();
            out.beginNetfilter(type(message), MessageFlags.NLM_F_REQUEST | flags, sequence, NFPROTO_INET, 0);
            body.accept(out);
            out.end();
            return this;
        }

        /**
         * Sends the changes and waits for the kernel's word. The last of them asks for an acknowledgement, and it comes when
         * all is done: after the refusals, and after the failure of the whole, which bears the number of the first marker.
         *
         * @throws ErrnoException the first refusal; nothing was changed then
         */
        void commit(String operation) {
            out.addFlag(lastOffset, MessageFlags.NLM_F_ACK);
            int last = sequence;
            sequence++;
            marker(NFNL_MSG_BATCH_END);
            channel.send(out.toSend());
            Optional<ErrnoException> refusal = Optional.empty();
            while (true) {
                MessageReader reader = new MessageReader(channel.receive());
                while (reader.next()) {
                    int index = reader.sequence() - firstSequence;
                    if (reader.type() != MessageFlags.NLMSG_ERROR || index < 0 || index > sequence - firstSequence) {
                        continue;
                    }
                    if (reader.errno() != 0 && refusal.isEmpty()) {
                        refusal = Optional.of(new ErrnoException(operation, reader.errno(), reader.kernelText()));
                    }
                    // A refused marker (no privilege, no nf_tables) stands alone: the rest was not looked at.
                    if (reader.sequence() == last || (index == 0 && refusal.isPresent())) {
                        if (refusal.isPresent()) {
                            throw refusal.get();
                        }
                        return;
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        channel.close();
    }
}
