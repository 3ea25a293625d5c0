package io.fairlead.system.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fairlead.appliance.admin.ReloadReport;
import io.fairlead.system.topology.Execution;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.traffic.HoldReport;
import io.fairlead.system.traffic.NameServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One appliance between a client and two real servers, on a kernel with IPVS. A story in order. */
class ApplianceLabTest extends ApplianceStory {

    private static final String VIP = "192.0.2.10";
    private static final int CONNECTIONS = 60;

    private static final String METRICS = "http://192.0.2.1:9650/";

    @SuppressWarnings("NullAway.Init") // set before any test
    private RunningProcess web1;

    @BeforeAll
    void buildNetwork() {
        edge.forwarding();
        topology.bridge("front").attach(client, "192.0.2.100/24");
        topology.bridge("front").attach(edge, "192.0.2.1/24", VIP + "/32");
        topology.bridge("back").attach(edge, "10.0.0.1/24");
        web1 = realServer(1);
        RunningProcess web2 = realServer(2);
        web1.awaitLine("listening", PATIENCE);
        web2.awaitLine("listening", PATIENCE);
        // Someone else's virtual server, there before us, and one of ours as an earlier run may have left it.
        edge.run("ipvsadm", "-A", "-t", "203.0.113.1:80", "-s", "rr").orThrow();
        edge.run("ipvsadm", "-A", "-t", VIP + ":80", "-s", "rr").orThrow();
        edge.run("ipvsadm", "-a", "-t", VIP + ":80", "-r", "10.0.0.11:80", "-m", "-w", "1")
                .orThrow();
        appliance = ApplianceProcess.start(edge, configuration(1, 1));
        appliance.awaitHealthy("web", 2);
    }

    private RunningProcess realServer(int number) {
        NetworkHost web = topology.host("web-" + number);
        String address = "10.0.0." + (10 + number);
        topology.bridge("back").attach(web, address + "/24");
        web.route("default", "10.0.0.1");
        return start(number);
    }

    private RunningProcess start(int number) {
        return topology.host("web-" + number)
                .startJava(NameServer.class, "web-" + number, "10.0.0." + (10 + number), "80");
    }

    private static String configuration(int weight1, int weight2) {
        return """
            fairlead {
              node-name = edge
              reconcile.interval = 2s
              defaults.health-check { type = tcp, interval = 2s, timeout = 1900ms, rise = 1, fall = 2 }
              virtual-servers.web {
                address = "%s", port = 80, scheduler = wrr, forwarding = nat
                real-servers = [
                  { name = web-1, address = "10.0.0.11", weight = %d }
                  { name = web-2, address = "10.0.0.12", weight = %d }
                ]
              }
            }
            """.formatted(VIP, weight1, weight2);
    }

    private RunningProcess hold() {
        return hold(VIP, 80, CONNECTIONS);
    }

    @Test
    @Order(1)
    void adoptsWhatTheKernelHoldsAndLeavesOthersAlone() {
        assertThat(table())
                .contains("-A -t 192.0.2.10:80 -s wrr")
                .contains("-a -t 192.0.2.10:80 -r 10.0.0.11:80 -m -w 1")
                .contains("-a -t 192.0.2.10:80 -r 10.0.0.12:80 -m -w 1")
                .contains("-A -t 203.0.113.1:80 -s rr");
        assertThat(appliance.process().err()).contains("Adopted virtual servers that the kernel holds already count=1");
    }

    @Test
    @Order(2)
    void spreadsConnectionsByWeightAfterAReload() {
        ReloadReport reload = appliance.reload(configuration(2, 1));

        HoldReport report = release(hold());

        assertThat(reload).isEqualTo(new ReloadReport(true, false, List.of(), 1, List.of(), null));
        assertThat(report.connectionsByServer()).isEqualTo(Map.of("web-1", 40, "web-2", 20));
    }

    @Test
    @Order(3)
    void aRefusedFileChangesNothing() {
        String before = table();
        String unknownKey = configuration(1, 1).replace("scheduler =", "schedular =");
        String missingScheduler = configuration(1, 1).replace("scheduler = wrr", "scheduler = twos");
        String missingBrace = configuration(1, 1).stripTrailing().replaceFirst("}$", "");

        ReloadReport first = appliance.reload(unknownKey);
        ReloadReport second = appliance.reload(missingScheduler);
        ReloadReport third = appliance.reload(missingBrace);

        assertThat(first.accepted()).isFalse();
        assertThat(first.problems())
                .singleElement()
                .asString()
                .contains("fairlead.conf:6")
                .contains("did you mean scheduler");
        assertThat(second.accepted()).isFalse();
        assertThat(second.problems())
                .contains("virtual server web: scheduler \"twos\" is not in this kernel (expected: module ip_vs_twos)");
        assertThat(third.accepted()).isFalse();
        assertThat(table()).isEqualTo(before);
    }

