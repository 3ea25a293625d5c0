package io.fairlead.system.failover;

import io.fairlead.core.kernel.AddressTable;
import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.reconcile.AddressOp;
import io.fairlead.core.time.Ticker;
import io.fairlead.ha.channel.KeyFile;
import io.fairlead.ha.channel.LinkSpec;
import io.fairlead.ha.channel.SealedLink;
import io.fairlead.ha.election.Cause;
import io.fairlead.ha.election.ElectionEvent;
import io.fairlead.ha.election.HelloRole;
import io.fairlead.ha.election.PeerSpec;
import io.fairlead.ha.election.SafetyLevel;
import io.fairlead.ha.election.UnitSpec;
import io.fairlead.ha.peer.PeerHint;
import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.peer.PeerLink;
import io.fairlead.ha.peer.PeerListener;
import io.fairlead.ha.runtime.ElectionObserver;
import io.fairlead.ha.runtime.ElectionRunner;
import io.fairlead.ha.runtime.IsolationTest;
import io.fairlead.ha.runtime.UnitAddresses;
import io.fairlead.ha.runtime.UnitSetup;
import io.fairlead.ha.runtime.UnitStatus;
import io.fairlead.linux.neighbor.PacketNeighborAnnouncer;
import io.fairlead.linux.route.RouteNetlinkAddressTable;
import io.fairlead.linux.socket.NetworkNamespace;
import io.fairlead.system.topology.NetworkHost;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An appliance of a release that is still to come, as far as its peers can tell: the present election and channel, with hellos of
 * a next version that says more. Its records are longer, it has flags and records that nobody knows yet, and it says that the
 * present version can read it. Or one of a release so far away that neither can read the other.
 */
final class LaterNode implements AutoCloseable {

    private static final int VERSION = 2;
    private static final int READABLE_FROM = 1;
    private static final int VERSION_FAR = 9;
    private static final int LOWEST_AT = 3;
    private static final int UNIT = 2;
    private static final int UNHEARD_OF = 9;
    private static final int FLAGS_AT = 4;
    private static final int FLAG_OF_TOMORROW = 1 << 12;
    private static final int MORE_BYTES = 8;

    private final SealedLink link;
    private final RouteNetlinkAddressTable table;
    private final PacketNeighborAnnouncer announcer;
    private final ElectionRunner runner;

    /** Starts it on 192.0.2.2 beside an appliance on 192.0.2.1, with the virtual router 51. */
    static LaterNode readable(NetworkHost host, Path key, int priority) throws KeyFile.Unusable {
        return new LaterNode(host, key, priority, true);
    }

    /** As {@link #readable}, of a release that the present one cannot read and that cannot read the present one. */
    static LaterNode unreadable(NetworkHost host, Path key, int priority) throws KeyFile.Unusable {
        return new LaterNode(host, key, priority, false);
    }

    private LaterNode(NetworkHost host, Path key, int priority, boolean readable) throws KeyFile.Unusable {
        Path namespace = Path.of("/run/netns", host.namespace());
        Listener listener = new Listener(readable);
        PeerId self = new PeerId("192.0.2.2");
        PeerId other = new PeerId("192.0.2.1");
        LinkSpec spec = new LinkSpec(
                "edge",
                self,
                IpAddress.parse("192.0.2.2"),
                LinkSpec.PORT_DEFAULT,
                Optional.empty(),
                List.of(new LinkSpec.PeerAddress(other, IpAddress.parse("192.0.2.1"))),
                Optional.empty());
        var keys = KeyFile.read(key);
        link = NetworkNamespace.call(namespace, () -> {
            SealedLink made = new SealedLink(spec, keys, listener);
            made.start();
            return made;
        });
        table = NetworkNamespace.call(namespace, RouteNetlinkAddressTable::open);
        announcer = NetworkNamespace.call(namespace, PacketNeighborAnnouncer::open);
        runner = new ElectionRunner(new LaterLink(link, readable), new Silent(), Ticker.system());
        listener.runner = runner;
        runner.start();
        runner.update(List.of(new UnitSetup(unit(self, other, priority), new Addresses(), IsolationTest.NONE)));
        runner.tellAll(new ElectionEvent.WarmChanged(true));
    }

