package io.fairlead.system.packages;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.Topology;
import io.fairlead.system.traffic.ConnectionHolder;
import io.fairlead.system.traffic.HoldReport;
import io.fairlead.system.traffic.NameServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The life of the DEB on a Debian without any Java: installed, configured, serving, upgraded under load, taken back, removed,
 * purged. A story in order. The service runs in the network namespace of the topology's host {@code edge}, which systemd
 * gives it; all else is as it is delivered.
 */
@Tag("packages")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DebLabTest {

    private static final String VIP = "192.0.2.10";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path CONFIGURATION = Path.of("/etc/fairlead/fairlead.conf");
    /** Beside these classes, wherever the booted system sees them. */
    private static final Path PACKAGES = Path.of(DebLabTest.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .getPath())
            .resolve("../../../packaging/target");

    @SuppressWarnings("NullAway.Init") // set before any test
    private Topology topology;

    @SuppressWarnings("NullAway.Init")
    private NetworkHost client;

    @SuppressWarnings("NullAway.Init")
    private NetworkHost edge;

    @BeforeAll
    void buildNetwork() throws IOException {
        topology = Topology.create();
        client = topology.host("client");
        edge = topology.host("edge").forwarding();
        topology.bridge("front").attach(client, "192.0.2.100/24");
        topology.bridge("front").attach(edge, "192.0.2.1/24", VIP + "/32");
        topology.bridge("back").attach(edge, "10.0.0.1/24");
        NetworkHost web = topology.host("web");
        topology.bridge("back").attach(web, "10.0.0.11/24");
        web.route("default", "10.0.0.1");
        web.startJava(NameServer.class, "web", "10.0.0.11", "80").awaitLine("listening", PATIENCE);
        Path dropIn = Path.of("/etc/systemd/system/fairlead.service.d/lab.conf");
        Files.createDirectories(dropIn.getParent());
        // It takes minutes under emulation, and everything works without it.
        Files.createSymbolicLink(Path.of("/etc/systemd/system/fairlead-cache.service"), Path.of("/dev/null"));
        Files.writeString(
                dropIn,
                "[Service]\nNetworkNamespacePath=/run/netns/" + edge.namespace()
                        + "\nWatchdogSec=20s\nRestartSec=1s\n");
    }

    @AfterAll
    void tearDown() {
        topology.close();
    }

    private static Path deb() throws IOException {
        try (var files = Files.newDirectoryStream(PACKAGES, "*.deb")) {
            return files.iterator().next();
        }
    }

    private static boolean isActive() {
        return Command.attempt("systemctl", "is-active", "fairlead").exit() == 0;
    }

    private static String mainPid() {
        return Command.run("systemctl", "show", "-P", "MainPID", "fairlead").strip();
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + PATIENCE + ": " + what + "\n"
                        + Command.attempt("journalctl", "-u", "fairlead", "--no-pager", "-n", "40")
                                .out());
            }
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }

    private String table() {
        return edge.run("ipvsadm", "-Sn").orThrow().out();
    }

    private RunningProcess hold() {
        RunningProcess holder = client.startJava(ConnectionHolder.class, VIP, "80", "100", "900", "500", "60000");
        holder.awaitLine("holding 100", PATIENCE);
        return holder;
    }

    private HoldReport release(RunningProcess holder) {
        client.run("kill", "-TERM", Long.toString(holder.pid())).orThrow();
        return HoldReport.parse(holder.awaitLine(HoldReport.FIRST_WORD, PATIENCE));
    }

    @Test
    @Order(1)
    void isInstalledAndRunsWithoutAnyOtherJava() throws IOException {
        assertThat(Command.attempt("sh", "-c", "command -v java").exit()).isNotZero();
        assertThat(Files.exists(Path.of("/usr/lib/jvm"))).isFalse();

        String out = Command.run("dpkg", "-i", deb().toString());

        assertThat(isActive()).as(out).isTrue();
        assertThat(Command.run("fairlead", "--version")).startsWith("fairlead 0.");
        assertThat(table()).isEmpty();
    }

    @Test
    @Order(2)
    void runsAsItsOwnUserWithTwoCapabilities() throws IOException {
        String status = Files.readString(Path.of("/proc/" + mainPid() + "/status"));

        assertThat(Command.run("ps", "-o", "user=", "-p", mainPid()).strip()).isEqualTo("fairlead");
        assertThat(status).containsPattern("CapEff:\\s0000000000003000\n").containsPattern("NoNewPrivs:\\s1\n");
        assertThat(Command.run("stat", "-c", "%U %a", "/run/fairlead", "/var/lib/fairlead")
                        .lines())
                .containsExactly("fairlead 750", "fairlead 750");
    }

    @Test
    @Order(3)
    void hasASmallSurface() {
        String last = Command.attempt("systemd-analyze", "security", "fairlead", "--no-pager")
                .out()
                .strip()
                .lines()
                .reduce((one, two) -> two)
                .orElseThrow();
        System.out.println(last);

        double score = Double.parseDouble(last.replaceFirst(".*: ([0-9.]+) .*", "$1"));
        assertThat(score).isLessThanOrEqualTo(3.5);
    }

    @Test
    @Order(4)
    void followsTheFileAfterAReloadAndRefusesABadOne() throws IOException {
        Files.writeString(CONFIGURATION, """
            fairlead.virtual-servers.web {
              address = "%s", port = 80, scheduler = rr, forwarding = nat
              health-check { type = tcp, interval = 2s, timeout = 1900ms }
              real-servers = [ { name = web, address = "10.0.0.11" } ]
            }
            """.formatted(VIP));
        Command.run("systemctl", "reload", "fairlead");
        await("real server in the table", () -> table().contains("-r 10.0.0.11:80"));

        Files.writeString(CONFIGURATION, Files.readString(CONFIGURATION).replace("rr", "round"));
        Command refused = Command.attempt("systemctl", "reload", "fairlead");

        assertThat(refused.exit()).isNotZero();
        assertThat(isActive()).isTrue();
        assertThat(table()).contains("-r 10.0.0.11:80");
        Files.writeString(CONFIGURATION, Files.readString(CONFIGURATION).replace("round", "rr"));
        Command.run("systemctl", "reload", "fairlead");
    }

    @Test
    @Order(5)
    void aRestartAnUpgradeAndADowngradeLoseNoConnection() throws IOException {
        RunningProcess holder = hold();

        Command.run("systemctl", "restart", "fairlead");
        await("active after the restart", DebLabTest::isActive);
        Command.run("sh", "-c", """
            set -e
            cd /tmp && dpkg-deb -R %s next && sed -i 's/^Version: .*/Version: 9.9.9/' next/DEBIAN/control
            dpkg-deb -Znone --build next next.deb
            dpkg -i next.deb
            """.formatted(deb()));
        assertThat(Command.run("dpkg-query", "-W", "-f", "${Version}", "fairlead"))
                .isEqualTo("9.9.9");
        await("active after the upgrade", DebLabTest::isActive);
        assertThat(Files.readString(CONFIGURATION)).contains(VIP);
        Command.run("dpkg", "-i", deb().toString());
        await("active after the downgrade", DebLabTest::isActive);
        assertThat(table()).contains("-r 10.0.0.11:80");

        HoldReport report = release(holder);
        assertThat(report.opened()).isEqualTo(100);
        assertThat(report.lost()).isZero();
    }

    @Test
    @Order(6)
    void aHungProcessIsStartedAgainByTheWatchdog() {
        String before = mainPid();
        Command.run("kill", "-STOP", before);

        await(
                "another process",
                () -> isActive() && !mainPid().equals(before) && !mainPid().equals("0"));

        assertThat(table()).contains("-r 10.0.0.11:80");
    }

    @Test
    @Order(7)
    void logsToTheJournal() {
        assertThat(Command.run("journalctl", "-u", "fairlead", "--no-pager", "-o", "cat"))
                .contains("Configuration applied");
    }

    @Test
    @Order(8)
    void reportsItsSizeAndItsStart() throws IOException {
        Command.run("systemctl", "stop", "fairlead");
        long start = System.nanoTime();
        Command.run("systemctl", "start", "fairlead");
        double seconds = (System.nanoTime() - start) / 1e9;
        LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
        String memory = Files.readString(Path.of("/proc/" + mainPid() + "/status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS"))
                .findFirst()
                .orElseThrow();
        System.out.printf(
                "start to ready %.1f s (emulated), %s, caches: %s%n",
                seconds,
                memory,
                Command.attempt("ls", "-s", "/var/cache/fairlead").out().replace('\n', ' '));
    }

    @Test
    @Order(9)
    void aStopLeavesTheTableAndARemovalTheConfiguration() {
        Command.run("systemctl", "stop", "fairlead");
        assertThat(table()).contains("-r 10.0.0.11:80");
        Command.run("systemctl", "start", "fairlead");

        Command.run("dpkg", "-r", "fairlead");

        assertThat(CONFIGURATION).exists();
        assertThat(Path.of("/usr/lib/fairlead")).doesNotExist();
        assertThat(Path.of("/var/cache/fairlead")).doesNotExist();
        assertThat(isActive()).isFalse();
    }

    @Test
    @Order(10)
    void aPurgeLeavesNothing() {
        Command.run("dpkg", "-P", "fairlead");

        assertThat(CONFIGURATION).doesNotExist();
        assertThat(Path.of("/etc/default/fairlead")).doesNotExist();
        assertThat(Path.of("/var/lib/fairlead")).doesNotExist();
        assertThat(Path.of("/etc/fairlead")).doesNotExist();
        assertThat(Path.of("/var/cache/fairlead")).doesNotExist();
        assertThat(Path.of("/usr/lib/fairlead")).doesNotExist();
    }
}
