package io.fairlead.ha.channel;

import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.peer.PeerHint;
import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.peer.PeerLink;
import io.fairlead.ha.peer.PeerListener;
import io.fairlead.ha.seal.Introduction;
import io.fairlead.ha.seal.Introduction.Nonce;
import io.fairlead.ha.seal.KeyRing;
import io.fairlead.ha.seal.SealGate;
import io.fairlead.ha.seal.SealKind;
import io.fairlead.ha.seal.Verdict;
import io.fairlead.ha.seal.Verdict.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link to the peers over UDP. Hellos are sealed and handed to the kernel by the thread that sends them; one thread,
 * {@code fairlead-peers}, receives and does nothing else. It needs no other part of the channel: as long as this thread
 * lives, hellos pass, whatever JGroups believes or does.
 *
 * <p>Each peer has a connected socket, so that the kernel tells us when its host answers that nobody listens there: a
 * process that died is suspected within one hello, and no TCP port has to be open for that. Sockets that cannot be opened
 * or connected yet, as an address or a route is missing, are tried again for ever.
 *
 * <p>All methods may be called by any thread.
 */
public final class SealedLink implements PeerLink, AutoCloseable {

    /** The most bytes of a packet of the group. */
    public static final int PACKET_SIZE_MAX = 60_000;

    private static final Logger LOG = LoggerFactory.getLogger(SealedLink.class);
    private static final int DATAGRAM_SIZE_MAX = 65_535;
    private static final long OPEN_GAP_NANOS = 500_000_000L;
    private static final long CONNECT_GAP_NANOS = 500_000_000L;
    private static final long CHALLENGE_GAP_NANOS = 100_000_000L;
    private static final long SEARCH_GAP_NANOS = 1_000_000_000L;
    private static final long WAIT_MILLIS = 100;
    /** Datagrams read from one socket before the others have their turn. */
    private static final int READ_COUNT_MAX = 64;
    /** More than the kernel can have kept for one socket: what is beyond came later. */
    private static final int DRAIN_COUNT_MAX = 4096;

    private static final long SAME_NAME_LOG_GAP_NANOS = 60_000_000_000L;
    private static final Reason[] REASONS = Reason.values();

    private final LinkSpec spec;
    private final long boot;
    private final PeerListener listener;
    private final LinkSockets sockets;
    private final Selector selector;
    private final SealGate gate;
    private final Outlet hellos;
    private final Outlet packets;
    private final Outlet handshakes;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> drains = new ConcurrentLinkedQueue<>();
    private final AtomicLongArray refused = new AtomicLongArray(REASONS.length);
    private final ByteBuffer datagram = ByteBuffer.allocate(DATAGRAM_SIZE_MAX);
    private final ByteBuffer plain = ByteBuffer.allocate(DATAGRAM_SIZE_MAX);
    private final ByteBuffer introduction = ByteBuffer.allocate(Introduction.LENGTH_MAX);
    private final Thread thread;

    private volatile List<RemotePeer> remotes;
    private volatile List<PeerId> ids;
    private volatile @Nullable GroupListener group;
    private volatile @Nullable DatagramChannel listening;
    private volatile boolean closed;

    /** Owned by the receiving thread, as all below. */
    private @Nullable DatagramChannel multicast;

    private long openTriedNanos;
    private long searchedNanos;
    private long sameNameLoggedNanos;
    private boolean toldThatClosed;

    /**
     * Makes a link; {@link #start} opens its sockets.
     *
     * @throws IllegalArgumentException if two peers have the same name
     */
    public SealedLink(LinkSpec spec, KeyRing ring, PeerListener listener) {
        var random = new SecureRandom();
        this.spec = spec;
        this.boot = random.nextLong();
        this.listener = listener;
        this.sockets = new LinkSockets(spec);
        this.gate = new SealGate(
                ring,
                spec.cluster(),
                spec.self(),
                boot,
                spec.peerIds(),
                spec.multicastGroup().isPresent(),
                random);
        var counter = new AtomicLong();
        this.hellos = new Outlet(spec.cluster(), spec.self(), boot, counter, ring, HELLO_SIZE_MAX);
        this.packets = new Outlet(spec.cluster(), spec.self(), boot, counter, ring, PACKET_SIZE_MAX);
        this.handshakes = new Outlet(spec.cluster(), spec.self(), boot, counter, ring, Introduction.LENGTH_MAX);
        this.ids = spec.peerIds();
        try {
            this.selector = Selector.open();
            List<RemotePeer> configured = new ArrayList<>();
            for (LinkSpec.PeerAddress peer : spec.peers()) {
                configured.add(new RemotePeer(peer.peer(), peer.address()));
            }
            this.remotes = List.copyOf(configured);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open a selector", e);
        }
        long past = System.nanoTime() - SAME_NAME_LOG_GAP_NANOS;
        this.openTriedNanos = past;
        this.searchedNanos = past;
        this.sameNameLoggedNanos = past;
        this.thread = Thread.ofPlatform().name("fairlead-peers").unstarted(this::run);
    }

