package io.fairlead.system.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.admin.ReloadReport;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.traffic.HoldReport;
import io.fairlead.system.traffic.NameServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Several ports as one virtual server, source NAT and source ranges, shown by traffic: a client, an appliance, and a real
 * server that has no route to the client. A story in order.
 */
class PacketRulesLabTest extends ApplianceStory {

    private static final String VIP = "192.0.2.10";
    private static final String VIP6 = "2001:db8:1::10";
    private static final String PLAIN_VIP = "192.0.2.11";
    private static final String FOREIGN_VIP = "192.0.2.99";
    private static final int CURL_TIMED_OUT = 28;
    private static final int CURL_REFUSED = 7;
    private static final int CONNECTIONS = 20;

    @SuppressWarnings("NullAway.Init") // set before any test
    private NetworkHost web;

    @BeforeAll
    void buildNetwork() {
        edge.forwarding();
        web = topology.host("web");
        topology.bridge("front").attach(client, "192.0.2.100/24", "192.0.2.101/24", "2001:db8:1::100/64");
        topology.bridge("front")
                .attach(
                        edge,
                        "192.0.2.1/24",
                        VIP + "/32",
                        PLAIN_VIP + "/32",
                        FOREIGN_VIP + "/32",
                        "2001:db8:1::1/64",
                        VIP6 + "/128");
        topology.bridge("back").attach(edge, "10.0.0.1/24", "2001:db8:2::1/64");
        topology.bridge("back").attach(web, "10.0.0.11/24", "2001:db8:2::11/64");
        List<RunningProcess> servers = new ArrayList<>();
        for (String port : List.of("80", "443", "8001")) {
            servers.add(web.startJava(NameServer.class, "port-" + port, "::", port));
        }
        servers.forEach(server -> server.awaitLine("listening", PATIENCE));
        edge.run("ipvsadm", "-A", "-t", FOREIGN_VIP + ":80", "-s", "rr").orThrow();
        edge.run("ipvsadm", "-a", "-t", FOREIGN_VIP + ":80", "-r", "10.0.0.11:80", "-m")
                .orThrow();
        edge.run("nft", "add table inet others; add chain inet others empty").orThrow();
        appliance = ApplianceProcess.start(edge, configuration("\"192.0.2.100\"", 1));
        for (String name : List.of("web", "web-ipv6", "plain")) {
            appliance.awaitHealthy(name, 1);
        }
    }

    private static String configuration(String allowed, int weight) {
        return """
            fairlead {
              node-name = edge
              reconcile.interval = 2s
              defaults.drain-timeout = 5s
              defaults.health-check { type = tcp, interval = 2s, timeout = 1900ms, rise = 1, fall = 2 }
              virtual-servers {
                web {
                  address = "%s", ports = ["80", "443", "8000-8002"], source-nat = true, allow-from = [%s]
                  real-servers = [{ name = one, address = "10.0.0.11", weight = %d }]
                }
                web-ipv6 {
                  address = "%s", ports = ["80", "443", "8000-8002"], source-nat = true
                  real-servers = [{ name = one, address = "2001:db8:2::11" }]
                }
                plain {
                  address = "%s", port = 80
                  real-servers = [{ name = one, address = "10.0.0.11" }]
                }
              }
            }
            """.formatted(VIP, allowed, weight, VIP6, PLAIN_VIP);
    }

    private String rules() {
        return edge.run("nft", "list", "table", "inet", "fairlead").orThrow().out();
    }

    @Test
    @Order(1)
    void severalPortsAreOneVirtualServerWhoseRealServersNeedNoRouteBack() {
        for (String address : List.of(VIP, VIP6)) {
            for (int port : List.of(80, 443, 8001)) {
                assertThat(get(client, address, port).out()).isEqualTo("port-" + port + "\n");
            }
            assertThat(get(client, address, 8003).exit()).isEqualTo(CURL_REFUSED);
        }
        assertThat(edge.run("ipvsadm", "-Sn").orThrow().out())
                .containsPattern("-a -f 0*[0-9]+ -r 10.0.0.11:0 -m -w 1")
                .doesNotContain(VIP + ":");
        assertThat(appliance.status().virtualServers())
                .anySatisfy(virtualServer ->
                        assertThat(virtualServer.service()).isEqualTo("TCP 192.0.2.10:80,443,8000-8002"));
    }

    @Test
    @Order(2)
    void clientsOnTheApplianceItselfAreServedToo() {
        assertThat(get(edge, VIP, 443, "--interface", "192.0.2.1").out()).isEqualTo("port-443\n");
    }