    private static UnitSpec unit(PeerId self, PeerId other, int priority) {
        return new UnitSpec(
                51,
                "blue",
                priority,
                true,
                Duration.ZERO,
                Duration.ofMillis(200),
                3,
                SafetyLevel.AVAILABLE,
                Duration.ofSeconds(4),
                Duration.ofMillis(1400),
                false,
                List.of(),
                List.of(
                        new PeerSpec(other.number(), other.name(), IpAddress.parse(other.name()), false),
                        new PeerSpec(self.number(), self.name(), IpAddress.parse(self.name()), false)),
                1);
    }

    HelloRole role() {
        return runner.units().isEmpty()
                ? HelloRole.FAULT
                : runner.units().getFirst().role();
    }

    void handOver() {
        runner.handOver(51);
    }

    /** Stops as an upgrade does: hands over, and says goodbye. */
    @Override
    public void close() {
        runner.close();
        link.close();
        announcer.close();
        table.close();
    }

    /** Says of everything a little more than the present version knows. */
    private record LaterLink(SealedLink link, boolean readable) implements PeerLink {

        @Override
        public List<PeerId> peers() {
            return link.peers();
        }

        @Override
        public boolean send(PeerId peer, ByteBuffer hello) {
            return link.send(peer, later(hello.duplicate(), readable));
        }

        @Override
        public void drain(Runnable then) {
            link.drain(then);
        }

        private static ByteBuffer later(ByteBuffer hello, boolean readable) {
            ByteBuffer out = ByteBuffer.allocate(HELLO_SIZE_MAX);
            out.putShort(hello.getShort());
            out.put((byte) (readable ? VERSION : VERSION_FAR)).put((byte) (readable ? READABLE_FROM : VERSION_FAR));
            hello.getShort();
            out.putLong(hello.getLong());
            out.put((byte) UNHEARD_OF).putShort((short) 3).put(new byte[3]);
            while (hello.hasRemaining()) {
                byte type = hello.get();
                byte[] record = new byte[hello.getShort()];
                hello.get(record);
                if (type == UNIT && !readable) {
                    continue; // says it in another way
                }
                int more = type == UNIT ? MORE_BYTES : 0;
                out.put(type).putShort((short) (record.length + more));
                int at = out.position();
                out.put(record).put(new byte[more]);
                if (type == UNIT) {
                    out.putShort(at + FLAGS_AT, (short) (out.getShort(at + FLAGS_AT) | FLAG_OF_TOMORROW));
                }
            }
            return out.flip();
        }
    }

    /** Stands between link and runner, which need each other. */
    private static final class Listener implements PeerListener {
        private final boolean readable;
        private volatile @Nullable ElectionRunner runner;

        private Listener(boolean readable) {
            this.readable = readable;
        }

        @Override
        public void helloReceived(PeerId peer, long boot, ByteBuffer hello, long arrivalNanos) {
            ByteBuffer heard = ByteBuffer.allocate(hello.remaining()).put(hello).flip();
            if (!readable) {
                heard.put(LOWEST_AT, (byte) VERSION_FAR); // as far from it as it is from the other
            }
            Optional.ofNullable(runner).ifPresent(to -> to.helloReceived(peer, boot, heard, arrivalNanos));
        }

        @Override
        public void hinted(PeerHint hint) {
            Optional.ofNullable(runner).ifPresent(to -> to.hinted(hint));
        }
    }

    private static final class Silent implements ElectionObserver {
        @Override
        public void roleChanged(UnitStatus before, UnitStatus now) {}

        @Override
        public void noted(UnitStatus unit, Cause cause) {}
    }

    /** The address in the kernel of its host. */
    private final class Addresses implements UnitAddresses {

        private static final InterfaceAddressKey KEY =
                new InterfaceAddressKey("eth0", IpAddress.parse(ElectedAppliances.VIP), 32);

        private AddressTable.@Nullable PreparedOps removing;

        @Override
        public boolean hold(long lifetimeNanos) {
            Duration lifetime = Duration.ofSeconds(Math.ceilDiv(lifetimeNanos, 1_000_000_000L));
            return table.apply(List.of(new AddressOp.RenewAddress(new InterfaceAddress(KEY, Optional.of(lifetime)))))
                    .failures()
                    .isEmpty();
        }

        @Override
        public boolean remove() {
            Objects.requireNonNull(removing).run();
            return true;
        }

        @Override
        public void announce() {
            announcer.prepare(List.of(KEY), table.readInterfaces(), false).send();
        }

        @Override
        public void prepare() {
            removing = table.prepare(List.of(new AddressOp.DeleteAddress(KEY)));
        }

        @Override
        public boolean removeAllBut(UnitAddresses successor) {
            return remove();
        }
    }
}