    /** Begins to receive. Returns at once, also if the sockets cannot be opened yet. */
    public void start() {
        thread.start();
    }

    /** Returns the random number of this start. */
    public long boot() {
        return boot;
    }

    @Override
    public List<PeerId> peers() {
        return ids;
    }

    /** Returns the peer with this address. */
    public Optional<PeerId> peerAt(IpAddress address) {
        return remotes.stream()
                .filter(remote -> remote.address.equals(address))
                .map(remote -> remote.id)
                .findFirst();
    }

    @Override
    public boolean send(PeerId peer, ByteBuffer hello) {
        if (hello.remaining() > HELLO_SIZE_MAX) {
            throw new IllegalArgumentException(
                    "hello of " + hello.remaining() + " bytes (expected: at most " + HELLO_SIZE_MAX + ")");
        }
        RemotePeer remote = remote(peer);
        remote.hellosSent.incrementAndGet();
        boolean sent = hellos.send(SealKind.HELLO, remote, hello);
        wakeIfRefusing(remote);
        return sent;
    }

    /**
     * Sends a packet of the group.
     *
     * @return whether the kernel took it
     * @throws IllegalArgumentException if the packet is longer than {@link #PACKET_SIZE_MAX} or the peer is unknown
     */
    public boolean sendPacket(PeerId peer, ByteBuffer packet) {
        if (packet.remaining() > PACKET_SIZE_MAX) {
            throw new IllegalArgumentException(
                    "packet of " + packet.remaining() + " bytes (expected: at most " + PACKET_SIZE_MAX + ")");
        }
        RemotePeer remote = remote(peer);
        boolean sent = remote.proven && packets.send(SealKind.GROUP, remote, packet);
        wakeIfRefusing(remote);
        return sent;
    }

    /** Who gets the packets of the group from now on. */
    public void listen(GroupListener listener) {
        group = listener;
    }

    @Override
    public void drain(Runnable then) {
        drains.add(then);
        var _ = selector.wakeup();
    }

    /** Seals and opens with these keys from now on. */
    public void use(KeyRing ring) {
        tasks.add(() -> gate.use(ring));
        var _ = selector.wakeup();
        hellos.use(ring);
        packets.use(ring);
        handshakes.use(ring);
    }

    /** Returns what has been counted so far. */
    public LinkStats stats() {
        Map<Reason, Long> counts = new EnumMap<>(Reason.class);
        for (int i = 0; i < REASONS.length; i++) {
            if (refused.get(i) > 0) {
                counts.put(REASONS[i], refused.get(i));
            }
        }
        return new LinkStats(
                listening != null, remotes.stream().map(RemotePeer::stats).toList(), counts);
    }

    /** Says goodbye and closes the sockets. */
    @Override
    public void close() {
        closed = true;
        var _ = selector.wakeup();
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
            try {
                thread.join();
            } catch (InterruptedException _) { // given back below
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private RemotePeer remote(PeerId peer) {
        for (RemotePeer remote : remotes) {
            if (remote.id.equals(peer)) {
                return remote;
            }
        }
        throw new IllegalArgumentException("no peer " + peer + " (expected: one of " + ids + ")");
    }

    private void wakeIfRefusing(RemotePeer remote) {
        if (remote.refusing) {
            var _ = selector.wakeup();
        }
    }

    // ---- the receiving thread ----

    private void run() {
        try {
            while (!closed) {
                turn();
            }
            sayGoodbye();
        } catch (IOException e) {
            LOG.error("Stopped to listen to the peers: the selector failed", e);
        } finally {
            closeAll();
        }
    }

    private void turn() throws IOException {
        long now = System.nanoTime();
        openIfDue(now);
        connectWhereDue(now);
        challengeWhereDue(now);
        searchIfDue(now);
        var _ = selector.select(WAIT_MILLIS);
        selector.selectedKeys().clear();
        runAll(tasks, tasks.size());
        int drainCount = drains.size();
        int countMax = drainCount == 0 ? READ_COUNT_MAX : DRAIN_COUNT_MAX;
        boolean more = readFrom(listening, null, countMax);
        more |= readFrom(multicast, null, countMax);
        for (RemotePeer remote : remotes) {
            more |= readFrom(remote.channel, remote, countMax);
        }
        if (more) {
            var _ = selector.wakeup(); // the next select returns at once
        }
        runAll(drains, drainCount);
        for (RemotePeer remote : remotes) {
            tellIfRefusing(remote);
        }
    }

    private void runAll(Queue<Runnable> queue, int count) {
        for (int i = 0; i < count; i++) {
            Runnable task = queue.poll();
            if (task != null) {
                guarded(task);
            }
        }
    }

    /** A mistake of the listener must not end the hearing of peers. */
    private static void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.error("A listener to the peers failed", e);
        }
    }

