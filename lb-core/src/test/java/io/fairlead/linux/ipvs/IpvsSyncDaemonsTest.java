package io.fairlead.linux.ipvs;

import static io.fairlead.linux.wire.Replies.attribute;
import static io.fairlead.linux.wire.Replies.concat;
import static io.fairlead.linux.wire.Replies.done;
import static io.fairlead.linux.wire.Replies.error;
import static io.fairlead.linux.wire.Replies.message;
import static io.fairlead.linux.wire.Replies.nest;
import static io.fairlead.linux.wire.Replies.text;
import static io.fairlead.linux.wire.Replies.u16;
import static io.fairlead.linux.wire.Replies.u32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.MalformedReplyException;
import io.fairlead.core.model.SyncDaemon;
import io.fairlead.core.model.SyncDaemon.Channel;
import io.fairlead.core.model.SyncRole;
import io.fairlead.core.net.IpAddress;
import io.fairlead.linux.wire.ScriptedChannel;
import io.fairlead.linux.wire.ScriptedChannel.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages as a little-endian host sends them, written by hand from include/uapi/linux/ip_vs.h. */
class IpvsSyncDaemonsTest {

    private static final int FAMILY = 29;
    private static final int CTRL = 16;
    private static final int DEL_DAEMON = 10;
    private static final int GET_DAEMON = 11;
    private static final int ATTRIBUTES_AT = 20;

    private final List<byte[]> running = new ArrayList<>();
    private int errno;
    private final ScriptedChannel channel = new ScriptedChannel(this::answer);
    private final IpvsSyncDaemons daemons = IpvsSyncDaemons.over(channel);

    private List<byte[]> answer(List<Message> request) {
        Message message = request.getFirst();
        if (message.type() == CTRL) {
            return List.of(message(CTRL, 0, message.sequence(), attribute(1, u16(FAMILY))));
        }
        if (message.command() == DEL_DAEMON) {
            List<byte[]> answers = new ArrayList<>();
            if (errno != 0 && errno != Errno.EINTR) {
                answers.add(error(message.sequence(), errno));
            }
            answers.add(error(request.getLast().sequence(), 0));
            return answers;
        }
        if (message.command() != GET_DAEMON) {
            return List.of(error(message.sequence(), errno));
        }
        List<byte[]> answers = new ArrayList<>();
        running.forEach(entry -> answers.add(message(FAMILY, 2, message.sequence(), entry)));
        answers.add(done(message.sequence()));
        return answers;
    }

    private byte[] sentAttributes() {
        byte[] sent = channel.sent().getLast();
        return Arrays.copyOfRange(sent, ATTRIBUTES_AT, sent.length);
    }

    @Test
    void startsADaemonAsTheKernelWouldByDefault() {
        daemons.start(new SyncDaemon(SyncRole.MASTER, "eth1", 51, Channel.KERNEL_DEFAULT, 0));

        assertThat(channel.sent().getLast()[16]).isEqualTo((byte) 9);
        assertThat(sentAttributes()).isEqualTo(nest(3, attribute(1, u32(1)), text(2, "eth1"), attribute(3, u32(51))));
    }

    @Test
    void startsADaemonInAnotherGroup() {
        daemons.start(
                new SyncDaemon(SyncRole.BACKUP, "eth1", 0, new Channel(IpAddress.parse("ff05::51"), 9000, 3), 1200));

        assertThat(sentAttributes())
                .isEqualTo(nest(
                        3,
                        attribute(1, u32(2)),
                        text(2, "eth1"),
                        attribute(3, u32(0)),
                        attribute(4, u16(1200)),
                        attribute(6, IpAddress.parse("ff05::51").toBytes()),
                        attribute(7, u16(9000)),
                        attribute(8, new byte[] {3})));
    }

    @Test
    void readsDaemons() {
        byte[] common = concat(text(2, "eth1"), attribute(3, u32(51)));
        running.add(nest(
                3,
                attribute(1, u32(1)),
                common,
                attribute(4, u16(1472)),
                attribute(5, HexFormat.of().parseHex("ef010203")),
                attribute(7, u16(9000)),
                attribute(8, new byte[] {2})));
        running.add(nest(3, attribute(1, u32(2)), common)); // before Linux 4.3

        assertThat(daemons.read())
                .containsExactly(
                        new SyncDaemon(
                                SyncRole.MASTER, "eth1", 51, new Channel(IpAddress.parse("239.1.2.3"), 9000, 2), 1472),
                        new SyncDaemon(SyncRole.BACKUP, "eth1", 51, Channel.KERNEL_DEFAULT, 0));
    }

    @Test
    void aRoleThatNobodyKnowsIsMalformed() {
        running.add(nest(3, attribute(1, u32(3)), text(2, "eth1"), attribute(3, u32(51))));

        assertThatExceptionOfType(MalformedReplyException.class).isThrownBy(daemons::read);
    }

    @Test
    void stopsADaemonOrSaysThatItDidNotRun() {
        assertThat(daemons.stop(SyncRole.BACKUP)).isTrue();
        assertThat(channel.sent().getLast()[16]).isEqualTo((byte) 10);
        assertThat(sentAttributes()).startsWith(nest(3, attribute(1, u32(2))));

        errno = Errno.EINTR; // of a daemon that had not come to run: not told by the kernel
        assertThat(daemons.stop(SyncRole.BACKUP)).isTrue();
        errno = Errno.ESRCH;
        assertThat(daemons.stop(SyncRole.BACKUP)).isFalse();
        errno = Errno.EPERM;
        assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> daemons.stop(SyncRole.BACKUP));
    }

    @Test
    void refusesWhatNoKernelTakes() {
        assertThatThrownBy(() -> new Channel(IpAddress.parse("192.0.2.1"), 8848, 1))
                .hasMessage("sync group 192.0.2.1 (expected: a multicast address)");
        assertThatThrownBy(() -> new Channel(IpAddress.parse("2001:db8::1"), 8848, 1))
                .hasMessageContaining("expected: a multicast address");
        assertThatThrownBy(() -> new SyncDaemon(SyncRole.MASTER, "eth1", 256, Channel.KERNEL_DEFAULT, 0))
                .hasMessage("sync id 256 (expected: 0..255)");
    }
}
