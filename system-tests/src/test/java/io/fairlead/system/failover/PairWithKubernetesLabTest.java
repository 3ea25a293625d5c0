package io.fairlead.system.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.admin.HaRequest;
import io.fairlead.appliance.admin.KubernetesReport.ServiceLine;
import io.fairlead.ha.channel.KeyFile;
import io.fairlead.system.appliance.ApplianceProcess;
import io.fairlead.system.cluster.LabApiServer;
import io.fairlead.system.cluster.Objects;
import io.fairlead.system.topology.Bridge;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.Topology;
import io.fairlead.system.traffic.ConnectionHolder;
import io.fairlead.system.traffic.HoldReport;
import io.fairlead.system.traffic.NameServer;
import io.fairlead.system.traffic.RequestLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/**
 * Two appliances in front of one cluster. Their scheduler chooses by the client's address alone, and their kernels
 * take connections whose beginning they have not seen: what is open goes on when the other one takes over. A story in order.
 */
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // set before any test
class PairWithKubernetesLabTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String VIP = "192.0.2.10";
    private static final String GATEWAY = "10.0.0.1";

    @TempDir
    private static Path folder;

    private static Topology lab;
    private static NetworkHost client;
    private static NetworkHost cluster;
    private static Side a;
    private static Side b;

    /** One of the two; {@code a} is whoever is master at first. */
    private static final class Side {
        final NetworkHost host;
        final ApplianceProcess appliance;

        Side(NetworkHost host, String self, int priority, Path key) throws IOException {
            this.host = host;
            Path kubeconfig =
                    Files.writeString(folder.resolve(host.name() + ".kubeconfig"), """
                        apiVersion: v1
                        kind: Config
                        clusters: [{name: lab, cluster: {server: "http://10.0.0.20:6443"}}]
                        users: [{name: fairlead, user: {token: %s}}]
                        contexts: [{name: lab, context: {cluster: lab, user: fairlead}}]
                        current-context: lab
                        """.formatted(host.name()));
            appliance = ApplianceProcess.start(
                    host, """
                        fairlead {
                          node-name = %s
                          reconcile.interval = 10s
                          sysctls.sloppy-tcp = true
                          defaults {
                            drain-timeout = 5s
                            health-check { type = tcp, interval = 10s, timeout = 9s, rise = 1, fall = 3 }
                          }
                          high-availability {
                            cluster = edge, bind-address = "%s", peers = ["192.0.2.1", "192.0.2.2"], secret-file = "%s"
                            connection-sync.enabled = false
                            virtual-routers {
                              outside {
                                id = 51, priority = %d, interface = eth0, addresses = ["192.0.2.99"]
                                advertisement-interval = 5s, address-lifetime = 20s, preempt = false
                              }
                              inside {
                                id = 52, priority = %d, interface = eth1, addresses = ["%s"]
                                advertisement-interval = 5s, address-lifetime = 20s, preempt = false
                              }
                            }
                            sync-groups.edge = [outside, inside]
                          }
                          kubernetes {
                            enabled = true, kubeconfig = "%s", target = pods, source-nat = false
                            defaults.scheduler = mh
                            address-pools.public { addresses = ["%s-192.0.2.12"], virtual-router = outside }
                          }
                        }
                        """.formatted(host.name(), self, key, priority, priority, GATEWAY, kubeconfig, VIP));
        }

        String name() {
            return host.name();
        }

        boolean holds(String address) {
            return host.run("ip", "address", "show").orThrow().out().contains(" " + address + "/32");
        }

        /** Returns whether it sends to these pods of "web", and to no others. */
        boolean serves(int... pods) {
            String table = host.run("ipvsadm", "-Sn").orThrow().out();
            String wanted = "-a -t " + VIP + ":80 -r ";
            for (int pod : pods) {
                if (!table.contains(wanted + pod(pod) + ":80 -m -w 1")) {
                    return false;
                }
            }
            return table.split(wanted, -1).length == pods.length + 1;
        }

        /** Returns what a restart would know of the cluster: some seconds old, as it is written now and then. */
        String saved() {
            try {
                return Files.readString(appliance.stateFolder().resolve("kubernetes.json"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        List<ServiceLine> services() {
            return appliance.kubernetes().services();
        }
    }

    private static String pod(int number) {
        return "10.0.0.1" + number;
    }

    @BeforeAll
    static void buildNetwork() throws IOException {
        lab = Topology.create();
        Bridge front = lab.bridge("front");
        Bridge back = lab.bridge("back");
        client = lab.host("client");
        cluster = lab.host("cluster");
        NetworkHost hostA = lab.host("edge-a").forwarding();
        NetworkHost hostB = lab.host("edge-b").forwarding();
        front.attach(client, "192.0.2.100/24");
        front.attach(hostA, "192.0.2.1/24");
        front.attach(hostB, "192.0.2.2/24");
        back.attach(hostA, "10.0.0.2/24");
        back.attach(hostB, "10.0.0.3/24");
        back.attach(cluster, "10.0.0.20/24", pod(1) + "/24", pod(2) + "/24", pod(3) + "/24");
        cluster.route("default", GATEWAY);
        for (int i = 1; i <= 3; i++) {
            cluster.startJava(NameServer.class, "pod-" + i, pod(i), "80").awaitLine("listening", PATIENCE);
        }
        cluster.start(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"), // it needs a library, so more than startJava gives
                        LabApiServer.class.getName(),
                        "10.0.0.20",
                        "6443")
                .awaitLine("listening", PATIENCE);
        putService("web");
        putPods(1, 2);
        Path key = folder.resolve("cluster.key");
        Files.writeString(key, KeyFile.newKey());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
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

    private static String control(String path, String body) {
        return cluster.run(
                        "curl",
                        "--silent",
                        "--show-error",
                        "--fail",
                        "--data-binary",
                        body,
                        "http://10.0.0.20:6444" + path)
                .orThrow()
                .out();
    }

    private static void putService(String name) {
        control("/put/services", Objects.service(name, "\"loadBalancerClass\": \"fairlead.io/fairlead\","));
    }

    private static void putPods(int... numbers) {
        String[] addresses = new String[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            addresses[i] = pod(numbers[i]);
        }
        control("/put/endpoint_slices", Objects.slice("web", "web-1", addresses));
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!holds(condition)) {
            boolean isOver =
                    !a.appliance.process().isAlive() || !b.appliance.process().isAlive();
            if (isOver || System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + PATIENCE + ": " + what + logs());
            }
            try {
                Thread.sleep(1_000); // each look costs the emulated machine a process or two
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static String logs() {
        return "\n" + a.name() + ":\n" + a.appliance.process().err() + "\n" + b.name() + ":\n"
                + b.appliance.process().err();
    }

    /** An appliance that does not listen yet has nothing to say. */
    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private static RunningProcess load() {
        RunningProcess load = client.startJava(RequestLoop.class, VIP, "80", "20");
        load.awaitLine("running", PATIENCE);
        return load;
    }

    private static String end(RunningProcess load) {
        client.run("kill", "-TERM", Long.toString(load.pid())).orThrow();
        return load.awaitLine("requests", PATIENCE);
    }

    private static String ingress(String service) {
        return control("/get/services/shop/" + service, "").replaceAll(".*\"status\":", "");
    }

    @Test
    @Order(1)
    void bothAgreeOnTheAddressAndTheMasterAloneHoldsAndTellsIt() {
        await("both serve", () -> a.serves(1, 2) && b.serves(1, 2));
        await("one of them holds the addresses", () -> a.holds(GATEWAY) || b.holds(GATEWAY));
        if (b.holds(GATEWAY)) { // both were started at once, and neither preempts
            Side master = b;
            b = a;
            a = master;
        }
        await("the master holds the address of the Service too", () -> a.holds(VIP) && !b.holds(VIP));
        await("the status", () -> ingress("web").contains("{\"ip\":\"" + VIP + "\",\"ipMode\":\"Proxy\"}"));

        assertThat(b.services()).isEqualTo(a.services());
        assertThat(control("/writers", "")).contains(a.name() + "=").doesNotContain(b.name());
    }

    @Test
    @Order(2)
    void aRollingUpdateUnderLoadFailsNoRequest() {
        RunningProcess load = load();

        putPods(1, 2, 3);
        await("the new pod, on both", () -> a.serves(1, 2, 3) && b.serves(1, 2, 3));
        putPods(2, 3);
        await("the old pod is gone, on both", () -> a.serves(2, 3) && b.serves(2, 3));
        String report = end(load);

        assertThat(report)
                .as(PairWithKubernetesLabTest::logs)
                .contains(" failed 0 ")
                .contains(" pod-");
    }

    @Test
    @Order(3)
    void anOutageOfTheApiWithARestartAndAFailoverInItsMiddleFailsNothing() {
        await("it has written down that the old pod is gone", () -> !b.saved().contains(pod(1)));
        control("/stop", "");
        await(
                "both are told",
                () -> !a.appliance.kubernetes().problems().isEmpty()
                        && !b.appliance.kubernetes().problems().isEmpty());
        b.appliance.kill();
        b.appliance.restart();
        await("it serves what it knew", () -> b.services().size() == 1 && b.serves(2, 3));
        assertThat(b.appliance.kubernetes().synced()).isFalse();
        RunningProcess load = load();
        RunningProcess open = client.startJava(ConnectionHolder.class, VIP, "80", "20", "600", "100", "60000");
        open.awaitLine("holding", PATIENCE);

        a.appliance.highAvailability(new HaRequest("outside", null));
        await("the other one holds the addresses", () -> b.holds(VIP) && b.holds(GATEWAY) && !a.holds(VIP));
        putPods(2, 3); // the way a test waits for some more traffic
        client.run("sleep", "5").orThrow();
        client.run("kill", "-TERM", Long.toString(open.pid())).orThrow();
        HoldReport held = HoldReport.parse(open.awaitLine("opened=", PATIENCE));
        String report = end(load);

        assertThat(report).as(PairWithKubernetesLabTest::logs).contains(" failed 0 ");
        assertThat(held.opened()).isEqualTo(20);
        assertThat(held.lost()).as("%s", held).isZero();
    }

    @Test
    @Order(4)
    void theNewMasterTellsWhatComesAfterTheOutageAndBothAgreeStill() {
        control("/restart", "");
        putPods(3);
        await("both follow", () -> a.serves(3) && b.serves(3));
        int before = writes(a);

        putService("second");

        await("the status", () -> ingress("second").contains("192.0.2.11"));
        assertThat(writes(a)).as("by the old master").isEqualTo(before);
        assertThat(writes(b)).isPositive();
        await("both agree", () -> a.services().size() == 2 && a.services().equals(b.services()));
        assertThat(ingress("web")).contains(VIP);
    }

    private static int writes(Side side) {
        String all = control("/writers", "");
        String who = side.name() + "=";
        int found = all.indexOf(who);
        return found < 0
                ? 0
                : Integer.parseInt(all.substring(found + who.length()).replaceAll("\\D.*", ""));
    }
}