    private void openIfDue(long now) {
        if (listening != null || now - openTriedNanos < OPEN_GAP_NANOS) {
            return;
        }
        openTriedNanos = now;
        DatagramChannel main = null;
        try {
            main = sockets.listening();
            if (spec.multicastGroup().isPresent()) {
                sockets.letMulticast(main);
                DatagramChannel hearing =
                        sockets.multicast(spec.multicastGroup().get());
                multicast = hearing;
                watch(hearing);
            }
            watch(main);
            listening = main;
            toldThatClosed = false;
            LOG.info("Listening to peers address={} port={}", spec.bindAddress(), spec.port());
        } catch (IOException | UnsupportedOperationException e) {
            closeQuietly(main);
            closeQuietly(multicast);
            multicast = null;
            if (!toldThatClosed) {
                toldThatClosed = true;
                LOG.warn(
                        "Cannot listen to peers yet, trying on address={} port={} reason={}",
                        spec.bindAddress(),
                        spec.port(),
                        e.getMessage());
            }
        }
    }

    private void watch(DatagramChannel channel) throws ClosedChannelException {
        var _ = channel.register(selector, SelectionKey.OP_READ);
    }

    private void connectWhereDue(long now) {
        if (listening == null) {
            return;
        }
        for (RemotePeer remote : remotes) {
            if (remote.channel == null && now - remote.connectTriedNanos >= CONNECT_GAP_NANOS) {
                remote.connectTriedNanos = now;
                connect(remote);
            }
        }
    }

    private void connect(RemotePeer remote) {
        DatagramChannel channel = null;
        try {
            channel = sockets.connected(sockets.socketAddress(remote.address));
            watch(channel);
            remote.channel = channel;
        } catch (IOException _) { // no route to it yet; shown as unsendable, tried again
            closeQuietly(channel);
        }
    }

    private void challengeWhereDue(long now) {
        for (RemotePeer remote : remotes) {
            if (!remote.proven && now - remote.challengedNanos >= CHALLENGE_GAP_NANOS) {
                challenge(remote, now);
            }
        }
    }

    private void challenge(RemotePeer remote, long now) {
        remote.challengedNanos = now;
        introduce(SealKind.CHALLENGE, remote, gate.challenge(remote.id, now));
    }

    private void searchIfDue(long now) throws ClosedChannelException {
        if (multicast == null || now - searchedNanos < SEARCH_GAP_NANOS) {
            return;
        }
        searchedNanos = now;
        InetSocketAddress to =
                new InetSocketAddress(spec.multicastGroup().orElseThrow().toInetAddress(), spec.port());
        try {
            handshakes.sendToAll(SealKind.CHALLENGE, introduction(gate.challengeToAll(now)), listening, to);
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException _) { // the interface is down; tried again in a second
        }
    }

    private void introduce(SealKind kind, RemotePeer to, Nonce nonce) {
        var _ = handshakes.send(kind, to, introduction(nonce));
    }

    private ByteBuffer introduction(Nonce nonce) {
        introduction.clear();
        new Introduction(nonce, spec.self(), spec.bindAddress(), spec.port()).write(introduction);
        return introduction.flip();
    }

    /** Returns whether there may be more to read. */
    private boolean readFrom(@Nullable DatagramChannel channel, @Nullable RemotePeer remote, int countMax) {
        if (channel == null) {
            return false;
        }
        for (int i = 0; i < countMax; i++) {
            datagram.clear();
            SocketAddress from;
            try {
                from = channel.receive(datagram);
                if (from == null) {
                    return false;
                }
            } catch (PortUnreachableException _) {
                if (remote != null) {
                    remote.refusing = true;
                }
                continue;
            } catch (IOException _) { // the kernel reports what became of an earlier datagram; no more than that
                continue;
            }
            judge(from, System.nanoTime());
        }
        return true;
    }

    private void judge(SocketAddress from, long arrivalNanos) {
        switch (gate.judge(datagram.flip(), plain, arrivalNanos)) {
            case Verdict.Content content -> deliver(content, arrivalNanos);
            case Verdict.Challenged(Introduction by, boolean known) -> answer(by, known, arrivalNanos);
            case Verdict.Proven proven -> proven(proven);
            case Verdict.Doubted(PeerId peer) -> challenge(remote(peer), arrivalNanos);
            case Verdict.Refused(Reason reason) -> refused(reason, from, arrivalNanos);
        }
    }

