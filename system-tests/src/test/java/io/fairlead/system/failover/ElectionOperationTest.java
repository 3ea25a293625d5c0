package io.fairlead.system.failover;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.HaReport.RouterLine;
import io.fairlead.appliance.admin.HaRequest;
import io.fairlead.ha.channel.KeyFile;
import io.fairlead.system.appliance.ApplianceProcess;
import io.fairlead.system.topology.Bridge;
import io.fairlead.system.topology.Link;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * How an operator steers two appliances: sync groups, what is tracked, maintenance, keys, reloads, programs. Addresses of both
 * families on two interfaces. A story in order.
 */
@Tag("namespace")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ElectionOperationTest {

    private static final String OUTSIDE = "192.0.2.100";
    private static final String OUTSIDE_6 = "2001:db8::100";
    private static final String INSIDE = "198.51.100.100";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static Topology lab;
    private static NetworkHost client;
    private static Link insideOfA;
    private static Side a;
    private static Side b;

    /** One of the two. */
    private static final class Side {
        final NetworkHost host;
        final String self;
        final Path key;
        final Path told;
        final Path ok;
        final ApplianceProcess appliance;

        Side(NetworkHost host, String self, int priority, String firstKey) throws IOException {
            this.host = host;
            this.self = self;
            key = folder.resolve(host.name() + ".key");
            told = folder.resolve(host.name() + ".told");
            ok = folder.resolve(host.name() + ".ok");
            keys(firstKey);
            Files.writeString(ok, "1");
            appliance = ApplianceProcess.start(host, configuration(priority));
        }

        void keys(String... lines) throws IOException {
            Files.writeString(key, String.join("\n", lines));
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        }

        String configuration(int priority) {
            return """
                fairlead.high-availability {
                  cluster = edge, bind-address = "%s", peers = ["192.0.2.1", "192.0.2.2"], secret-file = "%s"
                  connection-sync.enabled = false
                  virtual-routers {
                    outside {
                      id = 51, priority = %d, interface = eth0, addresses = ["%s", "%s"]
                      advertisement-interval = 200ms, preempt-delay = 0s
                      track.scripts = [{ command = ["/bin/grep", "-q", "1", "%s"], interval = 1s, fall = 2, weight = -100 }]
                      notify { command = ["/bin/sh", "-c", "echo $0 $1 $2 >>%s"], timeout = 20s }
                    }
                    inside {
                      id = 52, priority = %d, interface = eth1, addresses = ["%s"]
                      advertisement-interval = 200ms, preempt-delay = 0s
                    }
                  }
                  sync-groups.edge = [outside, inside]
                }
                """.formatted(self, key, priority, OUTSIDE, OUTSIDE_6, ok, told, priority, INSIDE);
        }

        String addresses() {
            return host.run("ip", "address", "show").orThrow().out();
        }

        boolean holdsAll() {
            String all = addresses();
            return all.contains(OUTSIDE + "/32") && all.contains(OUTSIDE_6 + "/128") && all.contains(INSIDE + "/32");
        }

        boolean holdsNone() {
            String all = addresses();
            return !all.contains(OUTSIDE + "/32") && !all.contains(OUTSIDE_6 + "/128") && !all.contains(INSIDE + "/32");
        }

        long heard() {
            HaReport.Link link = requireNonNull(appliance.highAvailability().link());
            return link.peers().getFirst().hellosReceived();
        }

        RouterLine router() {
            return appliance.highAvailability().routers().getFirst();
        }

        List<String> told() {
            try {
                return Files.exists(told) ? Files.readAllLines(told) : List.of();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @BeforeAll
    static void twoAppliances() throws IOException {
        Topology.unavailable().ifPresent(reason -> abort(reason));
        lab = Topology.create();
        Bridge front = lab.bridge("front");
        Bridge back = lab.bridge("back");
        client = lab.host("client");
        NetworkHost hostA = lab.host("edge-a");
        NetworkHost hostB = lab.host("edge-b");
        front.attach(client, "192.0.2.9/24", "2001:db8::9/64");
        front.attach(hostA, "192.0.2.1/24", "2001:db8::1/64");
        front.attach(hostB, "192.0.2.2/24", "2001:db8::2/64");
        insideOfA = back.attach(hostA, "198.51.100.1/24");
        back.attach(hostB, "198.51.100.2/24");
        String key = KeyFile.newKey();
        a = new Side(hostA, "192.0.2.1", 150, key);
        b = new Side(hostB, "192.0.2.2", 100, key);
    }

    @AfterAll
    static void close() {
        if (a != null) {
            a.appliance.close();
        }
        if (b != null) {
            b.appliance.close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!holds(condition)) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + PATIENCE + ": " + what + "\nedge-a:\n" + a.addresses()
                        + a.appliance.process().err() + "\nedge-b:\n" + b.addresses()
                        + b.appliance.process().err());
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** An appliance that does not listen yet, or whose election has not begun, has nothing to say. */
    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (UncheckedIOException | NoSuchElementException e) {
            return false;
        }
    }

    private static void awaitMaster(Side master, Side backup) {
        await(master.host.name() + " holds all addresses, and it alone", () -> master.holdsAll() && backup.holdsNone());
        await("the other knows", () -> backup.router().peers().getFirst().role().equals("master"));
    }

    private static boolean answers(String address) {
        return client.run("ping", "-c", "1", "-W", "1", address).exit() == 0;
    }

    @Test
    @Order(1)
    void aSyncGroupHoldsTheAddressesOfBothFamiliesAndBothInterfaces() {
        awaitMaster(a, b);

        assertThat(a.router().members()).containsExactly("outside", "inside");
        await("the client reaches the address of IPv4", () -> answers(OUTSIDE));
        await("the client reaches the address of IPv6", () -> answers(OUTSIDE_6));
    }

    @Test
    @Order(2)
    void theDoctorLeavesAddressesToTheElectionButFindsThoseThatSomebodyPutOnABackup() throws IOException {
        assertThat(doctor(a)).contains("OK virtual-addresses", "OK virtual-routers");
        assertThat(doctor(b)).contains("OK virtual-addresses", "OK virtual-routers");

        b.host.run("ip", "address", "add", INSIDE + "/24", "dev", "lo").orThrow();

        assertThat(doctor(b)).contains("WARNING virtual-routers: edge is backup, yet on this host: " + INSIDE);
        b.host.run("ip", "address", "del", INSIDE + "/24", "dev", "lo").orThrow();
    }

    /** What it says of a file that has virtual servers at the addresses, each finding on a line. */
    private static String doctor(Side side) throws IOException {
        Path file = Files.writeString(
                folder.resolve(side.host.name() + "-with-servers.conf"),
                side.configuration(100) + """
                    fairlead.virtual-servers {
                      web { address = "%s", port = 80, real-servers = [{ address = "198.51.100.11" }] }
                      web6 { address = "%s", port = 80, real-servers = [{ address = "2001:db8:1::11" }] }
                    }
                    """.formatted(OUTSIDE, OUTSIDE_6));
        List<String> command = ApplianceProcess.command(
                "64m",
                "doctor",
                "--all",
                "-c",
                file.toString(),
                "-s",
                side.appliance.socket().toString());
        return side.host.run(PATIENCE, command.toArray(String[]::new)).out().replaceAll(" +", " ");
    }

    @Test
    @Order(3)
    void anInterfaceThatFailsMovesAllOfItAndItsReturnBringsAllBack() {
        insideOfA.cut();

        awaitMaster(b, a);
        assertThat(a.router().role()).isEqualTo("fault");
        assertThat(a.router().failed()).containsExactly("interface eth1");
        await("the client reaches the address of IPv6 at the other one", () -> answers(OUTSIDE_6));

        insideOfA.heal();
        awaitMaster(a, b);
    }

    @Test
    @Order(4)
    void aScriptThatFailsLowersThePriorityBelowThePeers() throws IOException {
        Files.writeString(a.ok, "0");

        awaitMaster(b, a);
        assertThat(a.router().priority()).isEqualTo(50);
        assertThat(a.router().role()).isEqualTo("backup");

        Files.writeString(a.ok, "1");
        awaitMaster(a, b);
    }

    @Test
    @Order(5)
    void maintenanceHandsOverAndKeepsOutUntilItEnds() {
        a.appliance.highAvailability(new HaRequest(null, true));

        awaitMaster(b, a);
        assertThat(a.appliance.highAvailability().maintenance()).isTrue();

        a.appliance.highAvailability(new HaRequest(null, false));
        awaitMaster(a, b);
    }

    @Test
    @Order(6)
    void keysAreReplacedWithoutAMomentOfSilence() throws IOException {
        String old = Files.readString(a.key);
        String next = KeyFile.newKey();
        long changes = a.router().changes() + b.router().changes();
        long refused = refusedForTheirKey();
        for (String[] step : new String[][] {{old, next}, {next, old}, {next}}) {
            for (Side side : List.of(a, b)) {
                side.keys(step);
                assertThat(side.appliance
                                .reload(side.configuration(side == a ? 150 : 100))
                                .failing())
                        .isEmpty();
            }
            for (Side side : List.of(a, b)) { // what is under way with the key before is still to be opened
                long heard = side.heard();
                await("hellos go on", () -> side.heard() > heard + 5);
            }
        }

        assertThat(a.router().changes() + b.router().changes())
                .as("nobody missed anybody")
                .isEqualTo(changes);
        assertThat(refusedForTheirKey()).isEqualTo(refused);
    }

    private static long refusedForTheirKey() {
        return List.of(a, b).stream()
                .mapToLong(
                        side -> requireNonNull(side.appliance.highAvailability().link())
                                .refused()
                                .getOrDefault("key", 0L))
                .sum();
    }

    @Test
    @Order(7)
    void aReloadChangesThePriorityOfTheElectionThatRuns() {
        long term = a.router().term();

        a.appliance.reload(a.configuration(140));

        await("the peer hears of it", () -> b.router().peers().getFirst().priority() == 140);
        assertThat(a.router().term()).as("the mastership goes on").isEqualTo(term);
        a.appliance.reload(a.configuration(90));
        awaitMaster(b, a);
        assertThat(b.router().cause()).isNotEqualTo("master silent");
    }

    @Test
    @Order(8)
    void programsAreToldEachRole() {
        await("the last change", () -> a.told().getLast().equals("edge backup 90"));
        await("the last change", () -> b.told().getLast().equals("edge master 100"));
        assertThat(a.told())
                .contains("edge master 150", "edge backup 50")
                .anyMatch(line -> line.startsWith("edge fault "));
    }
}
