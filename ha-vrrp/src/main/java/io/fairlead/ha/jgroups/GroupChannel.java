package io.fairlead.ha.jgroups;

import io.fairlead.ha.channel.LinkSpec;
import io.fairlead.ha.channel.SealedLink;
import io.fairlead.ha.peer.PeerGroup;
import io.fairlead.ha.peer.PeerGroupListener;
import io.fairlead.ha.peer.PeerId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.logging.CustomLogFactory;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG2;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.PING;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The peers as a JGroups group. It joins on a thread of its own and tries for ever; nothing waits for it. A member's
 * address is made of its boot and its number, so that no directory is needed to know who it is.
 */
public final class GroupChannel implements PeerGroup, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupChannel.class);
    private static final long PAUSE_FIRST_MILLIS = 1_000;
    private static final long PAUSE_LAST_MILLIS = 30_000;
    /** So that packets fit Ethernet's frames with the seal around them. */
    private static final int FRAGMENT_BYTES = 1_100;

    private static final int BUNDLE_BYTES = 1_300;

    static {
        LogFactory.setCustomLogFactory(new CustomLogFactory() {
            @Override
            public Log getLog(Class<?> type) {
                return new BoundedLog(type.getName());
            }

            @Override
            public Log getLog(String category) {
                return new BoundedLog(category);
            }
        });
    }

    private static final Duration LEAVE_MAX = Duration.ofSeconds(1);

    private final SealedLink link;
    private final LinkSpec spec;
    private final PeerGroupListener listener;
    private final Thread joiner =
            Thread.ofPlatform().name("fairlead-group-join").daemon().unstarted(this::join);
    private volatile @Nullable JChannel channel;
    private volatile Set<PeerId> members = Set.of();
    private volatile boolean closed;

    public GroupChannel(SealedLink link, LinkSpec spec, PeerGroupListener listener) {
        this.link = link;
        this.spec = spec;
        this.listener = listener;
    }

    /** Begins to join; returns at once. */
    public void start() {
        joiner.start();
    }

    @Override
    public Set<PeerId> members() {
        return members;
    }

    @Override
    public boolean publish(byte[] message) {
        JChannel present = channel;
        if (present == null || !present.isConnected()) {
            return false;
        }
        try {
            present.send(new BytesMessage(null, message));
            return true;
        } catch (Exception e) { // JGroups declares no more than this
            LOG.debug("Cannot send to the group", e);
            return false;
        }
    }

    /**
     * Leaves the group, so that the others need not find out, and waits at most a second for that. A channel that is joining
     * cannot be closed before it has joined, which takes as long as whoever it asks is silent: it is left to end by itself,
     * at the latest when it finds nobody, because the link is closed.
     */
    @Override
    public void close() {
        closed = true;
        joiner.interrupt();
        JChannel present = channel;
        if (present == null) {
            return;
        }
        Thread leaving =
                Thread.ofPlatform().name("fairlead-group-leave").daemon().start(present::close);
        try {
            if (!leaving.join(LEAVE_MAX)) {
                LOG.warn("The group of peers is left without a word, as it was being joined");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void join() {
        long pauseMillis = PAUSE_FIRST_MILLIS;
        while (!closed) {
            JChannel made = null;
            try {
                made = unconnected(link, spec).setReceiver(new GroupReceiver());
                channel = made;
                var _ = made.connect(spec.cluster());
                if (closed) {
                    made.close();
                }
                return;
            } catch (Exception e) { // JGroups declares no more than this
                LOG.warn("Cannot join the group of peers, trying again in={}ms reason={}", pauseMillis, e.toString());
                if (made != null) {
                    made.close();
                }
            }
            try {
                Thread.sleep(pauseMillis);
            } catch (InterruptedException _) { // closed
                return;
            }
            pauseMillis = Math.min(PAUSE_LAST_MILLIS, 2 * pauseMillis);
        }
    }

    static JChannel unconnected(SealedLink link, LinkSpec spec) throws Exception {
        SealedTransport transport = new SealedTransport(link, spec.bindAddress(), spec.port());
        transport.setBindAddress(spec.bindAddress().toInetAddress());
        transport.setBindPort(spec.port());
        transport.disableDiagnostics();
        transport.getThreadPool().setMaxThreads(32);
        JChannel made = new JChannel(
                transport,
                new PING(),
                new MERGE3().setMinInterval(1_000).setMaxInterval(3_000),
                new FD_ALL3().setTimeout(3_000).setInterval(750),
                new VERIFY_SUSPECT2().setTimeout(300),
                new NAKACK2().useMcastXmit(false),
                new UNICAST3(),
                new STABLE(),
                new GMS()
                        .setJoinTimeout(500)
                        .setLeaveTimeout(300)
                        .printLocalAddress(false)
                        .setMaxJoinAttempts(0),
                new FRAG2().setFragSize(FRAGMENT_BYTES));
        transport.getBundler().setMaxSize(BUNDLE_BYTES); // there is none before
        return made.setName(spec.self().name())
                .addAddressGenerator(() ->
                        new UUID(link.boot(), Integer.toUnsignedLong(spec.self().number())))
                .setDiscardOwnMessages(true);
    }

    private final class GroupReceiver implements Receiver {

        /** Views come one by one. */
        private Set<Address> before = Set.of();

        @Override
        public void receive(Message message) {
            byte[] bytes = new byte[message.getLength()];
            System.arraycopy(message.getArray(), message.getOffset(), bytes, 0, bytes.length);
            peerOf(message.getSrc()).ifPresent(peer -> listener.messageReceived(peer, bytes));
        }

        @Override
        public void viewAccepted(View view) {
            Set<PeerId> present = new HashSet<>();
            Set<PeerId> joined = new HashSet<>();
            for (Address member : view.getMembers()) {
                peerOf(member).ifPresent(peer -> {
                    present.add(peer);
                    if (!before.contains(member)) { // another boot is another address
                        joined.add(peer);
                    }
                });
            }
            before = Set.copyOf(view.getMembers());
            members = Set.copyOf(present);
            listener.membersChanged(members, joined);
        }
    }

    private Optional<PeerId> peerOf(@Nullable Address member) {
        if (!(member instanceof UUID uuid)) {
            return Optional.empty();
        }
        Map<Long, PeerId> byNumber = new HashMap<>();
        link.peers().forEach(peer -> byNumber.put(Integer.toUnsignedLong(peer.number()), peer));
        return Optional.ofNullable(byNumber.get(uuid.getLeastSignificantBits()));
    }
}
