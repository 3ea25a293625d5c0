package io.fairlead.system.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.system.cluster.LabApiServer;
import io.fairlead.system.cluster.Objects;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.Topology;
import io.fairlead.system.traffic.DatagramNames;
import io.fairlead.system.traffic.NameServer;
import io.fairlead.system.traffic.RequestLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** An appliance in front of a cluster whose pod network it routes to. A story: what one test leaves, the next one finds. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KubernetesLabTest {

    private static final String VIP = "192.0.2.10";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @SuppressWarnings("NullAway.Init") // set before any test
    private Topology topology;

    @SuppressWarnings("NullAway.Init")
    private NetworkHost client;

    @SuppressWarnings("NullAway.Init")
    private NetworkHost edge;

    @SuppressWarnings("NullAway.Init")
    private ApplianceProcess appliance;

    @SuppressWarnings("NullAway.Init")
    private Path kubeconfig;

    private final List<RunningProcess> pods = new ArrayList<>();

    @BeforeAll
    void buildNetwork(@TempDir Path directory) throws IOException {
        topology = Topology.create();
        client = topology.host("client");
        edge = topology.host("edge").forwarding();
        topology.bridge("front").attach(client, "192.0.2.100/24");
        topology.bridge("front").attach(edge, "192.0.2.1/24");
        topology.bridge("back").attach(edge, "10.0.0.1/24");
        NetworkHost node = topology.host("node");
        topology.bridge("back").attach(node, "10.0.0.11/24", "10.0.0.12/24", "10.0.0.13/24");
        node.route("default", "10.0.0.1");
        for (int i = 1; i <= 3; i++) {
            pods.add(node.startJava(NameServer.class, "pod-" + i, "10.0.0.1" + i, "80"));
        }
        RunningProcess api = LabApiServer.startOn(edge, "127.0.0.1", 6443);
        pods.forEach(pod -> pod.awaitLine("listening", PATIENCE));
        api.awaitLine("listening", PATIENCE);
        control("/put/services", Objects.service("web", "\"loadBalancerClass\": \"fairlead.io/fairlead\","));
        control("/put/endpoint_slices", Objects.slice("web", "web-1", "10.0.0.11", "10.0.0.12"));
        kubeconfig = Files.writeString(directory.resolve("kubeconfig"), """
            apiVersion: v1
            kind: Config
            clusters: [{name: lab, cluster: {server: "http://127.0.0.1:6443"}}]
            users: [{name: fairlead, user: {token: secret}}]
            contexts: [{name: lab, context: {cluster: lab, user: fairlead}}]
            current-context: lab
            """);
        appliance = ApplianceProcess.start(edge, configuration(kubeconfig, false));
    }

    private static String configuration(Path kubeconfig, boolean sourceNat) {
        return """
            fairlead {
              node-name = edge
              reconcile.interval = 2s
              sysctls.expire-nodest-conn = true
              defaults {
                drain-timeout = 30s
                health-check { type = tcp, interval = 2s, timeout = 1900ms, rise = 1, fall = 2 }
              }
              virtual-servers.own { address = "192.0.2.11", port = 80, real-servers = [{ address = "10.0.0.12" }] }
              kubernetes {
                enabled = true, kubeconfig = "%s", target = pods, source-nat = %b
                defaults.scheduler = rr
                address-pools.public { addresses = ["%s"], interface = eth0 }
              }
            }
            """.formatted(kubeconfig, sourceNat, VIP);
    }

    @AfterAll
    void tearDown() {
        appliance.close();
        topology.close();
    }

    private String control(String path, String body) {
        return edge.run(
                        "curl",
                        "--silent",
                        "--show-error",
                        "--fail",
                        "--data-binary",
                        body,
                        "http://127.0.0.1:6444" + path)
                .orThrow()
                .out();
    }

    private String table() {
        return edge.run("ipvsadm", "-Sn").orThrow().out();
    }

    private void awaitTable(String what, Predicate<String> condition) {
        appliance.await(what, PATIENCE, _ -> condition.test(table()));
    }

    private static boolean serves(String table, int pod) {
        return table.contains("-a -t " + VIP + ":80 -r 10.0.0.1" + pod + ":80 -m -w 1");
    }

    private static String ending(String slice, String address) {
        return slice.replace(
                "[\"" + address + "\"], \"conditions\": {\"ready\": true}",
                "[\"" + address + "\"], \"conditions\": {\"ready\": false, \"serving\": true, \"terminating\": true}");
    }

    private RunningProcess load() {
        RunningProcess load = client.startJava(RequestLoop.class, VIP, "80", "20");
        load.awaitLine("running", PATIENCE);
        return load;
    }

    private String end(RunningProcess load) {
        client.run("kill", "-TERM", Long.toString(load.pid())).orThrow();
        return load.awaitLine("requests", PATIENCE);
    }

    @Test
    @Order(1)
    void aServiceBecomesAVirtualServerBesideTheConfiguredOnesAndItsAddressIsTold() {
        awaitTable("both pods", table -> serves(table, 1) && serves(table, 2));

        assertThat(table()).contains("-A -t 192.0.2.11:80");
        assertThat(edge.run("ip", "-o", "address", "show", "dev", "eth0")
                        .orThrow()
                        .out())
                .contains(VIP + "/32");
        appliance.await(
                "the status",
                PATIENCE,
                _ -> control("/get/services/shop/web", "")
                        .contains("\"ingress\":[{\"ip\":\"" + VIP + "\",\"ipMode\":\"Proxy\"}]"));
    }

    @Test
    @Order(2)
    void aRollingUpdateUnderLoadFailsNoRequest() {
        RunningProcess load = load();

        String three = Objects.slice("web", "web-1", "10.0.0.11", "10.0.0.12", "10.0.0.13");
        control("/put/endpoint_slices", three);
        awaitTable("the new pod", table -> serves(table, 3));
        control("/put/endpoint_slices", ending(three, "10.0.0.11"));
        awaitTable("the old pod drains", table -> !serves(table, 1));
        control("/put/endpoint_slices", Objects.slice("web", "web-1", "10.0.0.12", "10.0.0.13"));
        awaitTable("the old pod is gone", table -> !table.contains("10.0.0.11:80"));
        topology.host("node").run("kill", Long.toString(pods.getFirst().pid())).orThrow();
        String report = end(load);

        assertThat(report).contains(" failed 0 ").contains("pod-2=").contains("pod-3=");
    }

    @Test
    @Order(3)
    void anOutageOfTheApiWithARestartInItsMiddleFailsNoRequestEither() {
        RunningProcess load = load();

        control("/stop", "");
        appliance.await(
                "it is told", PATIENCE, _ -> !appliance.kubernetes().problems().isEmpty());
        appliance.kill();
        appliance.restart();
        appliance.await("it is back", PATIENCE, _ -> true);
        appliance.await(
                "it serves what it knew",
                PATIENCE,
                _ -> appliance.kubernetes().services().size() == 1 && serves(table(), 2) && serves(table(), 3));
        assertThat(appliance.kubernetes().synced()).isFalse();
        String report = end(load);

        assertThat(report).contains(" failed 0 ");
    }

    @Test
    @Order(4)
    void whatChangedWhileTheApiWasAwayIsFollowed() {
        control("/put/endpoint_slices", Objects.slice("web", "web-1", "10.0.0.12"));
        control("/restart", "");

        awaitTable("the pod that left", table -> serves(table, 2) && !serves(table, 3));
        appliance.await("all is well", PATIENCE, _ -> appliance.kubernetes().synced());
        control("/delete/services/shop/web", "");
        awaitTable("the Service is gone", table -> !table.contains(VIP + ":80"));
        appliance.await(
                "nothing holds it",
                PATIENCE,
                _ -> control("/get/services/shop/web", "").isEmpty());
        assertThat(table()).contains("-A -t 192.0.2.11:80");
    }

    /** With source NAT, where connection tracking takes part: the numbers are those of cases. */
    @Test
    @Order(5)
    void case85And87ClientsOverUdpAreServedByWhoeverIsThere() {
        NetworkHost node = topology.host("node");
        for (int i = 2; i <= 3; i++) {
            node.startJava(DatagramNames.class, "serve", "pod-" + i, "10.0.0.1" + i, "80")
                    .awaitLine("listening", PATIENCE);
        }
        assertThat(appliance.reload(configuration(kubeconfig, true)).accepted()).isTrue();
        control(
                "/put/services",
                Objects.service("names", "\"loadBalancerClass\": \"fairlead.io/fairlead\",")
                        .replace("TCP", "UDP"));
        control("/put/endpoint_slices", slice());
        awaitTable("nobody yet", table -> table.contains("-A -u " + VIP + ":80"));
        RunningProcess asking = client.startJava(DatagramNames.class, "ask", VIP, "80", "600", "500");
        asking.awaitLine("nobody", PATIENCE);

        String both = slice("10.0.0.12", "10.0.0.13");
        control("/put/endpoint_slices", slice("10.0.0.12"));
        asking.awaitLine("pod-2", PATIENCE);
        control("/put/endpoint_slices", ending(both, "10.0.0.12"));
        awaitTable("it ends", table -> table.contains("-a -u " + VIP + ":80 -r 10.0.0.12:80 -m -w 0"));
        control("/put/endpoint_slices", slice("10.0.0.13"));
        asking.awaitLine("pod-3", PATIENCE);

        assertThat(table()).doesNotContain("-u " + VIP + ":80 -r 10.0.0.12");
        assertThat(asking.out().lines()).startsWith("nobody", "pod-2").endsWith("pod-3");
        asking.stop();
    }

    private static String slice(String... addresses) {
        return Objects.slice("names", "names-1", addresses).replace("TCP", "UDP");
    }
}
