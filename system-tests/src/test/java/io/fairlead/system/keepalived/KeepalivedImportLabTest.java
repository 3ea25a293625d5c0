package io.fairlead.system.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.conf.keepalived.ImportException;
import io.fairlead.conf.keepalived.ImportHost;
import io.fairlead.conf.keepalived.KeepalivedImport;
import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.channel.KeyFile;
import io.fairlead.system.appliance.ApplianceProcess;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.Topology;
import io.fairlead.system.traffic.NameServer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same files run by Debian's keepalived, and imported and run by Fairlead, must give the same table in the kernel and the same
 * addresses on the interfaces. Each runs alone, so that it holds what its elections move.
 */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeepalivedImportLabTest {

    private static final String CONFIG_ID = "main";
    private static final int AT_ONCE = 36;
    private static final Duration TABLE_SETTLED = Duration.ofSeconds(1);
    private static final Duration ELECTIONS_SETTLED = Duration.ofSeconds(6); // a master with advert_int 1 needs 3.6 s
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String REAL_SERVER = "10.2.0.1";
    private static final Map<String, List<IpAddress>> OWN =
            Map.of("eth0", List.of(IpAddress.parse("192.0.2.1")), "eth1", List.of(IpAddress.parse("198.51.100.1")));

    private final Map<Path, Outcome> outcomes = new LinkedHashMap<>();

    @SuppressWarnings("NullAway.Init") // set before any test
    private Path key;

    @SuppressWarnings("NullAway.Init")
    private Topology topology;

    @SuppressWarnings("NullAway.Init")
    private NetworkHost edge;

    @SuppressWarnings("NullAway.Init")
    private ApplianceProcess appliance;

    /** What a file comes to in the kernel; without addresses where it has none of its own. */
    private record Outcome(String table, String addresses) {

        static Outcome of(NetworkHost host, boolean withAddresses) {
            return new Outcome(
                    sorted(host.run("ipvsadm", "-Sn").orThrow().out().lines()),
                    withAddresses ? KeepalivedImportLabTest.addresses(host) : "");
        }
    }

    @BeforeAll
    void runKeepalived(@TempDir Path folder) throws IOException, URISyntaxException {
        Path files =
                Path.of(KeepalivedImportLabTest.class.getResource("/keepalived").toURI());
        List<Path> elections = new ArrayList<>();
        List<Path> tables = new ArrayList<>();
        try (Stream<Path> found = Files.list(files)) {
            for (Path file : found.filter(path -> path.toString().endsWith(".conf"))
                    .sorted()
                    .toList()) {
                (hasAddresses(file) ? elections : tables).add(file);
            }
        }
        for (List<Path> waiting : List.of(elections, tables)) {
            for (int from = 0; from < waiting.size(); from += AT_ONCE) {
                runKeepalived(folder, waiting.subList(from, Math.min(waiting.size(), from + AT_ONCE)));
            }
        }
        key = Files.writeString(folder.resolve("cluster.key"), KeyFile.newKey());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        topology = Topology.create();
        edge = host(topology, "edge");
        realServerIn(edge);
        appliance = ApplianceProcess.start(edge, "");
        appliance.await("an answer", PATIENCE, _ -> true);
    }

    @AfterAll
    void removeNetwork() {
        if (appliance != null) {
            appliance.close();
        }
        if (topology != null) {
            topology.close();
        }
    }

    private static boolean hasAddresses(Path file) throws IOException {
        String text = Files.readString(file);
        return text.contains("vrrp_instance") || text.contains("static_ipaddress");
    }

    /** A host with two interfaces that are up and one that is down; at their other ends nobody listens. */
    private static NetworkHost host(Topology in, String name) {
        NetworkHost host = in.host(name);
        host.run("sh", "-c", """
            for n in 0 1 2; do ip link add eth$n type veth peer name far$n; done
            for device in far0 far1 far2 eth0 eth1; do ip link set $device up; done
            ip address add 192.0.2.1/24 dev eth0
            ip address add 2001:db8::1/64 dev eth0
            ip address add 198.51.100.1/24 dev eth1
            """).orThrow();
        return host;
    }

    /**
     * The first real server of every file answers, so that what is up before its first check is up after it too: keepalived
     * checks for the first time at a random moment, and its first failure counts at once, whatever {@code retry} is.
     */
    private static void realServerIn(NetworkHost host) {
        host.address("lo", REAL_SERVER + "/32")
                .startJava(NameServer.class, "web", REAL_SERVER, "80")
                .awaitLine("listening", PATIENCE);
        host.run("curl", "-sS", "http://" + REAL_SERVER + "/").orThrow(); // the first answer of a cold JVM takes long
    }

    private void runKeepalived(Path folder, List<Path> files) throws IOException {
        boolean elects = hasAddresses(files.getFirst());
        try (Topology several = Topology.create()) {
            Map<Path, NetworkHost> hosts = new LinkedHashMap<>();
            List<RunningProcess> peers = new ArrayList<>();
            for (Path file : files) {
                String name = "peer" + hosts.size();
                NetworkHost host = elects ? host(several, name) : several.host(name);
                if (Files.readString(file).contains("_CHECK")) {
                    realServerIn(host);
                }
                Path pids = folder.resolve(file.getFileName() + ".pid");
                List<String> command = new ArrayList<>(List.of("keepalived", "-n", "-l", "-i", CONFIG_ID));
                command.addAll(List.of("-f", file.toString(), "-p", pids.toString()));
                command.addAll(List.of("-c", pids + ".checkers", "-r", pids + ".vrrp"));
                if (!elects) {
                    command.add("-C"); // no VRRP
                }
                peers.add(host.start(command.toArray(String[]::new)));
                hosts.put(file, host);
            }
            peers.forEach(peer -> peer.awaitErrorLine("Startup complete", PATIENCE));
            outcomes.putAll(awaitOutcomes(hosts, elects));
        }
    }

    /** They write entry by entry: what has not changed for a while is what they want. */
    private static Map<Path, Outcome> awaitOutcomes(Map<Path, NetworkHost> hosts, boolean elects) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Map<Path, Outcome> before = Map.of();
        long sameSince = System.nanoTime();
        while (System.nanoTime() < end) {
            Map<Path, Outcome> now = new LinkedHashMap<>();
            hosts.forEach((file, host) -> now.put(file, Outcome.of(host, elects)));
            boolean isComplete = elects
                    || now.values().stream()
                            .noneMatch(outcome -> outcome.table().isEmpty());
            if (!now.equals(before) || !isComplete) {
                sameSince = System.nanoTime();
            }
            before = now;
            if (System.nanoTime() - sameSince > (elects ? ELECTIONS_SETTLED : TABLE_SETTLED).toNanos()) {
                break;
            }
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
        }
        return before;
    }

    /** Without those that every interface has, and without what differs by design: lifetimes, labels, scopes. */
    private static String addresses(NetworkHost host) {
        return sorted(host.run("ip", "-o", "address", "show")
                .orThrow()
                .out()
                .lines()
                .map(line -> line.split("\\s+", -1))
                .filter(words -> words[1].startsWith("eth") && !words[3].startsWith("fe80"))
                .map(words -> words[1] + " " + words[3]));
    }

    private static String sorted(Stream<String> lines) {
        return lines.sorted().reduce("", (all, line) -> all + line + "\n");
    }

    @TestFactory
    Stream<DynamicTest> givesTheSameTableAndAddresses() {
        return outcomes.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        String.valueOf(entry.getKey().getFileName()), () -> compare(entry.getKey(), entry.getValue())));
    }

    private void compare(Path file, Outcome expected) throws IOException, ImportException {
        KeepalivedImport imported = KeepalivedImport.read(
                file, new ImportHost(CONFIG_ID, _ -> "", name -> OWN.getOrDefault(name, List.of())));
        String configuration = imported.hocon().replace("/etc/fairlead/cluster.key", key.toString());
        if (imported.hocon().contains("# peers =")) {
            configuration += "fairlead.high-availability.peers = [\"192.0.2.2\"]\n"; // who is not there either
        }
        assertThat(appliance.forceReload(configuration).problems()).isEmpty();

        if (hasAddresses(file)) {
            awaitAddresses(expected.addresses());
        } else {
            assertThat(expected.table()).as("keepalived's own table").isNotEmpty();
        }
        assertThat(Outcome.of(edge, hasAddresses(file))).as(configuration).isEqualTo(expected);
    }

    private void awaitAddresses(String expected) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!addresses(edge).equals(expected) && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }
}
