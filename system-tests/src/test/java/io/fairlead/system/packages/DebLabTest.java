package io.fairlead.system.packages;

import static io.fairlead.system.packages.PackagedService.CONFIGURATION;
import static io.fairlead.system.packages.PackagedService.PATIENCE;
import static io.fairlead.system.packages.PackagedService.await;
import static io.fairlead.system.packages.PackagedService.isActive;
import static io.fairlead.system.packages.PackagedService.mainPid;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.system.cluster.LabApiServer;
import io.fairlead.system.cluster.Objects;
import io.fairlead.system.topology.Execution;
import io.fairlead.system.topology.Link;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.Topology;
import io.fairlead.system.traffic.ConnectionHolder;
import io.fairlead.system.traffic.HoldReport;
import io.fairlead.system.traffic.NameServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The life of the DEB on a Debian without any Java: installed as README says, serving, taken back and upgraded under load,
 * hung, crashed, following a cluster, removed, purged. A story in order. The service runs in the network namespace of the
 * topology's host {@code edge}, which systemd gives it; all else is as it is delivered.
 */
@Tag("packages")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DebLabTest {

    private static final String VIP = "192.0.2.10";
    /** Put on an interface by the appliance, which has packet rules for it as well. */
    private static final String OWN_VIP = "192.0.2.11";

    private static final String FOREIGN = "192.0.2.99:99";
    private static final Path KEY_OF_THE_OPERATOR = Path.of("/etc/fairlead/cluster.key");
    /** Given to the Service of a cluster. */
    private static final String CLUSTER_VIP = "192.0.2.12";

    private static final String SCRIPTS = "/var/lib/dpkg/info/fairlead.";
    private static final int RESIDENT_MAX_KIB = 100_000;

    @SuppressWarnings("NullAway.Init") // set before any test
    private Topology topology;

    @SuppressWarnings("NullAway.Init")
    private NetworkHost client;

    @SuppressWarnings("NullAway.Init")
    private NetworkHost edge;

    @SuppressWarnings("NullAway.Init")
    private RunningProcess cluster;

    @SuppressWarnings("NullAway.Init")
    private String uplink;

    @BeforeAll
    void buildNetwork() throws IOException {
        topology = Topology.create();
        client = topology.host("client");
        edge = topology.host("edge").forwarding();
        topology.bridge("front").attach(client, "192.0.2.100/24");
        Link front = topology.bridge("front").attach(edge, "192.0.2.1/24", VIP + "/32");
        topology.bridge("back").attach(edge, "10.0.0.1/24");
        NetworkHost web = topology.host("web");
        topology.bridge("back").attach(web, "10.0.0.11/24");
        web.route("default", "10.0.0.1");
        web.startJava(NameServer.class, "web", "10.0.0.11", "80").awaitLine("listening", PATIENCE);
        cluster = LabApiServer.startOn(web, "10.0.0.11", 6443);
        uplink = front.interfaceName();
        PackagedService.placeOn(edge);
    }

    @AfterAll
    void tearDown() {
        topology.close();
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

    private static String version() {
        return Command.run("dpkg-query", "-W", "-f", "${Version}", "fairlead");
    }

    private void writeConfiguration(String scheduler) throws IOException {
        Files.writeString(CONFIGURATION, configuration(scheduler));
    }

    private String configuration(String scheduler) {
        return """
            fairlead {
              virtual-servers {
                web {
                  address = "%s", port = 80, scheduler = %s, forwarding = nat
                  health-check { type = tcp, interval = 2s, timeout = 1900ms }
                  real-servers = [ { name = web, address = "10.0.0.11" } ]
                }
                own {
                  address = "%s", port = 80, source-nat = true, health-check.type = none
                  real-servers = [ { address = "10.0.0.11" } ]
                }
              }
              sysctls.expire-nodest-conn = true
              virtual-addresses.public { interface = "%s", addresses = ["%s"] }
            }
            """.formatted(VIP, scheduler, OWN_VIP, uplink, OWN_VIP);
    }

    /** Returns the commands of README's section on installing, without those that build. */
    private static List<String> installationOfReadme() throws IOException {
        String readme = Files.readString(BuiltPackages.TREE.resolve("README.md"));
        String section = readme.substring(readme.indexOf("\n## Installing\n"));
        String block = section.substring(section.indexOf("```sh\n") + "```sh\n".length());
        return block.substring(0, block.indexOf("```"))
                .lines()
                .filter(line -> !line.startsWith("./package"))
                .toList();
    }

    @Test
    @Order(1)
    void isInstalledAsReadmeSaysAndNeedsNoOtherJava() throws IOException {
        assertThat(Command.attempt("sh", "-c", "command -v java").exit()).isNotZero();
        assertThat(Path.of("/usr/lib/jvm")).doesNotExist();
        Path written = Files.writeString(Path.of("/run/written.conf"), configuration("rr"));
        List<String> commands = installationOfReadme();
        assertThat(commands).hasSizeBetween(3, 8);

        Command.run("sh", "-ec", "cd " + BuiltPackages.TREE + "\n" + commands.getFirst());
        assertThat(isActive()).isTrue();
        assertThat(table()).as("as it is delivered").isEmpty();

        for (String command : commands.subList(1, commands.size())) {
            Command.run("sh", "-ec", "EDITOR='cp " + written + "'\n" + command);
        }
        await("real server in the table", () -> table().contains("-r 10.0.0.11:80"));
        assertThat(Command.run("fairlead", "--version")).startsWith("fairlead 0.");
        assertThat(Command.run("systemctl", "is-enabled", "fairlead")).isEqualTo("enabled\n");
    }

    /** Those of IPVS are there because module ip_vs was loaded with the package. */
    @Test
    @Order(2)
    void setsSettingsOfTheKernelWithoutBeingRoot() {
        await(
                "the setting",
                () -> edge.run("sysctl", "-n", "net.ipv4.vs.expire_nodest_conn")
                        .orThrow()
                        .out()
                        .strip()
                        .equals("1"));
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

    /** In the background, after the installation. */
    @Test
    @Order(2)
    void makesItsStartUpCache() {
        StartUpCache.settle();

        assertThat(Command.run(
                                "stat",
                                "-c",
                                "%n %U %a",
                                "/var/cache/fairlead/command.aot",
                                "/var/cache/fairlead/run.aot")
                        .lines())
                .containsExactly("/var/cache/fairlead/command.aot root 644", "/var/cache/fairlead/run.aot root 644");
    }

    @Test
    @Order(3)
    void hasASmallSurface() {
        for (String unit : List.of("fairlead.service", "fairlead-cache.service")) {
            String last = Command.attempt(
                            "systemd-analyze", "security", "--offline=yes", "--no-pager", "/lib/systemd/system/" + unit)
                    .out()
                    .strip()
                    .lines()
                    .reduce((_, two) -> two)
                    .orElseThrow();
            System.out.println(last);

            double score = Double.parseDouble(last.replaceFirst(".*: ([0-9.]+) .*", "$1"));
            assertThat(score).as(unit).isLessThanOrEqualTo(2.3);
        }
    }

    /** Names come from the running appliance. */
    @Test
    @Order(4)
    void completesNamesInBash() {
        String completed = Command.run("bash", "-c", """
            complete -p fairlead 2>/dev/null || . /usr/share/bash-completion/completions/fairlead
            COMP_WORDS=(fairlead vs show '') COMP_CWORD=3 COMP_LINE='fairlead vs show ' COMP_POINT=17
            function=$(complete -p fairlead | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
            $function fairlead '' show
            printf '%s\\n' "${COMPREPLY[@]}"
            """);

        assertThat(completed.lines()).contains("own", "web");
    }

    @Test
    @Order(4)
    void refusesABadFileAtAReloadAndGoesOn() throws IOException {
        writeConfiguration("round");

        Command refused = Command.attempt("systemctl", "reload", "fairlead");

        assertThat(refused.exit()).isNotZero();
        assertThat(isActive()).isTrue();
        assertThat(table()).contains("-r 10.0.0.11:80");
        writeConfiguration("rr");
    }

    @Test
    @Order(5)
    void aRestartADowngradeAndAnUpgradeLoseNoConnection() throws IOException {
        RunningProcess holder = hold();
        String version = version();

        Command.run("systemctl", "restart", "fairlead");
        await("active after the restart", PackagedService::isActive);
        assertThat(Path.of("/proc", mainPid(), "maps")).content().contains("/var/cache/fairlead/run.aot");
        Command.run("dpkg", "-i", BuiltPackages.olderDeb());
        await("active after the downgrade", PackagedService::isActive);
        assertThat(version()).isEqualTo("0.0.1");
        assertThat(Files.readString(CONFIGURATION)).isEqualTo(configuration("rr"));
        Command.run("dpkg", "-i", BuiltPackages.deb());
        await("active after the upgrade", PackagedService::isActive);
        assertThat(version()).isEqualTo(version);
        assertThat(Files.readString(CONFIGURATION)).isEqualTo(configuration("rr"));
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
    void logsToTheJournalByField() {
        List<String> records = Command.run(
                        "journalctl", "-u", "fairlead", "--no-pager", "-o", "json", "FAIRLEAD_LOGGER=HealthLog")
                .lines()
                .toList();

        assertThat(records)
                .anySatisfy(json -> assertThat(json)
                        .contains("\"MESSAGE\":\"Real server became HEALTHY ")
                        .contains("\"PRIORITY\":\"6\"")
                        .contains("\"SYSLOG_IDENTIFIER\":\"fairlead\"")
                        .contains("\"FAIRLEAD_TARGET\":\"tcp 10.0.0.11:80\"")
                        .contains("\"FAIRLEAD_FROM\":\"UNKNOWN\""));
        assertThat(Command.run("journalctl", "-u", "fairlead", "--no-pager", "-p", "warning", "-o", "cat"))
                .as("the refused file")
                .contains("scheduler");
    }

    @Test
    @Order(8)
    void aStopLeavesTheTableAndAStartSaysWhenItIsReady() throws IOException {
        Command.run("systemctl", "stop", "fairlead");
        assertThat(table()).contains("-r 10.0.0.11:80");
        Command.run(SCRIPTS + "postinst", "configure", version());
        assertThat(isActive()).as("stopped, and configured once more").isFalse();

        Command.run("systemctl", "start", "fairlead");

        assertThat(Command.run("systemctl", "show", "-P", "StatusText", "fairlead")
                        .strip())
                .isEqualTo("following 2 virtual servers");
        int resident = Integer.parseInt(Command.run("awk", "/^VmRSS:/ { print $2 }", "/proc/" + mainPid() + "/status")
                .strip());
        System.out.printf("resident: %.1f MB%n", resident * 1.024 / 1000);
        assertThat(resident).isLessThan(RESIDENT_MAX_KIB);
    }

    @Test
    @Order(9)
    void aRefusedFileAtTheStartIsNotTriedAgainAndAgain() throws IOException {
        Command.run("systemctl", "stop", "fairlead");
        writeConfiguration("round");

        assertThat(Command.attempt("systemctl", "start", "fairlead").exit()).isNotZero();

        assertThat(Command.run(
                                "systemctl",
                                "show",
                                "-P",
                                "NRestarts",
                                "-P",
                                "ExecMainStatus",
                                "-P",
                                "ActiveState",
                                "fairlead")
                        .lines())
                .containsExactlyInAnyOrder("0", "3", "failed");
        writeConfiguration("rr");
        Command.run("systemctl", "start", "fairlead");
    }

    /** As docs/operating/kubernetes.md says. The service reads the account and reaches the API from within its confinement. */
    @Test
    @Order(10)
    void followsACluster() throws IOException {
        cluster.awaitLine("listening", PATIENCE);
        tellCluster("services", Objects.service("shop", "\"loadBalancerClass\": \"fairlead.io/fairlead\","));
        tellCluster("endpoint_slices", Objects.slice("shop", "shop-1", "10.0.0.11"));
        Path account = Files.writeString(Path.of("/run/fairlead.kubeconfig"), """
            apiVersion: v1
            kind: Config
            clusters: [{name: lab, cluster: {server: "http://10.0.0.11:6443"}}]
            users: [{name: fairlead, user: {token: secret}}]
            contexts: [{name: lab, context: {cluster: lab, user: fairlead}}]
            current-context: lab
            """);
        Command.run("install", "-m", "640", "-g", "fairlead", account.toString(), "/etc/fairlead/kubeconfig");
        Files.writeString(CONFIGURATION, withCluster());

        Command.run("systemctl", "reload", "fairlead");

        await("real server of the cluster", () -> table().contains("-t " + CLUSTER_VIP + ":80 -r 10.0.0.11:80"));
        await("its address", () -> addresses().contains(CLUSTER_VIP));
        await("its status", () -> askCluster("/get/services/shop/shop").contains(CLUSTER_VIP));
        await("what is remembered of it", () -> Files.exists(Path.of("/var/lib/fairlead/kubernetes.json")));
    }

    private String withCluster() {
        return configuration("rr") + """
            fairlead.kubernetes {
              enabled = true, target = pods, defaults.health-check.type = none
              address-pools.public { addresses = ["%s"], interface = "%s" }
            }
            """.formatted(CLUSTER_VIP, uplink);
    }

    private void tellCluster(String resource, String object) {
        askCluster("/put/" + resource, "--data-binary", object);
    }

    private String askCluster(String path, String... options) {
        List<String> words = new ArrayList<>(List.of("curl", "--silent", "--show-error", "--fail"));
        words.addAll(List.of(options));
        words.add("http://10.0.0.11:6444" + path);
        return edge.run(words.toArray(String[]::new)).orThrow().out();
    }

    @Test
    @Order(11)
    void aRemovalTakesDownWhatIsOursAndKeepsTheConfiguration() throws IOException {
        edge.run("ipvsadm", "-A", "-t", FOREIGN).orThrow();
        await("address of ours", () -> addresses().contains(OWN_VIP));
        assertThat(rules()).contains("table inet fairlead");
        Files.writeString(KEY_OF_THE_OPERATOR, "secret");
        Execution refused = edge.run(PATIENCE, "fairlead", "clear");
        assertThat(refused.exit()).as("while it runs").isNotZero();
        assertThat(table()).contains("-r 10.0.0.11:80");

        Command.run("cp", SCRIPTS + "postrm", "/run/postrm");
        System.out.print(edge.run(PATIENCE, "dpkg", "-r", "fairlead").orThrow().out());
        Command.run("sh", "/run/postrm", "remove"); // once more

        assertThat(table()).isEqualTo("-A -t " + FOREIGN + " -s wlc\n");
        assertThat(rules()).doesNotContain("fairlead");
        assertThat(addresses())
                .doesNotContain(OWN_VIP)
                .doesNotContain(CLUSTER_VIP)
                .contains(VIP);
        assertThat(isActive()).isFalse();
        assertThat(CONFIGURATION).content().isEqualTo(withCluster());
        assertThat(Path.of("/usr/lib/fairlead")).doesNotExist();
        assertThat(Path.of("/var/cache/fairlead")).doesNotExist();
    }

    private String addresses() {
        return edge.run("ip", "-brief", "address").orThrow().out();
    }

    private String rules() {
        return edge.run("nft", "list", "tables").orThrow().out();
    }

    @Test
    @Order(12)
    void aPurgeLeavesNothingButWhatTheOperatorPutThere() {
        Command.run("dpkg", "-P", "fairlead");
        Command.run("dpkg", "-P", "fairlead"); // says that there is nothing to purge
        Command.run("sh", "/run/postrm", "purge"); // once more

        assertThat(CONFIGURATION).doesNotExist();
        assertThat(KEY_OF_THE_OPERATOR).exists();
        assertThat(Path.of("/etc/default/fairlead")).doesNotExist();
        assertThat(Path.of("/var/lib/fairlead")).doesNotExist();
        assertThat(Path.of("/usr/lib/fairlead")).doesNotExist();
        assertThat(Command.run(
                                "sh",
                                "-c",
                                "find /etc /lib/systemd /var -name '*fairlead*' ! -name 'fairlead-lab*' ! -path"
                                        + " '*/systemd/system/fairlead*'")
                        .lines())
                .containsExactly("/etc/fairlead");
    }
}
