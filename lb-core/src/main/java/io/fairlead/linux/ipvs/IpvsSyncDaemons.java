package io.fairlead.linux.ipvs;

import static io.fairlead.linux.ipvs.IpvsAttributes.*;

import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.MalformedReplyException;
import io.fairlead.core.kernel.SyncDaemons;
import io.fairlead.core.model.SyncDaemon;
import io.fairlead.core.model.SyncDaemon.Channel;
import io.fairlead.core.model.SyncRole;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.generic.GenericNetlink;
import io.fairlead.linux.socket.NetlinkSocket;
import io.fairlead.linux.wire.AttributeSet;
import io.fairlead.linux.wire.MessageWriter;
import io.fairlead.linux.wire.NetlinkChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The connection sync daemons of this process's network namespace, over generic netlink. Owned by one platform thread. */
public final class IpvsSyncDaemons implements SyncDaemons, AutoCloseable {

    private static final long STATE_MASTER = 1;
    private static final long STATE_BACKUP = 2;

    private final GenericNetlink ipvs;

    private IpvsSyncDaemons(GenericNetlink ipvs) {
        this.ipvs = ipvs;
    }

    /**
     * Opens the way to the daemons, which makes the kernel load {@code ip_vs} where it can.
     *
     * @throws io.fairlead.core.kernel.UnsupportedKernelException if the kernel has no IPVS
     */
    public static IpvsSyncDaemons open() {
        return over(NetlinkSocket.open(NetlinkSocket.GENERIC));
    }

    /** Speaks through {@code channel}, which is closed with the result. */
    static IpvsSyncDaemons over(NetlinkChannel channel) {
        return new IpvsSyncDaemons(GenericNetlink.connect(channel, FAMILY, VERSION, MODULE));
    }

    @Override
    public List<SyncDaemon> read() {
        return ipvs.dump("read sync daemons", IPVS_CMD_GET_DAEMON, _ -> {}, IpvsSyncDaemons::decode);
    }

    private static SyncDaemon decode(AttributeSet reply) {
        AttributeSet daemon = reply.require(IPVS_CMD_ATTR_DAEMON);
        Optional<IpAddress> group =
                daemon.find(IPVS_DAEMON_ATTR_MCAST_GROUP).or(() -> daemon.find(IPVS_DAEMON_ATTR_MCAST_GROUP6));
        Channel standard = Channel.KERNEL_DEFAULT; // what a kernel before 4.3 has, and does not tell
        return new SyncDaemon(
                role(daemon.require(IPVS_DAEMON_ATTR_STATE)),
                daemon.require(IPVS_DAEMON_ATTR_MCAST_IFN),
                daemon.require(IPVS_DAEMON_ATTR_SYNC_ID).intValue(),
                new Channel(
                        group.orElse(standard.group()),
                        daemon.find(IPVS_DAEMON_ATTR_MCAST_PORT).orElse(standard.port()),
                        daemon.find(IPVS_DAEMON_ATTR_MCAST_TTL).orElse(standard.ttl())),
                daemon.find(IPVS_DAEMON_ATTR_SYNC_MAXLEN_BYTES).orElse(0));
    }

    private static SyncRole role(long state) {
        if (state == STATE_MASTER) {
            return SyncRole.MASTER;
        }
        if (state == STATE_BACKUP) {
            return SyncRole.BACKUP;
        }
        throw new MalformedReplyException("IPVS_DAEMON_ATTR_STATE", 0, state + " (expected: 1 or 2)");
    }

    private static long state(SyncRole role) {
        return switch (role) {
            case MASTER -> STATE_MASTER;
            case BACKUP -> STATE_BACKUP;
        };
    }

    @Override
    public void start(SyncDaemon daemon) {
        ipvs.command(
                "start sync daemon " + daemon,
                IPVS_CMD_NEW_DAEMON,
                out -> out.nest(IPVS_CMD_ATTR_DAEMON, body -> encode(daemon, body)));
    }

    /** What the kernel would take anyway is not written, so that kernels before 4.3 need not know it. */
    private static void encode(SyncDaemon daemon, MessageWriter out) {
        out.put(IPVS_DAEMON_ATTR_STATE, state(daemon.role()))
                .put(IPVS_DAEMON_ATTR_MCAST_IFN, daemon.interfaceName())
                .put(IPVS_DAEMON_ATTR_SYNC_ID, (long) daemon.syncId());
        if (daemon.maxLengthBytes() != 0) {
            out.put(IPVS_DAEMON_ATTR_SYNC_MAXLEN_BYTES, daemon.maxLengthBytes());
        }
        if (!daemon.channel().equals(Channel.KERNEL_DEFAULT)) {
            IpAddress group = daemon.channel().group();
            out.put(
                            group.family() == IpFamily.IPV4
                                    ? IPVS_DAEMON_ATTR_MCAST_GROUP
                                    : IPVS_DAEMON_ATTR_MCAST_GROUP6,
                            group)
                    .put(IPVS_DAEMON_ATTR_MCAST_PORT, daemon.channel().port())
                    .put(IPVS_DAEMON_ATTR_MCAST_TTL, daemon.channel().ttl());
        }
    }

    /**
     * Stops a daemon and asks a question behind it, in one datagram. A daemon that has not come to run yet ends with EINTR, on
     * which netlink acknowledges nothing ({@code netlink_rcv_skb}, seen on 6.1): then the answer to the question alone tells
     * that it is gone.
     */
    @Override
    public boolean stop(SyncRole role) {
        List<ErrnoException> refusals = new ArrayList<>();
        GenericNetlink.Batch batch = ipvs.batch((_, errno, kernelText) ->
                refusals.add(new ErrnoException("stop the sync daemon of role " + role, errno, kernelText)));
        batch.add(
                IPVS_CMD_DEL_DAEMON,
                out -> out.nest(IPVS_CMD_ATTR_DAEMON, body -> body.put(IPVS_DAEMON_ATTR_STATE, state(role))));
        batch.add(IPVS_CMD_GET_INFO, _ -> {});
        batch.flush();
        if (refusals.isEmpty()) {
            return true;
        }
        if (refusals.getFirst().errno() == Errno.ESRCH) {
            return false;
        }
        throw refusals.getFirst();
    }

    @Override
    public void close() {
        ipvs.close();
    }
}