    @Test
    @Order(4)
    void repairsWhatSomeoneElseChangesAndCountsIt() {
        appliance.reload(configuration(2, 1));
        long before = appliance.status().reconcile().drift();

        edge.run("ipvsadm", "-e", "-t", VIP + ":80", "-r", "10.0.0.11:80", "-m", "-w", "7")
                .orThrow();
        edge.run("ipvsadm", "-d", "-t", VIP + ":80", "-r", "10.0.0.12:80").orThrow();
        edge.run("ipvsadm", "-a", "-t", VIP + ":80", "-r", "10.0.0.99:80", "-m").orThrow();

        appliance.await(
                "drift is counted", PATIENCE, status -> status.reconcile().drift() > before);
        appliance.await(
                "the table is as wanted",
                PATIENCE,
                _ -> table().contains("10.0.0.11:80 -m -w 2")
                        && table().contains("10.0.0.12:80 -m -w 1")
                        && !table().contains("10.0.0.99"));
        assertThat(table()).contains("203.0.113.1:80");
    }

    @Test
    @Order(5)
    void anUnchangedTableIsNotWritten() {
        long before = appliance.status().reconcile().operations();

        ReloadReport reload = appliance.reload(configuration(2, 1));

        assertThat(reload.operations()).isZero();
        assertThat(appliance.plan().commands()).isEmpty();
        assertThat(appliance.status().reconcile().operations()).isEqualTo(before);
    }

    @Test
    @Order(5)
    void answersAsTheDocumentOfItsSocketSays() throws IOException {
        new DocumentedAnswers(appliance)
                .ask("GET /v1/status", "", 200)
                .ask("GET /v1/events?virtual-server=web", "", 200)
                .ask("GET /v1/explain?virtual-server=web&client=192.0.2.100", "", 200)
                .ask(
                        "POST /v1/real-server",
                        "{\"virtualServer\": \"web\", \"realServer\": \"web-1\", \"action\": \"enable\"}",
                        200)
                .ask("POST /v1/check", "{\"virtualServer\": \"web\", \"realServer\": \"web-1\"}", 200)
                .ask("POST /v1/plan", "", 200)
                .areAsDocumented();
    }

    @Test
    @Order(6)
    void connectionsSurviveAKillAndARestart() {
        RunningProcess holder = hold();

        appliance.kill();
        assertThat(table()).contains("10.0.0.11:80 -m -w 2").contains("10.0.0.12:80 -m -w 1");
        appliance.restart();
        appliance.awaitHealthy("web", 2);
        ReloadReport reload = appliance.reload(configuration(1, 1));
        HoldReport report = release(holder);

        assertThat(reload.operations()).isEqualTo(1);
        assertThat(report.opened()).isEqualTo(CONNECTIONS);
        assertThat(report.lost()).isZero();
        assertThat(report.strayed()).isZero();
    }

    @Test
    @Order(7)
    void aDeadRealServerLeavesAndComesBack() {
        web1.kill();
        appliance.awaitInTable("web", "web-1", false);

        HoldReport without = release(hold());
        start(1).awaitLine("listening", PATIENCE);
        appliance.awaitInTable("web", "web-1", true);

        assertThat(without.refused()).isZero();
        assertThat(without.connectionsByServer()).isEqualTo(Map.of("web-2", CONNECTIONS));
    }

    @Test
    @Order(8)
    void hangUpReloadsTheFile() {
        appliance.write(configuration(5, 1));

        appliance.hangUp();

        appliance.await("weight 5 is in the kernel", PATIENCE, _ -> table().contains("10.0.0.11:80 -m -w 5"));
    }

    @Test
    @Order(9)
    void aSecondApplianceInTheSameNetworkNamespaceRefusesToStart() {
        Execution second = edge.run(
                PATIENCE,
                ApplianceProcess.command("64m", "run", "-c", appliance.file().toString())
                        .toArray(String[]::new));

        assertThat(second.exit()).isEqualTo(1);
        assertThat(second.err()).contains("another appliance manages IPVS in this network namespace");
    }

