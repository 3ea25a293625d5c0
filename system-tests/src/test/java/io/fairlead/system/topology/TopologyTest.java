package io.fairlead.system.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.system.traffic.ConnectionHolder;
import io.fairlead.system.traffic.HoldReport;
import io.fairlead.system.traffic.NameServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("namespace")
class TopologyTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private Topology lab;
    private NetworkHost client;
    private NetworkHost server;
    private Link clientLink;
    private Link serverLink;

    @BeforeEach
    void twoHostsOnABridge() {
        Topology.unavailable().ifPresent(reason -> abort(reason));
        lab = Topology.create();
        Bridge front = lab.bridge("front");
        client = lab.host("client");
        server = lab.host("server");
        clientLink = front.attach(client, "192.0.2.1/24", "2001:db8::1/64");
        serverLink = front.attach(server, "192.0.2.2/24", "2001:db8::2/64");
    }

    @AfterEach
    void close() {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void hostsOnABridgeReachEachOtherInBothFamilies() {
        assertThat(ping(client, "192.0.2.2")).isTrue();
        assertThat(ping(client, "2001:db8::2")).isTrue();
    }

    @Test
    void theMachineItselfSeesNoInterfaceOfTheTopology() {
        String links = Kernel.run("ip", "-o", "link").out();

        assertThat(links).doesNotContain("front").doesNotContain("port0");
    }

    @Test
    void hostsBehindARouterReachEachOther() {
        NetworkHost router = lab.host("router").forwarding();
        NetworkHost far = lab.host("far");
        lab.bridge("front").attach(router, "192.0.2.254/24", "2001:db8::fe/64");
        lab.link(router, "198.51.100.1/24", far, "198.51.100.2/24");
        router.address("eth1", "2001:db8:1::1/64");
        far.address("eth0", "2001:db8:1::2/64");
        client.route("198.51.100.0/24", "192.0.2.254").route("2001:db8:1::/64", "2001:db8::fe");
        far.route("default", "198.51.100.1").route("default", "2001:db8:1::1");

        assertThat(ping(client, "198.51.100.2")).isTrue();
        assertThat(ping(client, "2001:db8:1::2")).isTrue();
    }

    @Test
    void aCutLinkTakesTheCarrierAndHealingBringsItBack() {
        clientLink.cut();

        assertThat(pingOnce(client, "192.0.2.2")).isFalse();
        assertThat(client.run("ip", "link", "show", "eth0").orThrow().out()).contains("NO-CARRIER");

        clientLink.heal();

        assertThat(ping(client, "192.0.2.2")).isTrue();
        assertThat(ping(client, "2001:db8::2")).isTrue();
    }

    @Test
    void aBlockedLinkKeepsTheCarrierAndPassesNothing() {
        serverLink.block();

        assertThat(pingOnce(client, "192.0.2.2")).isFalse();
        assertThat(server.run("ip", "link", "show", "eth0").orThrow().out()).contains("LOWER_UP");

        serverLink.heal();

        assertThat(ping(client, "192.0.2.2")).isTrue();
    }

    @Test
    void delayActsInBothDirectionsUntilHealed() {
        try {
            clientLink.delay(Duration.ofMillis(100)).loss(0.5);
        } catch (UnsupportedByKernelException e) {
            abort(e.getMessage());
        }

        assertThat(client.run("ping", "-c", "1", "-w", "10", "192.0.2.2").out())
                .containsPattern("time=([2-9]\\d\\d|\\d{4,})");

        clientLink.heal();

        assertThat(client.run("tc", "qdisc", "show", "dev", "eth0").out()).doesNotContain("netem");
    }

    @Test
    void settingsBelongToOneHost() {
        server.sysctl("net.ipv4.conf.all.arp_ignore", "1");

        String path = "/proc/sys/net/ipv4/conf/all/arp_ignore";
        assertThat(server.run("cat", path).out()).isEqualTo("1\n");
        assertThat(client.run("cat", path).out()).isEqualTo("0\n");
    }

    @Test
    void aCommandYieldsItsOutputAndStatus() {
        Execution done = client.run("sh", "-c", "echo said; echo complained >&2; exit 3");

        assertThat(done.exit()).isEqualTo(3);
        assertThat(done.out()).isEqualTo("said\n");
        assertThat(done.err()).isEqualTo("complained\n");
        assertThatThrownBy(done::orThrow)
                .isInstanceOf(TopologyException.class)
                .hasMessageContaining("exit status 3")
                .hasMessageContaining("complained");
        assertThat(client.runWithInput("fed\n", "cat").out()).isEqualTo("fed\n");
    }

    @Test
    void aCommandIsStoppedAtItsTimeLimit() {
        Execution done = client.run(Duration.ofSeconds(3), "sh", "-c", "echo begun; sleep 60");

        assertThat(done.timedOut()).isTrue();
        assertThat(done.out()).isEqualTo("begun\n");
    }

    @Test
    void aProcessEndsWithItsChildrenEvenIfTheyIgnoreTerm() {
        RunningProcess process =
                client.start("sh", "-c", "trap '' TERM; sleep 61 & echo child $!; while true; do sleep 62; done");
        long child = Long.parseLong(process.awaitLine("^child ", SOON).substring("child ".length()));

        process.kill();

        assertThat(process.exit()).hasValue(128 + 9);
        assertThat(runs(child)).isFalse();
    }

    @Test
    void awaitingALineThatNeverComesShowsWhatCame() {
        RunningProcess process = client.start("sh", "-c", "echo hello; echo trouble >&2");

        assertThatThrownBy(() -> process.awaitLine("goodbye", SOON))
                .isInstanceOf(TopologyException.class)
                .hasMessageContaining("/goodbye/")
                .hasMessageContaining("hello")
                .hasMessageContaining("trouble");
    }

    @Test
    void packetsAreRecordedAsTextAndAsAFile() {
        requireTool("tcpdump");
        Capture capture = server.capture("eth0", "icmp");

        assertThat(ping(client, "192.0.2.2")).isTrue();

        assertThat(capture.await("echo request", SOON)).contains("192.0.2.1 > 192.0.2.2");
        capture.stop();
        assertThat(capture.text()).contains("echo reply");
        assertThat(capture.file()).isNotEmptyFile();
    }

    @Test
    void connectionsAreHeldAndNothingIsLost() {
        RunningProcess named = server.startJava(NameServer.class, "rs1", "192.0.2.2", "8080");
        named.awaitLine("listening", SOON);

        RunningProcess holder = client.startJava(ConnectionHolder.class, "192.0.2.2", "8080", "20", "60", "20");
        holder.awaitLine("^holding 20$", SOON);
        holder.stop();

        HoldReport report = HoldReport.parse(holder.awaitLine("^report ", SOON));
        assertThat(report.opened()).isEqualTo(20);
        assertThat(report.lost()).isZero();
        assertThat(report.linesAnswered()).isEqualTo(report.linesSent()).isGreaterThanOrEqualTo(20);
        assertThat(report.connectionsByServer()).isEqualTo(Map.of("rs1", 20));
        assertThat(HoldReport.parse(report.toLine())).isEqualTo(report);
    }

    @Test
    void connectionsResetByACrashedServerAreCounted() {
        RunningProcess named = server.startJava(NameServer.class, "rs1", "2001:db8::2", "8080");
        named.awaitLine("listening", SOON);
        RunningProcess holder =
                client.startJava(ConnectionHolder.class, "2001:db8::2", "8080", "5", "60", "20", "10000");
        holder.awaitLine("^holding 5$", SOON);

        named.kill();

        HoldReport report = HoldReport.parse(holder.awaitLine("^report ", SOON));
        assertThat(report.opened()).isEqualTo(5);
        assertThat(report.lost()).isEqualTo(5);
    }

    @Test
    void theNameServerSpeaksHttp() {
        requireTool("curl");
        server.startJava(NameServer.class, "rs1", "0.0.0.0", "80").awaitLine("listening", SOON);

        Execution twice = client.run("curl", "-sSv", "http://192.0.2.2/", "http://192.0.2.2/again");

        assertThat(twice.out()).isEqualTo("rs1\nrs1\n");
        assertThat(twice.err()).contains("Re-using existing connection");
    }

    @Test
    void closingRemovesNamespacesProcessesAndFilesAlsoAfterAFailure() throws IOException {
        requireTool("tcpdump");
        String prefix = lab.prefix();
        Path recording = server.capture("eth0").file();
        RunningProcess orphanMaker = client.start("sh", "-c", "setsid sleep 63 >/dev/null 2>&1 & echo orphan $!");
        orphanMaker.awaitExit(SOON);
        long orphan = Long.parseLong(orphanMaker.awaitLine("^orphan ", SOON).substring("orphan ".length()));
        assertThat(runs(orphan)).isTrue();

        assertThatThrownBy(() -> {
                    try (Topology closing = lab) {
                        closing.host("client").run("false").orThrow();
                    }
                })
                .isInstanceOf(TopologyException.class)
                .hasMessageContaining("false: exit status 1");

        assertThat(runs(orphan)).isFalse();
        assertThat(Kernel.run("ip", "netns", "list").out()).doesNotContain(prefix);
        assertThat(recording).doesNotExist();
        try (var left = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            assertThat(left.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith(prefix));
        }
        assertThatThrownBy(() -> lab.host("late")).isInstanceOf(IllegalStateException.class);
    }

    private static boolean ping(NetworkHost from, String address) {
        requireTool("ping");
        // With -w it repeats until the first answer: after a fault the neighbour table needs a second or two.
        return from.run("ping", "-c", "1", "-w", "5", "-i", "0.2", address).succeeded();
    }

    private static boolean pingOnce(NetworkHost from, String address) {
        requireTool("ping");
        return from.run("ping", "-c", "1", "-W", "1", address).succeeded();
    }

    private static boolean runs(long pid) {
        return ProcessHandle.of(pid).filter(RunningProcess::runs).isPresent();
    }

    private static void requireTool(String tool) {
        assumeTrue(Kernel.attempt("sh", "-c", "command -v " + tool).succeeded(), tool + " is not installed");
    }
}
