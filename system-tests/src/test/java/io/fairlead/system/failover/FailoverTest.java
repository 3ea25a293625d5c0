package io.fairlead.system.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fairlead.appliance.admin.HaReport;
import io.fairlead.ha.channel.KeyFile;
import io.fairlead.system.appliance.ApplianceProcess;
import io.fairlead.system.topology.Bridge;
import io.fairlead.system.topology.Capture;
import io.fairlead.system.topology.Link;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Two appliances and one virtual address: one story, in which each scenario begins where the one before ended. */
@Tag("namespace")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FailoverTest {

    private static final String VIP = "192.0.2.100";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static Topology lab;
    private static NetworkHost client;
    private static NetworkHost hostA;
    private static NetworkHost hostB;
    private static Link cableA;
    private static ApplianceProcess applianceA;
    private static ApplianceProcess applianceB;

    @BeforeAll
    static void twoAppliances() throws IOException {
        Topology.unavailable().ifPresent(reason -> abort(reason));
        lab = Topology.create();
        Bridge front = lab.bridge("front");
        client = lab.host("client");
        hostA = lab.host("edge-a");
        hostB = lab.host("edge-b");
        front.attach(client, "192.0.2.9/24");
        cableA = front.attach(hostA, "192.0.2.1/24");
        front.attach(hostB, "192.0.2.2/24");
        Path key = folder.resolve("cluster.key");
        Files.writeString(key, KeyFile.newKey());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        applianceA = ApplianceProcess.start(hostA, configuration("192.0.2.1", 150, VIP));
        applianceB = ApplianceProcess.start(hostB, configuration("192.0.2.2", 100, VIP));
    }

    @AfterAll
    static void close() {
        if (applianceA != null) {
            applianceA.close();
        }
        if (applianceB != null) {
            applianceB.close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    /** Equal, and content with whoever is master. */
    private static String calm(String self, String... addresses) {
        return configuration(self, 100, addresses).replace("preempt-delay = 0s", "preempt = false");
    }

    private static String configuration(String self, int priority, String... addresses) {
        return """
            fairlead.high-availability {
              cluster = edge, interface = eth0, bind-address = "%s"
              peers = ["192.0.2.1", "192.0.2.2"], secret-file = "%s"
              virtual-routers.blue {
                id = 51, priority = %d, addresses = ["%s"]
                advertisement-interval = 200ms, preempt-delay = 0s
              }
            }
            """.formatted(self, folder.resolve("cluster.key"), priority, String.join("\", \"", addresses));
    }

    private static String addresses(NetworkHost host) {
        return host.run("ip", "-4", "address", "show", "dev", "eth0").orThrow().out();
    }

    private static boolean holds(NetworkHost host) {
        return addresses(host).contains(VIP + "/32");
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + PATIENCE + ": " + what + "\nedge-a:\n" + addresses(hostA)
                        + applianceA.process().err() + "\nedge-b:\n" + addresses(hostB)
                        + applianceB.process().err());
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static void awaitMaster(NetworkHost master, NetworkHost backup) {
        await(master.name() + " holds the address, and it alone", () -> holds(master) && !holds(backup));
        await("the client reaches it", FailoverTest::answers);
    }

    private static boolean answers() {
        return client.run("ping", "-c", "1", "-W", "1", VIP).exit() == 0;
    }

    private static int fairlead(NetworkHost host, ApplianceProcess appliance, String... words) {
        String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--socket";
        all[words.length + 1] = appliance.socket().toString();
        return host.run(PATIENCE, ApplianceProcess.command("64m", all).toArray(String[]::new))
                .exit();
    }

    @Test
    @Order(1)
    void theBetterOneHoldsTheAddressOnALeaseOfTheKernel() {
        awaitMaster(hostA, hostB);

        assertThat(addresses(hostA)).containsPattern(VIP + "/32 .*\\n +valid_lft \\d+sec ");
        assertThat(fairlead(hostA, applianceA, "is-master", "blue")).isZero();
        assertThat(fairlead(hostB, applianceB, "is-master", "blue")).isEqualTo(7);
    }

    @Test
    @Order(2)
    void peersShareWhatTheyKnowAndCountWhatTheyHear() {
        await(
                "each has the other in its group",
                () -> shares(applianceA, "192.0.2.2") && shares(applianceB, "192.0.2.1"));

        HaReport.Link link = applianceA.highAvailability().link();
        assertThat(link).isNotNull();
        assertThat(link.listening()).isTrue();
        assertThat(link.peers())
                .singleElement()
                .matches(peer -> peer.address().equals("192.0.2.2") && peer.proven() && peer.hellosReceived() > 0);
    }

    private static boolean shares(ApplianceProcess appliance, String peer) {
        HaReport.Shared shared = appliance.highAvailability().shared();
        return shared != null && shared.members().equals(List.of(peer));
    }

    @Test
    @Order(3)
    void aCutCableMovesItAndAHealedOneBringsItBackWithAnAnnouncement() {
        cableA.cut();

        await("the backup takes over", () -> holds(hostB) && answers());

        try (Capture capture = client.capture("eth0", "arp", "and", "host", VIP)) {
            cableA.heal();
            awaitMaster(hostA, hostB);
            capture.await("Request who-has " + VIP + " .*tell " + VIP, PATIENCE);
        }
    }

    @Test
    @Order(4)
    void aPlannedHandOverMovesIt() {
        applianceA.reload(calm("192.0.2.1", VIP));
        applianceB.reload(calm("192.0.2.2", VIP));

        assertThat(fairlead(hostA, applianceA, "ha", "failover", "blue")).isZero();

        awaitMaster(hostB, hostA);
    }

    @Test
    @Order(5)
    void aReloadChangesAddressesAndKeepsTheMaster() {
        String both = calm("192.0.2.2", VIP, "192.0.2.101");

        assertThat(applianceB.reload(both).accepted()).isTrue();

        await("both addresses", () -> addresses(hostB).contains("192.0.2.101/32") && holds(hostB));
        applianceB.reload(calm("192.0.2.2", VIP));
        await("the second goes", () -> !addresses(hostB).contains("192.0.2.101/32"));
        assertThat(holds(hostB)).isTrue();
        assertThat(holds(hostA)).isFalse();
    }

    @Test
    @Order(6)
    void aStopHandsOverFirst() {
        assertThat(applianceB.terminate()).isZero();

        assertThat(holds(hostB)).isFalse();
        awaitMaster(hostA, hostB);
        applianceB.restart();
        await(
                "it is back",
                () -> applianceB.socket().toFile().exists() && fairlead(hostB, applianceB, "is-master", "blue") == 7);
        assertThat(holds(hostA))
                .as("nothing moves because somebody is there again")
                .isTrue();
    }

    @Test
    @Order(7)
    void aKilledMasterIsReplacedAndItsKernelLetsGo() {
        applianceA.kill();

        await("the backup takes over", () -> holds(hostB));
        await("the lease of the dead one ends", () -> !holds(hostA));
        awaitMaster(hostB, hostA);
        applianceA.restart();
    }

    @Test
    @Order(8)
    void aMasterThatStoodStillFencesItself() {
        awaitMaster(hostB, hostA);
        await("the other is back", () -> fairlead(hostA, applianceA, "is-master", "blue") == 7);
        hostB.run("kill", "-STOP", Long.toString(applianceB.process().pid())).orThrow();

        await("the other takes over", () -> holds(hostA));
        await("the lease ends", () -> !holds(hostB));
        hostB.run("kill", "-CONT", Long.toString(applianceB.process().pid())).orThrow();

        await("it knows that it lost", () -> fairlead(hostB, applianceB, "is-master", "blue") == 7);
        awaitMaster(hostA, hostB);
    }
}