    @Test
    @Order(3)
    void onlyOurVirtualServersThatAskForItAreTranslated() {
        assertThat(get(client, PLAIN_VIP, 80, "-m", "4").exit()).isEqualTo(CURL_TIMED_OUT);
        assertThat(get(client, FOREIGN_VIP, 80, "-m", "4").exit()).isEqualTo(CURL_TIMED_OUT);

        web.route("192.0.2.0/24", "10.0.0.1"); // with which they see the client

        assertThat(get(client, PLAIN_VIP, 80).out()).isEqualTo("port-80\n");
        assertThat(get(client, FOREIGN_VIP, 80).out()).isEqualTo("port-80\n");
        web.run("ip", "route", "del", "192.0.2.0/24").orThrow();
        assertThat(get(client, VIP, 80).out()).isEqualTo("port-80\n");
    }

    @Test
    @Order(4)
    void whoIsNotListedIsDropped() {
        assertThat(get(client, VIP, 80, "-m", "4", "--interface", "192.0.2.101").exit())
                .isEqualTo(CURL_TIMED_OUT);
        assertThat(get(client, VIP, 8001, "-m", "4", "--interface", "192.0.2.101")
                        .exit())
                .isEqualTo(CURL_TIMED_OUT);

        ReloadReport reload = appliance.reload(configuration("\"192.0.2.100\", \"192.0.2.101\"", 1));

        assertThat(reload).isEqualTo(new ReloadReport(true, false, List.of(), 1, List.of(), null));
        assertThat(get(client, VIP, 80, "--interface", "192.0.2.101").out()).isEqualTo("port-80\n");
        assertThat(get(client, VIP, 8001, "--interface", "192.0.2.101").out()).isEqualTo("port-8001\n");
    }

    @Test
    @Order(5)
    void aFlushOfAllRulesIsMended() {
        long before = appliance.status().packetRules().drift();
        String wanted = rules();

        edge.run("nft", "flush", "ruleset").orThrow();
        edge.run("sysctl", "-qw", "net.ipv4.vs.conntrack=0").orThrow();

        appliance.await(
                "drift is counted", PATIENCE, status -> status.packetRules().drift() > before);
        appliance.await( // the two may not be mended together
                "the setting is back",
                PATIENCE,
                _ -> edge.run("sysctl", "-n", "net.ipv4.vs.conntrack")
                        .orThrow()
                        .out()
                        .equals("1\n"));
        assertThat(withoutCounters(rules())).isEqualTo(withoutCounters(wanted));
        assertThat(get(client, VIP, 443).out()).isEqualTo("port-443\n");
        edge.run("nft", "add table inet others").orThrow();
    }

    private static String withoutCounters(String rules) {
        return rules.replaceAll("packets [0-9]+ bytes [0-9]+", "");
    }

    @Test
    @Order(6)
    void connectionsSurviveAKillARestartAndAReload() {
        RunningProcess holder = hold(VIP, 8001, CONNECTIONS);
        String before = withoutCounters(rules());

        appliance.kill();
        assertThat(withoutCounters(rules())).isEqualTo(before);
        appliance.restart();
        appliance.awaitHealthy("web", 1);
        long writesAfterTheRestart = appliance.status().packetRules().writes();
        ReloadReport reload = appliance.reload(configuration("\"192.0.2.0/24\"", 2));
        HoldReport report = release(holder);

        assertThat(writesAfterTheRestart).isZero();
        assertThat(reload.accepted()).isTrue();
        assertThat(report.opened()).isEqualTo(CONNECTIONS);
        assertThat(report.lost()).isZero();
    }

    @Test
    @Order(7)
    void theTableGoesWithTheLastVirtualServerThatNeedsIt() {
        String plainOnly = """
            fairlead {
              node-name = edge
              reconcile.interval = 2s
              defaults { drain-timeout = 5s, health-check { type = tcp, interval = 2s, timeout = 1900ms, rise = 1, fall = 2 } }
              virtual-servers.plain {
                address = "%s", port = 80
                real-servers = [{ name = one, address = "10.0.0.11" }]
              }
            }
            """.formatted(PLAIN_VIP);

        ReloadReport heldBack = appliance.reload(plainOnly);
        ReloadReport forced = appliance.forceReload(plainOnly);
        appliance.await(
                "both have drained", PATIENCE, status -> status.leaving().isEmpty());
        appliance.await("the table is gone", PATIENCE, _ -> !tables().contains("inet fairlead"));

        assertThat(heldBack.heldBack()).isTrue();
        assertThat(forced.accepted()).isTrue();
        assertThat(tables()).contains("table inet others");
    }

    private String tables() {
        return edge.run("nft", "list", "tables").orThrow().out();
    }
}
