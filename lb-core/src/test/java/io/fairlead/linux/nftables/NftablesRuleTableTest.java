package io.fairlead.linux.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.kernel.UnsupportedKernelException;
import io.fairlead.core.model.PacketRules;
import io.fairlead.core.model.PacketRulesFixtures;
import io.fairlead.linux.wire.MessageFlags;
import io.fairlead.linux.wire.Replies;
import io.fairlead.linux.wire.ScriptedChannel;
import io.fairlead.linux.wire.ScriptedChannel.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire, without a kernel; that a kernel takes it as meant is shown in the lab. */
class NftablesRuleTableTest {

    private static final int NEWGEN = NftablesAttributes.NFNL_SUBSYS_NFTABLES << 8 | 15;
    private static final PacketRules WEB =
            PacketRulesFixtures.marking(PacketRulesFixtures.tcp("192.0.2.10", "80"), 0x1000_0001L);

    private final List<Message> sent = new ArrayList<>();

    private NftablesRuleTable table(ScriptedChannel.Script script) {
        ScriptedChannel channel = new ScriptedChannel(request -> {
            sent.addAll(request);
            return script.answer(request);
        });
        return NftablesRuleTable.over(() -> channel);
    }

    private static List<byte[]> acknowledged(List<Message> request) {
        return List.of(Replies.error(request.get(request.size() - 2).sequence(), 0));
    }

    private static int type(int message) {
        return NftablesAttributes.NFNL_SUBSYS_NFTABLES << 8 | message;
    }

    @Test
    void aTransactionIsOneDatagramBetweenTwoMarkers() {
        List<Integer> datagrams = new ArrayList<>();
        NftablesRuleTable table = table(request -> {
            datagrams.add(request.size());
            return acknowledged(request);
        });

        table.replace(WEB);

        assertThat(datagrams).hasSize(1);
        assertThat(sent)
                .extracting(Message::type)
                .containsExactly(
                        0x10, type(0), // a table, so that there is one to delete
                        type(2), type(0), type(9), // the map
                        type(3), // output and prerouting
                        type(3), type(12), type(6), type(6), 0x11);
        assertThat(sent)
                .filteredOn(message -> (message.flags() & MessageFlags.NLM_F_ACK) != 0)
                .containsExactly(sent.get(sent.size() - 2));
    }

    @Test
    void noRulesAreADeletedTable() {
        table(NftablesRuleTableTest::acknowledged).replace(PacketRules.NONE);

        assertThat(sent).extracting(Message::type).containsExactly(0x10, type(0), type(2), 0x11);
    }

    @Test
    void thousandsOfElementsAreSplitIntoMessagesThatFit() {
        PacketRules rules = PacketRulesFixtures.random(new Random(1), 20_000);

        table(NftablesRuleTableTest::acknowledged).replace(rules);

        assertThat(sent).filteredOn(message -> message.type() == type(12)).hasSizeGreaterThan(40);
    }

    @Test
    void theFirstRefusalIsThrown() {
        NftablesRuleTable table = table(request -> List.of(
                Replies.errorCapped(request.get(4).sequence(), Errno.EOPNOTSUPP, "no such set type"),
                Replies.error(request.get(request.size() - 2).sequence(), Errno.ENOENT)));

        assertThatThrownBy(() -> table.replace(WEB))
                .isInstanceOf(ErrnoException.class)
                .hasMessage("write nf_tables table inet fairlead: EOPNOTSUPP (95), not supported: no such set type");
    }

    @Test
    void aFailureOfTheWholeIsThrownThoughTheLastMessageIsAcknowledged() {
        NftablesRuleTable table = table(request -> List.of(Replies.datagram(
                Replies.error(request.getFirst().sequence(), Errno.ENOMEM),
                Replies.error(request.get(request.size() - 2).sequence(), 0))));

        assertThatThrownBy(() -> table.replace(WEB)).hasMessageContaining("ENOMEM");
    }

    @Test
    void withoutPrivilegeOnlyTheMarkerIsAnswered() {
        NftablesRuleTable table =
                table(request -> List.of(Replies.error(request.getFirst().sequence(), Errno.EPERM)));

        assertThatThrownBy(() -> table.replace(WEB)).hasMessageContaining("CAP_NET_ADMIN");
    }

    @Test
    void answersToAnAbandonedRequestAreSkipped() {
        NftablesRuleTable table = table(request -> List.of(
                Replies.error(request.getFirst().sequence() - 1, Errno.ENOENT),
                Replies.error(request.get(request.size() - 2).sequence(), 0)));

        table.replace(WEB);
    }

    @Test
    void aKernelWithoutNfTablesIsSaidToBeOne() {
        NftablesRuleTable without =
                table(request -> List.of(Replies.error(request.getFirst().sequence(), Errno.EINVAL)));
        NftablesRuleTable withoutNetfilter = NftablesRuleTable.over(() -> {
            throw new ErrnoException("open a netlink socket of protocol 12", Errno.EPROTONOSUPPORT, "");
        });

        for (NftablesRuleTable table : List.of(without, withoutNetfilter)) {
            assertThatThrownBy(table::generation)
                    .isInstanceOf(UnsupportedKernelException.class)
                    .hasMessageContaining("modprobe nf_tables");
        }
    }

    @Test
    void readsTheGeneration() {
        NftablesRuleTable table = table(request -> List.of(Replies.message(
                NEWGEN, 0, request.getFirst().sequence(), Replies.attribute(1, new byte[] {0, 0, 1, 2}))));

        assertThat(table.generation()).isEqualTo(258);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void garbageIsAFailureOfTheKernelAndNeverABug(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 400; i++) {
            NftablesRuleTable table = table(request -> {
                Message asked = request.getFirst();
                if (asked.type() == type(16)) {
                    return List.of(Replies.message(
                            NEWGEN, 0, asked.sequence(), Replies.attribute(1, new byte[] {0, 0, 0, 1})));
                }
                byte[] noise = new byte[random.nextInt(120)];
                random.nextBytes(noise);
                byte[] named = Replies.concat(
                        Replies.text(1, "fairlead"),
                        Replies.text(random.nextInt(2, 4), "x"),
                        Replies.nest(4, Arrays.copyOf(noise, noise.length / 4 * 4)));
                return List.of(
                        Replies.message(asked.type(), 0, asked.sequence(), random.nextBoolean() ? noise : named),
                        Replies.done(asked.sequence()));
            });

            try {
                assertThat(table.holds(WEB)).isFalse();
            } catch (KernelException e) {
                assertThat(e).hasMessageNotContaining("null");
            }
        }
    }
}
