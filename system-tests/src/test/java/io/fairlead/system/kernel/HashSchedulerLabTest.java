package io.fairlead.system.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.model.ConnectionThresholds;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.SchedulerFlag;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.net.TransportProtocol;
import io.fairlead.core.reconcile.IpvsOp;
import io.fairlead.core.schedule.Candidate;
import io.fairlead.core.schedule.HashScheduler;
import io.fairlead.linux.ipvs.IpvsNetlinkTable;
import io.fairlead.linux.ipvs.MaglevSlots;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kernel chooses the real server that {@link HashScheduler} foretells, for thousands of clients. Each client is an
 * address of this host that sends one datagram; the kernel's connection table tells where it went.
 */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HashSchedulerLabTest {

    private static final int CLIENTS = 1_000;
    private static final long SEED = 20260115;
    private static final Path NONLOCAL_BIND = Path.of("/proc/sys/net/ipv6/ip_nonlocal_bind");
    private static final Path CONNECTIONS = Path.of("/proc/net/ip_vs_conn");

    @SuppressWarnings("NullAway.Init") // set before any test
    private IpvsNetlinkTable table;

    /**
     * A virtual server.
     *
     * @param weights of its real servers, in the order in which they are added
     * @param weightsThen what they are changed to afterwards
     */
    record Case(
            int port,
            IpFamily family,
            String scheduler,
            Set<SchedulerFlag> flags,
            List<Integer> weights,
            List<Integer> weightsThen) {

        @Override
        public String toString() {
            return family + " " + scheduler + " " + flags + " " + weights + " then " + weightsThen;
        }

        VirtualServerKey key() {
            return new VirtualServerKey.AddressKey(TransportProtocol.UDP, new ServerAddress(address(), port));
        }

        IpAddress address() {
            return IpAddress.parse(family == IpFamily.IPV4 ? "192.0.2.10" : "2001:db8::10");
        }

        RealServer realServer(int number, int weight) {
            String address = family == IpFamily.IPV4 ? "198.51.100." + (10 + number) : "2001:db8:1::" + (10 + number);
            return new RealServer(
                    new RealServerKey(new ServerAddress(IpAddress.parse(address), 5_000 + number)),
                    ForwardingMethod.MASQUERADE,
                    weight,
                    ConnectionThresholds.NONE);
        }

        IpAddress client(Random random) {
            return IpAddress.parse(
                    family == IpFamily.IPV4
                            ? "10.9." + random.nextInt(256) + "." + (1 + random.nextInt(254))
                            : "2001:db8:9::%x:%x".formatted(random.nextInt(0x10000), 1 + random.nextInt(0xfffe)));
        }
    }

    static Stream<Case> cases() {
        List<Integer> equal = List.of(1, 1, 1, 1, 1);
        List<Integer> varied = List.of(10, 3, 7, 5);
        List<Integer> drained = List.of(10, 3, 7, 0);
        return Stream.of(
                new Case(8001, IpFamily.IPV4, "sh", Set.of(), equal, equal),
                new Case(8002, IpFamily.IPV4, "sh", Set.of(SchedulerFlag.SH_PORT), varied, drained),
                new Case(8003, IpFamily.IPV4, "sh", Set.of(SchedulerFlag.SH_FALLBACK), varied, drained),
                new Case(8004, IpFamily.IPV4, "dh", Set.of(), varied, varied),
                new Case(8005, IpFamily.IPV4, "mh", Set.of(), equal, equal),
                new Case(8006, IpFamily.IPV4, "mh", Set.of(), varied, drained),
                new Case(
                        8007,
                        IpFamily.IPV4,
                        "mh",
                        Set.of(SchedulerFlag.MH_PORT, SchedulerFlag.MH_FALLBACK),
                        List.of(100, 1000, 300, 5),
                        List.of(100, 1000, 300, 0)),
                new Case(8008, IpFamily.IPV6, "sh", Set.of(SchedulerFlag.SH_FALLBACK), varied, drained),
                new Case(8009, IpFamily.IPV6, "mh", Set.of(SchedulerFlag.MH_PORT), varied, varied));
    }

    @BeforeAll
    void makeNetwork() throws IOException, InterruptedException {
        table = IpvsNetlinkTable.open();
        ip("link set lo up");
        ip("address replace 192.0.2.10/32 dev lo");
        ip("address replace 2001:db8::10/128 dev lo");
        ip("route replace local 10.9.0.0/16 dev lo");
        ip("route replace local 2001:db8:9::/64 dev lo");
        Files.writeString(NONLOCAL_BIND, "1"); // a local route makes no address of IPv6 one's own
        ip("link add hash0 type dummy");
        ip("link set hash0 up");
        ip("address add 198.51.100.1/24 dev hash0");
        ip("address add 2001:db8:1::1/64 dev hash0 nodad");
    }

    @AfterAll
    void removeNetwork() throws IOException, InterruptedException {
        table.flush();
        table.close();
        Files.writeString(NONLOCAL_BIND, "0");
        ip("link del hash0");
        ip("route del local 10.9.0.0/16 dev lo");
        ip("route del local 2001:db8:9::/64 dev lo");
        ip("address del 192.0.2.10/32 dev lo");
        ip("address del 2001:db8::10/128 dev lo");
    }

    private static void ip(String words) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(("ip " + words).split(" ", -1)).inheritIO().start();
        assertThat(process.waitFor()).as("ip %s", words).isZero();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theKernelChoosesWhatIsForetold(Case wanted) throws IOException {
        VirtualServer virtualServer = new VirtualServer(
                wanted.key(), new Scheduler(wanted.scheduler()), wanted.flags(), Optional.empty(), false);
        HashScheduler foretelling = HashScheduler.of(
                        virtualServer, make(virtualServer, wanted), MaglevSlots.ofThisKernel())
                .orElseThrow();

        Set<ServerAddress> clients = send(wanted);
        Map<ServerAddress, ServerAddress> chosen = chosen(wanted);

        List<String> wrong = new ArrayList<>();
        for (ServerAddress client : clients) {
            Optional<ServerAddress> foretold = foretelling
                    .choose(client.address(), client.port(), wanted.address())
                    .map(candidate -> candidate.key().address());
            if (!foretold.equals(Optional.ofNullable(chosen.get(client)))) {
                wrong.add(client + ": foretold " + foretold + ", chosen " + chosen.get(client));
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(chosen.size()).as("connections that were made").isGreaterThan(CLIENTS / 4);
    }

    /** Returns the real servers in the kernel's order. */
    private List<Candidate> make(VirtualServer virtualServer, Case wanted) {
        List<IpvsOp> ops = new ArrayList<>(List.of(new IpvsOp.AddVirtualServer(virtualServer)));
        Map<RealServerKey, Candidate> candidates = new HashMap<>();
        for (int i = 0; i < wanted.weights().size(); i++) {
            ops.add(new IpvsOp.AddRealServer(
                    wanted.key(), wanted.realServer(i, wanted.weights().get(i))));
        }
        for (int i = 0; i < wanted.weights().size(); i++) {
            int last = wanted.weights().get(i);
            int now = wanted.weightsThen().get(i);
            RealServer realServer = wanted.realServer(i, now);
            if (now != last) {
                ops.add(new IpvsOp.UpdateRealServer(wanted.key(), realServer));
            }
            candidates.put(realServer.key(), new Candidate(realServer.key(), now, now == 0 ? last : now, false));
        }
        assertThat(table.apply(ops).failures()).isEmpty();
        return table.readStats(wanted.key()).stream()
                .map(stats -> candidates.get(stats.key()))
                .toList();
    }

    /** Sends a datagram from each client. */
    private static Set<ServerAddress> send(Case wanted) throws IOException {
        Random random = new Random(SEED);
        Map<ServerAddress, Boolean> clients = new HashMap<>();
        InetSocketAddress destination = socketAddress(new ServerAddress(wanted.address(), wanted.port()));
        while (clients.size() < CLIENTS) {
            ServerAddress client = new ServerAddress(wanted.client(random), 1024 + random.nextInt(60_000));
            if (clients.putIfAbsent(client, true) == null) {
                try (DatagramChannel channel = DatagramChannel.open()) {
                    channel.bind(socketAddress(client));
                    channel.send(ByteBuffer.allocate(1), destination);
                } catch (SocketException e) {
                    // Turned away, which the kernel tells whoever sends from this host; the table of connections
                    // counts.
                }
            }
        }
        return clients.keySet();
    }

    private static InetSocketAddress socketAddress(ServerAddress address) throws IOException {
        return new InetSocketAddress(InetAddress.ofLiteral(address.address().toString()), address.port());
    }

    /** Reads the kernel's connection table: {@code UDP 0A090102 D431 C000020A 1F41 C6336401 1388 …}. */
    private static Map<ServerAddress, ServerAddress> chosen(Case wanted) throws IOException {
        Map<ServerAddress, ServerAddress> chosen = new HashMap<>();
        String port = "%04X".formatted(wanted.port());
        for (String line : Files.readAllLines(CONNECTIONS)) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length > 6 && words[0].equals("UDP") && words[4].equals(port)) {
                chosen.put(serverAddress(words[1], words[2]), serverAddress(words[5], words[6]));
            }
        }
        return chosen;
    }

    private static ServerAddress serverAddress(String address, String port) {
        IpAddress parsed = address.contains(":")
                ? IpAddress.parse(address)
                : new IpAddress(IpFamily.IPV4, 0, Long.parseLong(address, 16));
        return new ServerAddress(parsed, Integer.parseInt(port, 16));
    }
}
