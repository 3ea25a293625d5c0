package io.fairlead.linux.generic;

import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.MalformedReplyException;
import io.fairlead.core.kernel.UnsupportedKernelException;
import io.fairlead.linux.wire.Answers;
import io.fairlead.linux.wire.Attr;
import io.fairlead.linux.wire.AttributeSet;
import io.fairlead.linux.wire.MessageFlags;
import io.fairlead.linux.wire.MessageReader;
import io.fairlead.linux.wire.MessageWriter;
import io.fairlead.linux.wire.NetlinkChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * One generic netlink family over one channel: single commands, dumps, and batches. Owned by one thread.
 *
 * <p>The kernel works through a datagram while it is being sent, so after a send every answer is already waiting.
 */
public final class GenericNetlink implements AutoCloseable {

    private static final int GENL_ID_CTRL = 16;
    private static final int CTRL_CMD_GETFAMILY = 3;
    private static final int CTRL_VERSION = 2;
    private static final Attr<Integer> CTRL_ATTR_FAMILY_ID = Attr.u16Host(1, "CTRL_ATTR_FAMILY_ID");
    private static final Attr<String> CTRL_ATTR_FAMILY_NAME = Attr.string(2, "CTRL_ATTR_FAMILY_NAME");

    /** A batch is one datagram of at most this: measured, larger ones gain nothing. */
    static final int BATCH_BYTES_MAX = 60_000;

    /** Bounds the refusals that may wait in the socket's buffer, each of about 1 KiB. */
    static final int BATCH_MESSAGES_MAX = 512;

    /** No message of ours is longer; checked by the tests. */
    private static final int MESSAGE_BYTES_MAX = 512;

    /** A dump that others keep disturbing is taken as it is after this many tries; the next pass finds what it missed. */
    private static final int DUMP_TRIES_MAX = 5;

    private final NetlinkChannel channel;
    private final Answers answers;
    private final MessageWriter writer = new MessageWriter(64 << 10);
    private final int familyId;
    private final int version;
    private int sequence = 1;

    private GenericNetlink(NetlinkChannel channel, int familyId, int version) {
        this.channel = channel;
        this.answers = new Answers(channel);
        this.familyId = familyId;
        this.version = version;
    }

    /**
     * Looks the family up by name, which makes the kernel load its module where it can.
     *
     * @param channel closed with the result, or at once if this fails
     * @param moduleName what to load by hand, for the message
     * @throws UnsupportedKernelException if the kernel does not have the family
     */
    public static GenericNetlink connect(NetlinkChannel channel, String familyName, int version, String moduleName) {
        try {
            GenericNetlink control = new GenericNetlink(channel, GENL_ID_CTRL, CTRL_VERSION);
            AttributeSet family = control.request(
                    "look up generic netlink family " + familyName,
                    CTRL_CMD_GETFAMILY,
                    body -> body.put(CTRL_ATTR_FAMILY_NAME, familyName));
            GenericNetlink connected = new GenericNetlink(channel, family.require(CTRL_ATTR_FAMILY_ID), version);
            connected.sequence = control.sequence;
            return connected;
        } catch (ErrnoException e) {
            channel.close();
            if (e.errno() == Errno.ENOENT) {
                throw new UnsupportedKernelException("the kernel has no generic netlink family " + familyName
                        + " (expected: module " + moduleName + ", try: modprobe " + moduleName + ")");
            }
            throw e;
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Sends a command that is answered by an acknowledgement. @throws ErrnoException if the kernel refuses it */
    public void command(String operation, int command, Attr.Body body) {
        send(command, MessageFlags.NLM_F_ACK, body);
        answers.all(operation, sequence, _ -> {});
    }

    /** Sends a command that is answered by one message. @throws ErrnoException if the kernel refuses it */
    public AttributeSet request(String operation, int command, Attr.Body body) {
        send(command, 0, body);
        return answers.one(operation, sequence);
    }

    /**
     * Asks for a list and gives each entry to {@code decoder}. An empty list is not an error.
     *
     * @param decoder reads the attributes at once; they are not valid later
     * @throws ErrnoException if the kernel refuses
     */
    public <T> List<T> dump(String operation, int command, Attr.Body body, Decoder<T> decoder) {
        for (int attempt = 1; ; attempt++) {
            List<T> entries = new ArrayList<>();
            send(command, MessageFlags.NLM_F_DUMP, body);
            boolean disturbed = answers.all(
                    operation, sequence, reply -> entries.add(decode(operation, decoder, reply.attributes())));
            if (!disturbed || attempt == DUMP_TRIES_MAX) {
                return entries;
            }
        }
    }

    private static <T> T decode(String operation, Decoder<T> decoder, AttributeSet reply) {
        try {
            return decoder.decode(reply);
        } catch (IllegalArgumentException e) {
            throw new MalformedReplyException(operation, 0, "a value that cannot be: " + e.getMessage());
        }
    }

    /** Reads one entry of a dump. */
    @FunctionalInterface
    public interface Decoder<T> {
        T decode(AttributeSet attributes);
    }

    private void send(int command, int flags, Attr.Body body) {
        sequence++;
        writer.clear().begin(familyId, MessageFlags.NLM_F_REQUEST | flags, sequence, command, version);
        body.accept(writer);
        channel.send(writer.end().toSend());
    }

    /** Starts a batch: commands of which the kernel answers only those it refuses. One at a time. */
    public Batch batch(RefusalListener refusals) {
        return new Batch(refusals);
    }

    /** Is told of each refused command of a batch. */
    @FunctionalInterface
    public interface RefusalListener {

        /** @param index which command, counted from 0 in the order of {@link Batch#add} */
        void refused(int index, int errno, String kernelText);
    }

    /**
     * Collects commands into datagrams of hundreds. Only the last of each datagram asks for an acknowledgement: by the time
     * that arrives, every refusal before it has arrived too.
     */
    public final class Batch {

        private final RefusalListener refusals;
        private int firstSequence;
        private int lastOffset;
        private int pending;
        private int sent;

        private Batch(RefusalListener refusals) {
            this.refusals = refusals;
            writer.clear();
        }

        /** Adds a command, sending what was collected before if that has grown large. */
        public void add(int command, Attr.Body body) {
            if (pending == BATCH_MESSAGES_MAX || writer.length() > BATCH_BYTES_MAX - MESSAGE_BYTES_MAX) {
                flush();
            }
            sequence++;
            if (pending == 0) {
                firstSequence = sequence;
            }
            lastOffset = writer.length();
            writer.begin(familyId, MessageFlags.NLM_F_REQUEST, sequence, command, version);
            body.accept(writer);
            writer.end();
            pending++;
        }

        /** Sends what was collected and waits for the kernel's word on it. */
        public void flush() {
            if (pending == 0) {
                return;
            }
            writer.addFlag(lastOffset, MessageFlags.NLM_F_ACK);
            channel.send(writer.toSend());
            awaitLast();
            sent += pending;
            pending = 0;
            writer.clear();
        }

        private void awaitLast() {
            while (true) {
                MessageReader reader = new MessageReader(channel.receive());
                while (reader.next()) {
                    int index = reader.sequence() - firstSequence;
                    if (reader.type() != MessageFlags.NLMSG_ERROR || index < 0 || index >= pending) {
                        continue;
                    }
                    if (reader.errno() != 0) {
                        refusals.refused(sent + index, reader.errno(), reader.kernelText());
                    }
                    if (index == pending - 1) {
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
