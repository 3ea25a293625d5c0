package io.fairlead.system.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.core.kernel.AddressTable.PreparedOps;
import io.fairlead.core.kernel.AnnouncementReport;
import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.NeighborAnnouncer.PreparedAnnouncement;
import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.reconcile.AddressOp;
import io.fairlead.linux.neighbor.PacketNeighborAnnouncer;
import io.fairlead.linux.route.RouteNetlinkAddressTable;
import io.fairlead.linux.socket.NetworkNamespace;
import io.fairlead.system.topology.Bridge;
import io.fairlead.system.topology.Capture;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two hosts hand addresses to each other, and a client watches whom it believes to have them. */
@Tag("namespace")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before any test
class PacketNeighborAnnouncerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final InterfaceAddressKey IPV4 = new InterfaceAddressKey("eth0", IpAddress.parse("192.0.2.10"), 32);
    private static final InterfaceAddressKey IPV6 =
            new InterfaceAddressKey("eth0", IpAddress.parse("2001:db8::10"), 128);

    private Topology topology;
    private NetworkHost client;
    private Holder left;
    private Holder right;

    /** A host that can take both addresses, announce them, and leave them. */
    private static final class Holder {
        private final RouteNetlinkAddressTable table;
        private final PacketNeighborAnnouncer announcer;
        private final PreparedOps taking;
        private final PreparedOps leaving;
        private final PreparedAnnouncement announcing;
        private final String hardware;

        Holder(NetworkHost host) {
            Path namespace = Path.of("/run/netns", host.namespace());
            table = NetworkNamespace.call(namespace, RouteNetlinkAddressTable::open);
            announcer = NetworkNamespace.call(namespace, PacketNeighborAnnouncer::open);
            taking = table.prepare(Stream.of(IPV4, IPV6)
                    .<AddressOp>map(key -> new AddressOp.RenewAddress(new InterfaceAddress(key, Optional.empty())))
                    .toList());
            leaving = table.prepare(List.of(new AddressOp.DeleteAddress(IPV4), new AddressOp.DeleteAddress(IPV6)));
            announcing = announcer.prepare(List.of(IPV4, IPV6), table.readInterfaces(), false);
            hardware = table.readInterfaces().stream()
                    .filter(status -> status.name().equals("eth0"))
                    .findFirst()
                    .orElseThrow()
                    .hardwareAddress()
                    .orElseThrow()
                    .toString();
        }

        void close() {
            announcer.close();
            table.close();
        }
    }

    @BeforeAll
    void build() {
        assumeTrue(
                Topology.unavailable().isEmpty(), () -> Topology.unavailable().orElseThrow());
        topology = Topology.create();
        Bridge lan = topology.bridge("lan");
        client = topology.host("client");
        NetworkHost first = topology.host("left");
        NetworkHost second = topology.host("right");
        lan.attach(client, "192.0.2.1/24", "2001:db8::1/64");
        lan.attach(first, "192.0.2.2/24", "2001:db8::2/64");
        lan.attach(second, "192.0.2.3/24", "2001:db8::3/64");
        left = new Holder(first);
        right = new Holder(second);
    }

    @AfterAll
    void close() {
        Stream.of(left, right).forEach(holder -> {
            if (holder != null) {
                holder.close();
            }
        });
        if (topology != null) {
            topology.close();
        }
    }

    private String believed(String address) {
        return client.run("ip", "neighbour", "show", address).orThrow().out();
    }

    /** Without traffic, which would ask anew. A busy host may receive a frame some time after it was sent. */
    private void awaitBelief(String address, String hardware) {
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!believed(address).contains(hardware) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        assertThat(believed(address)).contains(hardware);
    }

    private void ping(String address) {
        client.run("ping", "-c1", "-W10", address).orThrow();
    }

    @Test
    void aClientFollowsAtOnceWhereverTheAddressesGo() {
        left.taking.run();
        ping("192.0.2.10");
        ping("2001:db8::10");
        assertThat(believed("192.0.2.10")).contains(left.hardware);
        assertThat(believed("2001:db8::10")).contains(left.hardware);

        Holder from = left;
        Holder to = right;
        for (int i = 0; i < 4; i++) {
            assertThat(from.leaving.run().failures()).isEmpty();
            assertThat(to.taking.run().failures()).isEmpty();
            assertThat(to.announcing.send()).isEqualTo(new AnnouncementReport(3, List.of()));

            awaitBelief("192.0.2.10", to.hardware);
            awaitBelief("2001:db8::10", to.hardware);
            ping("192.0.2.10");
            ping("2001:db8::10");
            Holder other = from;
            from = to;
            to = other;
        }
        from.leaving.run();
    }

    @Test
    void whatIsSentIsWellFormed() {
        try (Capture capture = client.capture("eth0", "-vv", "arp or icmp6")) {
            left.announcing.send();

            capture.await("who-has 192\\.0\\.2\\.10( \\(\\S+\\))? tell 192\\.0\\.2\\.10", PATIENCE);
            capture.await("Reply 192\\.0\\.2\\.10 is-at " + left.hardware, PATIENCE);
            String advertisement = capture.await("neighbor advertisement", PATIENCE);
            assertThat(advertisement).contains("[icmp6 sum ok]", "2001:db8::10 > ff02::1", "Flags [override]");
        }
    }

    @Test
    void anInterfaceWithoutNeighborsHasNobodyToTell() {
        InterfaceAddressKey loopback = new InterfaceAddressKey("lo", IPV4.address(), 32);

        assertThat(left.announcer
                        .prepare(List.of(loopback), left.table.readInterfaces(), false)
                        .send())
                .isEqualTo(new AnnouncementReport(0, List.of()));
    }

    @Test
    void anInterfaceThatIsOffIsNamed() {
        NetworkHost lonely = topology.host("lonely");
        topology.link(lonely, "198.51.100.1/24", topology.host("far"), "198.51.100.2/24");
        Holder holder = new Holder(lonely);
        try {
            lonely.run("ip", "link", "set", "eth0", "down").orThrow();

            assertThat(holder.announcing.send().failures())
                    .hasSize(3)
                    .allSatisfy(failure -> assertThat(failure.errno()).isEqualTo(Errno.ENETDOWN))
                    .first()
                    .extracting(ErrnoException::getMessage)
                    .isEqualTo("announce 192.0.2.10/32 dev eth0: ENETDOWN (100), interface is down");
        } finally {
            holder.close();
        }
    }
}