    private void deliver(Verdict.Content content, long arrivalNanos) {
        RemotePeer remote = remote(content.peer());
        remote.noteHeard();
        switch (content.kind()) {
            case HELLO -> {
                remote.hellosReceived.incrementAndGet();
                guarded(() -> listener.helloReceived(remote.id, content.boot(), plain, arrivalNanos));
            }
            case GROUP -> {
                GroupListener packetListener = group;
                if (packetListener != null) {
                    guarded(() -> packetListener.packetReceived(remote.id, remote.address, plain));
                }
            }
            case GOODBYE -> guarded(() -> listener.hinted(new PeerHint.Left(remote.id)));
            case CHALLENGE, PROOF -> throw new IllegalStateException("content of kind " + content.kind());
        }
    }

    private void answer(Introduction from, boolean known, long now) {
        RemotePeer remote = find(from.peer());
        if (remote == null) { // not found yet: answer where it says it is, and ask back
            answerStranger(from, now);
            return;
        }
        introduce(SealKind.PROOF, remote, from.nonce());
        if (!known) {
            challenge(remote, now);
        }
    }

    private @Nullable RemotePeer find(PeerId peer) {
        for (RemotePeer remote : remotes) {
            if (remote.id.equals(peer)) {
                return remote;
            }
        }
        return null;
    }

    private void answerStranger(Introduction from, long now) {
        if (from.address().family() != spec.bindAddress().family()) {
            return;
        }
        var stranger = new RemotePeer(from.peer(), from.address());
        connect(stranger);
        DatagramChannel channel = stranger.channel;
        if (channel != null) {
            introduce(SealKind.PROOF, stranger, from.nonce());
            introduce(SealKind.CHALLENGE, stranger, gate.challenge(from.peer(), now));
            closeQuietly(channel); // what it answers comes to the listening socket
        }
    }

    private void proven(Verdict.Proven proven) {
        PeerId peer = proven.by().peer();
        if (proven.found()) {
            add(peer, proven.by().address());
        }
        RemotePeer remote = remote(peer);
        remote.proven = true;
        remote.noteHeard();
        LOG.info("Peer has proven itself peer={} address={}", peer, remote.address);
        guarded(() -> listener.hinted(new PeerHint.Proven(peer, proven.boot())));
    }

    private void add(PeerId peer, IpAddress address) {
        var found = new RemotePeer(peer, address);
        connect(found);
        List<RemotePeer> more = new ArrayList<>(remotes);
        more.add(found);
        remotes = List.copyOf(more);
        ids = more.stream().map(remote -> remote.id).toList();
        LOG.info("Found a peer peer={} address={}", peer, address);
        guarded(() -> listener.hinted(new PeerHint.Found(peer, address)));
    }

    @SuppressWarnings("EnumOrdinal") // an index
    private void refused(Reason reason, SocketAddress from, long now) {
        refused.incrementAndGet(reason.ordinal());
        if (reason == Reason.SAME_NAME && now - sameNameLoggedNanos >= SAME_NAME_LOG_GAP_NANOS) {
            sameNameLoggedNanos = now;
            LOG.error(
                    "Another appliance in cluster {} calls itself {}, too: its datagrams are refused",
                    spec.cluster(),
                    spec.self());
        }
        Optional<String> misfit = reason.misfit();
        if (misfit.isPresent() && from instanceof InetSocketAddress address) {
            refusedOfPeer(address.getAddress(), reason, misfit.get(), now);
        }
    }

    /** Somebody else may have used the address of a peer: this tells of it, and changes nothing. */
    private void refusedOfPeer(InetAddress from, Reason reason, String misfit, long now) {
        for (RemotePeer remote : remotes) {
            if (remote.address.toInetAddress().equals(from) && remote.noteRefusal(reason, now)) {
                LOG.warn(
                        "What comes from a peer is refused peer={} address={} reason=\"{}\"",
                        remote.id,
                        remote.address,
                        misfit);
                guarded(() -> listener.hinted(new PeerHint.Refused(remote.id, remote.address, misfit)));
            }
        }
    }

    private void tellIfRefusing(RemotePeer remote) {
        if (remote.refusing && !remote.suspected) {
            remote.suspected = true;
            guarded(() -> listener.hinted(new PeerHint.Suspected(remote.id)));
        }
        remote.refusing = false;
    }

    private void sayGoodbye() {
        for (RemotePeer remote : remotes) {
            var _ = handshakes.send(
                    SealKind.GOODBYE, remote, introduction.clear().limit(0));
        }
    }

    private void closeAll() {
        closeQuietly(listening);
        closeQuietly(multicast);
        for (RemotePeer remote : remotes) {
            closeQuietly(remote.channel);
            remote.channel = null;
        }
        listening = null;
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("Cannot close the selector", e);
        }
    }

    private static void closeQuietly(@Nullable DatagramChannel channel) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Cannot close a socket", e);
        }
    }
}