    @Test
    @Order(10)
    void withoutPrivilegesItSaysWhatItNeeds(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("fairlead.conf");
        Files.writeString(file, "fairlead.admin.socket = \"" + folder.resolve("admin.sock") + "\"\n");
        List<String> command =
                new ArrayList<>(List.of("setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin", "--"));
        command.addAll(ApplianceProcess.command("64m", "run", "-c", file.toString()));

        Execution refused = edge.run(PATIENCE, command.toArray(String[]::new));

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("EPERM").contains("CAP_NET_ADMIN").doesNotContain("at io.fairlead");
    }

    /** A real Prometheus scrapes the appliance, and answers with what the kernel counted. */
    @Test
    @Order(11)
    void isUnderstoodByPrometheusAndShowsItsPage(@TempDir Path folder) throws IOException {
        assumeThat(Path.of("/usr/bin/prometheus"))
                .as("needs Debian's package prometheus: build/install-tools --servers")
                .isExecutable();
        String withoutPage = statusCode("http://127.0.0.1:9650/");
        appliance.reload(configuration(2, 1).replace("node-name = edge", """
            node-name = edge
              metrics { listen = "192.0.2.1:9650", status-page = true }\
            """));
        String metrics =
                client.run("curl", "-sS", METRICS + "metrics").orThrow().out();
        assertThat(withoutPage).isEqualTo("404");
        assertThat(client.run("curl", "-sS", METRICS).orThrow().out()).contains("<h1>edge</h1>", "web-1");
        assertThat(edge.runWithInput(metrics, "promtool", "check", "metrics"))
                .as("the whole output, names, units and texts")
                .matches(check -> check.succeeded() && (check.out() + check.err()).isEmpty());
        Path file = Files.writeString(folder.resolve("prometheus.yml"), """
            global: { scrape_interval: 10s, scrape_timeout: 10s }
            scrape_configs: [{ job_name: fairlead, static_configs: [{ targets: ["192.0.2.1:9650"] }] }]
            """);
        try (RunningProcess _ = edge.start(
                "prometheus",
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:9090")) {
            appliance.await(
                    "Prometheus knows the kernel's connections",
                    PATIENCE,
                    _ -> query("fairlead_virtual_server_connections_total{virtual_server=\"web\"}")
                                    .contains("\"" + connections() + "\"")
                            && query("up{job=\"fairlead\"}").contains("\"1\""));
            assertThat(query("fairlead_real_server_healthy{real_server=\"web-1\"}"))
                    .contains("\"1\"");
        }
    }

    private String query(String expression) {
        return edge.run(
                        "curl",
                        "-s",
                        "-G",
                        "http://127.0.0.1:9090/api/v1/query",
                        "--data-urlencode",
                        "query=" + expression)
                .out();
    }

    /** Returns the status code. */
    private String statusCode(String url) {
        return edge.run("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", url)
                .out()
                .strip();
    }

    /** How many connections to the virtual server the kernel has scheduled. */
    private long connections() {
        String stats = edge.run("ipvsadm", "-Ln", "--stats", "--exact", "-t", VIP + ":80")
                .orThrow()
                .out();
        Matcher line = Pattern.compile(VIP + ":80 +(\\d+)").matcher(stats);
        assertThat(line.find()).as(stats).isTrue();
        return Long.parseLong(line.group(1));
    }

    @Test
    @Order(12)
    void aRemovedVirtualServerLeavesTheKernelAndAStopLeavesTheRest() {
        String other = configuration(1, 1)
                .replace("virtual-servers.web", "virtual-servers.other")
                .replace("port = 80,", "port = 81,")
                .replace("weight", "port = 80, weight");

        ReloadReport heldBack = appliance.reload(other);
        ReloadReport reload = appliance.forceReload(other);
        appliance.await(
                "the removed one has drained",
                PATIENCE,
                status -> status.leaving().isEmpty());
        int exit = appliance.terminate();

        assertThat(heldBack.heldBack()).isTrue();
        assertThat(reload.accepted()).isTrue();
        assertThat(exit).isZero();
        assertThat(table())
                .contains("192.0.2.10:81")
                .doesNotContain("192.0.2.10:80")
                .contains("203.0.113.1:80");
    }
}
