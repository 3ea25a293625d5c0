package io.fairlead.linux.generic;

import static io.fairlead.linux.wire.Replies.attribute;
import static io.fairlead.linux.wire.Replies.concat;
import static io.fairlead.linux.wire.Replies.datagram;
import static io.fairlead.linux.wire.Replies.done;
import static io.fairlead.linux.wire.Replies.doneWithError;
import static io.fairlead.linux.wire.Replies.error;
import static io.fairlead.linux.wire.Replies.errorCapped;
import static io.fairlead.linux.wire.Replies.errorWithEcho;
import static io.fairlead.linux.wire.Replies.header;
import static io.fairlead.linux.wire.Replies.message;
import static io.fairlead.linux.wire.Replies.u16;
import static io.fairlead.linux.wire.Replies.u32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.KernelTimeoutException;
import io.fairlead.core.kernel.MalformedReplyException;
import io.fairlead.core.kernel.UnsupportedKernelException;
import io.fairlead.linux.wire.Attr;
import io.fairlead.linux.wire.MessageFlags;
import io.fairlead.linux.wire.ScriptedChannel;
import io.fairlead.linux.wire.ScriptedChannel.Message;
import io.fairlead.linux.wire.ScriptedChannel.Script;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class GenericNetlinkTest {

    private static final int FAMILY = 21;
    private static final int CTRL = 16;
    private static final int COMMAND = 4;
    private static final Attr<Long> VALUE = Attr.u32Host(1, "TEST_VALUE");
    private static final Attr<byte[]> LONG = Attr.bytes(2, "TEST_LONG", 480);

    private final List<String> refused = new ArrayList<>();

    /** Answers the family lookup, and leaves everything else to {@code script}. */
    private static ScriptedChannel channel(Script script) {
        return new ScriptedChannel(request -> {
            Message first = request.getFirst();
            return first.type() == CTRL
                    ? List.of(message(CTRL, 0, first.sequence(), attribute(1, u16(FAMILY))))
                    : script.answer(request);
        });
    }

    private static GenericNetlink connect(ScriptedChannel channel) {
        return GenericNetlink.connect(channel, "TEST", 1, "test_module");
    }

    private static GenericNetlink answering(Script script) {
        return connect(channel(script));
    }

    private static byte[] entry(Message request, int flags, long value) {
        return message(FAMILY, flags, request.sequence(), attribute(1, u32(value)));
    }

    private static List<Long> dump(GenericNetlink netlink) {
        return netlink.dump("read everything", COMMAND, body -> {}, reply -> reply.require(VALUE));
    }

    @Nested
    class FamilyLookup {

        @Test
        void asksTheControllerByName() {
            ScriptedChannel channel = channel(request -> List.of());

            assertThat(connect(channel)).isNotNull();

            assertThat(channel.sent()).hasSize(1);
            assertThat(HexFormat.of().formatHex(channel.sent().getFirst()))
                    .isEqualTo("20000000" + "1000" + "0100" + "02000000" + "00000000" + "03020000" + "0900" + "0200"
                            + "5445535400" + "000000");
            assertThat(channel.closed()).isFalse();
        }

        @Test
        void ofAFamilyThatTheKernelLacksSaysWhatToLoadAndClosesTheChannel() {
            ScriptedChannel channel = new ScriptedChannel(
                    request -> List.of(error(request.getFirst().sequence(), 2)));

            assertThatExceptionOfType(UnsupportedKernelException.class)
                    .isThrownBy(() -> connect(channel))
                    .withMessage("the kernel has no generic netlink family TEST"
                            + " (expected: module test_module, try: modprobe test_module)");
            assertThat(channel.closed()).isTrue();
        }

        @Test
        void thatFailsOtherwiseClosesTheChannel() {
            ScriptedChannel refusing = new ScriptedChannel(
                    request -> List.of(error(request.getFirst().sequence(), 1)));
            ScriptedChannel silent = new ScriptedChannel(request -> List.of());
            ScriptedChannel nameless = new ScriptedChannel(
                    request -> List.of(message(CTRL, 0, request.getFirst().sequence())));

            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> connect(refusing))
                    .withMessage("look up generic netlink family TEST: EPERM (1), not permitted: needs CAP_NET_ADMIN");
            assertThatExceptionOfType(KernelTimeoutException.class).isThrownBy(() -> connect(silent));
            assertThatExceptionOfType(MalformedReplyException.class)
                    .isThrownBy(() -> connect(nameless))
                    .withMessageContaining("CTRL_ATTR_FAMILY_ID");
            assertThat(List.of(refusing.closed(), silent.closed(), nameless.closed()))
                    .containsOnly(true);
        }

        @Test
        void givesTheNumberThatLaterMessagesCarry() {
            List<Message> seen = new ArrayList<>();
            ScriptedChannel channel = channel(request -> {
                seen.addAll(request);
                return List.of(error(request.getFirst().sequence(), 0));
            });

            connect(channel).command("do it", COMMAND, body -> body.put(VALUE, 7L));

            assertThat(seen).hasSize(1);
            assertThat(seen.getFirst().type()).isEqualTo(FAMILY);
            assertThat(seen.getFirst().command()).isEqualTo(COMMAND);
            assertThat(seen.getFirst().flags()).isEqualTo(MessageFlags.NLM_F_REQUEST | MessageFlags.NLM_F_ACK);
        }

        @Test
        void usesNoSequenceNumberThatLaterMessagesUse() {
            List<Integer> sequences = new ArrayList<>();
            ScriptedChannel channel = new ScriptedChannel(request -> {
                Message first = request.getFirst();
                sequences.add(first.sequence());
                return first.type() == CTRL
                        ? List.of(message(CTRL, 0, first.sequence(), attribute(1, u16(FAMILY))))
                        : List.of(error(first.sequence(), 0));
            });
            GenericNetlink netlink = connect(channel);

            netlink.command("do it", COMMAND, body -> {});
            netlink.command("do it", COMMAND, body -> {});

            assertThat(sequences).hasSize(3).doesNotHaveDuplicates();
        }

        @Test
        void closesTheChannelWithTheConnection() {
            ScriptedChannel channel = channel(request -> List.of());

            connect(channel).close();

            assertThat(channel.closed()).isTrue();
        }
    }

    @Nested
    class Commands {

        @Test
        void endWithTheirAcknowledgement() {
            ScriptedChannel channel =
                    channel(request -> List.of(error(request.getFirst().sequence(), 0)));

            connect(channel).command("do it", COMMAND, body -> {});

            assertThat(channel.dry()).isTrue();
        }

        @Test
        void thatAreRefusedSayWhatTheKernelSaid() {
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> answering(request ->
                                    List.of(errorCapped(request.getFirst().sequence(), 22, "no such thing")))
                            .command("do it", COMMAND, body -> {}))
                    .withMessage("do it: EINVAL (22), invalid argument: no such thing");
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> answering(request -> List.of(errorWithEcho(
                                    request.getFirst().sequence(),
                                    22,
                                    concat(
                                            header(
                                                    28,
                                                    FAMILY,
                                                    5,
                                                    request.getFirst().sequence()),
                                            new byte[12]),
                                    "no such thing")))
                            .command("do it", COMMAND, body -> body.put(VALUE, 7L)))
                    .withMessage("do it: EINVAL (22), invalid argument: no such thing");
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> answering(
                                    request -> List.of(error(request.getFirst().sequence(), 1)))
                            .command("do it", COMMAND, body -> {}))
                    .withMessage("do it: EPERM (1), not permitted: needs CAP_NET_ADMIN");
        }

        @Test
        void skipAnswersToAnAbandonedRequest() {
            GenericNetlink netlink = answering(request -> {
                int sequence = request.getFirst().sequence();
                return List.of(
                        error(sequence - 1, 22),
                        datagram(done(sequence - 2), error(sequence - 1, 17), error(sequence, 0)));
            });

            netlink.command("do it", COMMAND, body -> {});
        }

        @Test
        void thatNobodyAnswersTimeOut() {
            assertThatExceptionOfType(KernelTimeoutException.class)
                    .isThrownBy(() -> answering(request -> List.of()).command("do it", COMMAND, body -> {}));
        }
    }

    @Nested
    class Requests {

        @Test
        void giveTheirOneAnswer() {
            GenericNetlink netlink = answering(request -> List.of(datagram(
                    message(FAMILY, 0, request.getFirst().sequence() - 1, attribute(1, u32(1))),
                    entry(request.getFirst(), 0, 9))));

            assertThat(netlink.request("read it", COMMAND, body -> {}).require(VALUE))
                    .isEqualTo(9);
        }

        @Test
        void thatAreRefusedSayWhatTheKernelSaid() {
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> answering(request ->
                                    List.of(errorCapped(request.getFirst().sequence(), 3, "gone")))
                            .request("read it", COMMAND, body -> {}))
                    .withMessage("read it: ESRCH (3), no such virtual server: gone")
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(3));
        }
    }

    @Nested
    class Dumps {

        @Test
        void comeInSeveralDatagrams() {
            List<Message> seen = new ArrayList<>();
            GenericNetlink netlink = answering(request -> {
                seen.addAll(request);
                Message first = request.getFirst();
                return List.of(
                        datagram(entry(first, 2, 1), entry(first, 2, 2)),
                        datagram(entry(first, 2, 3)),
                        datagram(),
                        done(first.sequence()));
            });

            assertThat(dump(netlink)).containsExactly(1L, 2L, 3L);
            assertThat(seen.getFirst().flags()).isEqualTo(MessageFlags.NLM_F_REQUEST | MessageFlags.NLM_F_DUMP);
        }

        @Test
        void mayBeEmpty() {
            assertThat(dump(answering(request -> List.of(done(request.getFirst().sequence())))))
                    .isEmpty();
        }

        @Test
        void mayEndInTheDatagramOfTheirEntriesAndHoldNoops() {
            assertThat(dump(answering(request -> {
                        Message first = request.getFirst();
                        return List.of(datagram(
                                message(MessageFlags.NLMSG_NOOP, 0, first.sequence()),
                                entry(first, 2, 1),
                                done(first.sequence())));
                    })))
                    .containsExactly(1L);
        }

        @Test
        void thatAreRefusedThrow() {
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> dump(answering(
                            request -> List.of(error(request.getFirst().sequence(), 1)))))
                    .withMessage("read everything: EPERM (1), not permitted: needs CAP_NET_ADMIN");
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> dump(answering(request -> List.of(
                            entry(request.getFirst(), 2, 1),
                            doneWithError(request.getFirst().sequence(), 12)))))
                    .withMessage("read everything: ENOMEM (12), out of memory");
        }

        @Test
        void thatWereDisturbedStartAgain() {
            AtomicInteger tries = new AtomicInteger();
            GenericNetlink netlink = answering(request -> {
                Message first = request.getFirst();
                boolean disturbed = tries.incrementAndGet() < 3;
                return List.of(
                        entry(first, disturbed ? 2 | MessageFlags.NLM_F_DUMP_INTR : 2, tries.get()),
                        done(first.sequence()));
            });

            assertThat(dump(netlink)).containsExactly(3L);
            assertThat(tries).hasValue(3);
        }

        @Test
        void thatAreDisturbedEveryTimeAreTakenAsTheyAreAfterFiveTries() {
            AtomicInteger tries = new AtomicInteger();
            GenericNetlink netlink = answering(request -> {
                Message first = request.getFirst();
                return List.of(
                        entry(first, 2 | MessageFlags.NLM_F_DUMP_INTR, tries.incrementAndGet()),
                        done(first.sequence()));
            });

            assertThat(dump(netlink)).containsExactly(5L);
            assertThat(tries).hasValue(5);
        }

        @Test
        void skipEntriesOfAnAbandonedDump() {
            GenericNetlink netlink = answering(request -> {
                Message first = request.getFirst();
                byte[] stale = message(FAMILY, 2, first.sequence() - 1, attribute(1, u32(66)));
                return List.of(
                        datagram(stale, done(first.sequence() - 1)),
                        datagram(entry(first, 2, 1), stale),
                        done(first.sequence()));
            });

            assertThat(dump(netlink)).containsExactly(1L);
        }

        @Test
        void whoseValuesCannotBeAreMalformed() {
            GenericNetlink netlink = answering(request -> List.of(
                    entry(request.getFirst(), 2, 1), done(request.getFirst().sequence())));

            assertThatExceptionOfType(MalformedReplyException.class)
                    .isThrownBy(() -> netlink.dump("read everything", COMMAND, body -> {}, reply -> {
                        throw new IllegalArgumentException("port 70000 (expected: 0..65535)");
                    }))
                    .withMessageContaining("read everything")
                    .withMessageContaining("port 70000 (expected: 0..65535)");
        }
    }

    @Nested
    class Batches {

        private final List<List<Message>> datagrams = new ArrayList<>();

        private void recordRefusal(int index, int errno, String text) {
            refused.add(index + ":" + errno + ":" + text);
        }

        /** Acknowledges the last message of each datagram, and refuses those whose value {@code refusals} holds. */
        private GenericNetlink kernel(List<Integer> refusals) {
            AtomicInteger index = new AtomicInteger();
            return answering(request -> {
                datagrams.add(request);
                List<byte[]> answers = new ArrayList<>();
                for (int i = 0; i < request.size(); i++) {
                    Message message = request.get(i);
                    if (refusals.contains(index.getAndIncrement())) {
                        answers.add(errorCapped(message.sequence(), 17, "twice"));
                    } else if ((message.flags() & MessageFlags.NLM_F_ACK) != 0) {
                        answers.add(error(message.sequence(), 0));
                    }
                }
                return answers;
            });
        }

        private void send(GenericNetlink netlink, int messages, Attr.Body body) {
            GenericNetlink.Batch batch = netlink.batch(this::recordRefusal);
            for (int i = 0; i < messages; i++) {
                batch.add(COMMAND, body);
            }
            batch.flush();
        }

        private List<Integer> sizes() {
            return datagrams.stream().map(List::size).toList();
        }

        @Test
        void areSentInDatagramsOfAtMost512Messages() {
            send(kernel(List.of()), 1_025, body -> body.put(VALUE, 1L));

            assertThat(sizes()).containsExactly(512, 512, 1);
            assertThat(refused).isEmpty();
        }

        @Test
        void areSentInDatagramsOfAtMostSixtyThousandBytes() {
            ScriptedChannel channel = channel(request -> {
                datagrams.add(request);
                return List.of(error(request.getLast().sequence(), 0));
            });

            send(connect(channel), 300, body -> body.put(LONG, new byte[480]));

            assertThat(sizes()).containsExactly(119, 119, 62);
            assertThat(channel.sent().stream().skip(1)).allMatch(bytes -> bytes.length <= 60_000);
        }

        @Test
        void askForAnAcknowledgementOfTheLastMessageOfEachDatagramOnly() {
            send(kernel(List.of()), 1_025, body -> {});

            for (List<Message> datagram : datagrams) {
                assertThat(datagram.getLast().flags()).isEqualTo(MessageFlags.NLM_F_REQUEST | MessageFlags.NLM_F_ACK);
                assertThat(datagram.subList(0, datagram.size() - 1))
                        .allMatch(message -> message.flags() == MessageFlags.NLM_F_REQUEST);
            }
        }

        @Test
        void ofNothingSendNothing() {
            send(kernel(List.of()), 0, body -> {});

            assertThat(datagrams).isEmpty();
        }

        @Test
        void tellWhichCommandsWereRefusedAcrossDatagrams() {
            send(kernel(List.of(0, 511, 512, 700, 1_023, 1_024, 1_029)), 1_030, body -> {});

            assertThat(refused)
                    .containsExactly(
                            "0:17:twice",
                            "511:17:twice",
                            "512:17:twice",
                            "700:17:twice",
                            "1023:17:twice",
                            "1024:17:twice",
                            "1029:17:twice");
            assertThat(sizes()).containsExactly(512, 512, 6);
        }

        @Test
        void skipAnswersToAnAbandonedBatch() {
            GenericNetlink netlink = answering(request -> {
                int first = request.getFirst().sequence();
                int last = request.getLast().sequence();
                return List.of(
                        error(first - 1, 22),
                        done(first),
                        message(FAMILY, 0, last),
                        datagram(error(last + 1, 22), error(first + 1, 17)),
                        error(last, 0));
            });

            send(netlink, 3, body -> {});

            assertThat(refused).containsExactly("1:17:");
        }

        @Test
        void countFromZeroEachTime() {
            GenericNetlink netlink = kernel(List.of(1, 3));

            send(netlink, 2, body -> {});
            send(netlink, 2, body -> {});

            assertThat(refused).containsExactly("1:17:twice", "1:17:twice");
        }

        @Test
        void startAfreshAfterOneThatFailed() {
            AtomicInteger sends = new AtomicInteger();
            GenericNetlink netlink = answering(request -> {
                datagrams.add(request);
                return sends.getAndIncrement() == 0
                        ? List.of()
                        : List.of(error(request.getLast().sequence(), 0));
            });
            assertThatExceptionOfType(KernelTimeoutException.class).isThrownBy(() -> send(netlink, 3, body -> {}));

            send(netlink, 2, body -> {});

            assertThat(sizes()).containsExactly(3, 2);
        }
    }
}
