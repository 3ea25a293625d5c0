package io.fairlead.system.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.channel.LinkSpec;
import io.fairlead.ha.channel.LinkSpec.PeerAddress;
import io.fairlead.ha.channel.SealedLink;
import io.fairlead.ha.peer.PeerHint;
import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.peer.PeerListener;
import io.fairlead.ha.seal.KeyRing;
import io.fairlead.linux.socket.NetworkNamespace;
import io.fairlead.system.topology.NetworkHost;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A real link on a host of the topology that says hello every 20 ms, and remembers what came. */
final class LinkedNode implements PeerListener, AutoCloseable {

    static final Duration INTERVAL = Duration.ofMillis(20);
    static final Duration SOON = Duration.ofSeconds(60);

    final PeerId id;
    final SealedLink link;
    final List<PeerHint> hints = new CopyOnWriteArrayList<>();
    private final Map<PeerId, Heard> heard = new ConcurrentHashMap<>();
    private final Thread sender;
    private volatile boolean closed;

    /** What came from one peer. The delay counts from the sending, as both share this machine's clock. */
    record Heard(int count, long longestGapNanos, long lastNanos, List<Long> delaysNanos) {
        Heard and(long sentNanos, long nowNanos) {
            List<Long> delays = new ArrayList<>(delaysNanos);
            delays.add(nowNanos - sentNanos);
            return new Heard(count + 1, Math.max(longestGapNanos, nowNanos - lastNanos), nowNanos, delays);
        }
    }

    private LinkedNode(NetworkHost host, LinkSpec spec, KeyRing ring) {
        this.id = spec.self();
        this.link = NetworkNamespace.call(Path.of("/run/netns", host.namespace()), () -> {
            SealedLink made = new SealedLink(spec, ring, this);
            made.start(); // its thread is born here, and so are its sockets
            return made;
        });
        this.sender = Thread.ofPlatform().name("hellos of " + id).start(this::sendHellos);
    }

    static LinkedNode start(NetworkHost host, KeyRing ring, String address, Map<String, String> peers) {
        List<PeerAddress> addresses = peers.entrySet().stream()
                .map(each -> new PeerAddress(new PeerId(each.getKey()), IpAddress.parse(each.getValue())))
                .toList();
        return new LinkedNode(host, spec(host, address, addresses, Optional.empty()), ring);
    }

    static LinkedNode startFinding(NetworkHost host, KeyRing ring, String address, String group) {
        return new LinkedNode(host, spec(host, address, List.of(), Optional.of(IpAddress.parse(group))), ring);
    }

    private static LinkSpec spec(NetworkHost host, String address, List<PeerAddress> peers, Optional<IpAddress> group) {
        return new LinkSpec(
                "edge",
                new PeerId(host.name()),
                IpAddress.parse(address),
                LinkSpec.PORT_DEFAULT,
                Optional.empty(),
                peers,
                group);
    }

    private void sendHellos() {
        ByteBuffer hello = ByteBuffer.allocate(200);
        while (!closed) {
            hello.clear().putLong(0, System.nanoTime());
            link.sendAll(hello);
            LockSupport.parkNanos(INTERVAL.toNanos());
        }
    }

    @Override
    public void helloReceived(PeerId peer, long boot, ByteBuffer hello, long arrivalNanos) {
        long sent = hello.getLong(hello.position());
        heard.compute(
                peer,
                (_, before) ->
                        (before == null ? new Heard(0, 0, arrivalNanos, List.of()) : before).and(sent, arrivalNanos));
    }

    @Override
    public void hinted(PeerHint hint) {
        hints.add(hint);
    }

    Heard of(LinkedNode peer) {
        return heard.getOrDefault(peer.id, new Heard(0, 0, 0, List.of()));
    }

    /** Forgets all that was heard, so that gaps count from now. */
    void forget() {
        heard.clear();
    }

    boolean hears(LinkedNode peer) {
        return System.nanoTime() - of(peer).lastNanos() < 10 * INTERVAL.toNanos() && of(peer).count() > 0;
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("not within %s: %s", SOON, what).isLessThan(end);
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            sender.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        link.close();
    }
}
