package io.fairlead.system.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.conf.keepalived.ImportException;
import io.fairlead.conf.keepalived.KeepalivedImport;
import io.fairlead.system.appliance.ApplianceProcess;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.Topology;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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

/** The same files run by Debian's keepalived, and imported and run by Fairlead, must give the same table in the kernel. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeepalivedImportLabTest {

    private static final String CONFIG_ID = "main";
    private static final int AT_ONCE = 16;
    private static final Duration SETTLED = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Map<Path, String> tables = new LinkedHashMap<>();

    @SuppressWarnings("NullAway.Init") // set before any test
    private Topology topology;

    @SuppressWarnings("NullAway.Init")
    private NetworkHost edge;

    @SuppressWarnings("NullAway.Init")
    private ApplianceProcess appliance;

    @BeforeAll
    void runKeepalived(@TempDir Path folder) throws IOException, URISyntaxException {
        Path files =
                Path.of(KeepalivedImportLabTest.class.getResource("/keepalived").toURI());
        List<Path> waiting;
        try (Stream<Path> found = Files.list(files)) {
            waiting = new ArrayList<>(found.filter(file -> file.toString().endsWith(".conf"))
                    .sorted()
                    .toList());
        }
        for (int from = 0; from < waiting.size(); from += AT_ONCE) {
            runKeepalived(folder, waiting.subList(from, Math.min(waiting.size(), from + AT_ONCE)));
        }
        topology = Topology.create();
        edge = topology.host("edge");
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

    private void runKeepalived(Path folder, List<Path> files) {
        try (Topology several = Topology.create()) {
            Map<Path, NetworkHost> hosts = new LinkedHashMap<>();
            for (Path file : files) {
                NetworkHost host = several.host("peer" + hosts.size());
                Path pids = folder.resolve(file.getFileName() + ".pid");
                RunningProcess peer = host.start(
                        "keepalived",
                        "-n",
                        "-l",
                        "-C", // no VRRP
                        "-i",
                        CONFIG_ID,
                        "-f",
                        file.toString(),
                        "-p",
                        pids.toString(),
                        "-c",
                        pids + ".checkers");
                assertThat(peer.isAlive()).isTrue();
                hosts.put(file, host);
            }
            hosts.forEach((file, host) -> tables.put(file, awaitTable(host)));
        }
    }

    /** It writes entry by entry: what has not changed for a while is what it wants. */
    private static String awaitTable(NetworkHost host) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String before = "";
        while (System.nanoTime() < end) {
            String table = table(host);
            if (!table.isEmpty() && table.equals(before)) {
                return table;
            }
            before = table;
            LockSupport.parkNanos(SETTLED.toNanos());
        }
        return before;
    }

    private static String table(NetworkHost host) {
        return host.run("ipvsadm", "-Sn").orThrow().out().lines().sorted().reduce("", (all, line) -> all + line + "\n");
    }

    @TestFactory
    Stream<DynamicTest> givesTheSameTable() {
        return new HashMap<>(tables)
                .entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> DynamicTest.dynamicTest(
                                String.valueOf(entry.getKey().getFileName()),
                                () -> compare(entry.getKey(), entry.getValue())));
    }

    private void compare(Path file, String expected) throws ImportException {
        KeepalivedImport imported = KeepalivedImport.read(file, CONFIG_ID, _ -> "");
        assertThat(appliance.forceReload(imported.hocon()).problems()).isEmpty();

        assertThat(expected).as("keepalived's own table").isNotEmpty();
        assertThat(table(edge)).as(imported.hocon()).isEqualTo(expected);
    }
}
