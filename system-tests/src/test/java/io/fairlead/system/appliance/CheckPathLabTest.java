package io.fairlead.system.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.admin.ReloadReport;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.CheckLine;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.traffic.NameServer;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Checks through the virtual server's own path, by direct routing: of two real servers that both answer at their own address
 * only the first has the virtual one. A story in order.
 */
class CheckPathLabTest extends ApplianceStory {

    private static final String VIP = "192.0.2.10";
    private static final String VIP6 = "2001:db8:1::10";

    @BeforeAll
    void buildNetwork() {
        topology.bridge("back").attach(edge, "10.0.0.1/24", "2001:db8:2::1/64", VIP + "/32", VIP6 + "/128");
        // Answers come from the virtual address, which is our own too.
        edge.sysctl("net.ipv4.conf.all.accept_local", "1");
        for (int number = 1; number <= 2; number++) {
            NetworkHost web = topology.host("web-" + number);
            topology.bridge("back").attach(web, "10.0.0.1" + number + "/24", "2001:db8:2::1" + number + "/64");
            web.sysctl("net.ipv4.conf.all.arp_ignore", "1").sysctl("net.ipv4.conf.all.arp_announce", "2");
            RunningProcess server = web.startJava(NameServer.class, "web-" + number, "::", "80");
            server.awaitLine("listening", PATIENCE);
        }
        serveVirtualAddresses("web-1");
        appliance = ApplianceProcess.start(edge, configuration(true));
    }

    private void serveVirtualAddresses(String host) {
        topology.host(host).address("lo", VIP + "/32").address("lo", VIP6 + "/128");
    }

    private static String configuration(boolean through) {
        return """
            fairlead {
              node-name = edge
              defaults {
                forwarding = direct-route
                health-check { interval = 2s, timeout = 1900ms, rise = 1, fall = 2 }
                health-checks { own { type = tcp }, path { type = http, through-virtual-server = %s } }
              }
              virtual-servers {
                web { address = "%s", port = 80
                  real-servers = [{ name = one, address = "10.0.0.11" }, { name = two, address = "10.0.0.12" }] }
                web6 { address = "%s", port = 80
                  real-servers = [{ name = one, address = "2001:db8:2::11" }, { name = two, address = "2001:db8:2::12" }] }
              }
            }
            """.formatted(through, VIP, VIP6);
    }

    /** By virtual server, real server and check. */
    private static Map<String, String> health(StatusReport status) {
        Map<String, String> health = new TreeMap<>();
        status.virtualServers()
                .forEach(virtualServer -> virtualServer.realServers().forEach(realServer -> {
                    for (CheckLine check : realServer.checks()) {
                        health.put(
                                virtualServer.name() + " " + realServer.name() + " " + check.name(),
                                check.health() + " " + check.reason());
                    }
                }));
        return health;
    }

    private void awaitHealth(String checks, String reasons) {
        appliance.await(
                checks + " is " + reasons,
                PATIENCE,
                status -> health(status).entrySet().stream()
                        .filter(entry -> entry.getKey().matches(checks))
                        .allMatch(entry -> entry.getValue().matches(reasons)));
    }

    @Test
    @Order(1)
    void findsTheRealServerThatDoesNotServeTheVirtualAddress() {
        awaitHealth("web6? one path", "healthy status 200");
        awaitHealth("web6? (one|two) own", "healthy connected");
        awaitHealth("web6? two path", "unhealthy (no connection within .*|.*unreachable)");
        assertThat(edge.run("ipvsadm", "-Sn").orThrow().out())
                .contains("-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 1")
                .doesNotContain("10.0.0.12:80")
                .contains("-A -f " + 0x2a00_000b + " -s rr -o")
                .contains("-a -f " + 0x2a00_000b + " -r 10.0.0.11:0 -g -w 1");
        assertThat(appliance.status().virtualServers()).hasSize(2);
    }

    @Test
    @Order(2)
    void eachProbeReachesItsOwnRealServer() {
        serveVirtualAddresses("web-2");

        awaitHealth("web6? .*", "healthy .*");
        topology.host("web-1")
                .run("ip", "address", "del", VIP + "/32", "dev", "lo")
                .orThrow();
        awaitHealth("web one path", "unhealthy .*");
        awaitHealth("web two path", "healthy status 200");
    }

    @Test
    @Order(3)
    void thePathsGoWithTheChecks() {
        ReloadReport reload = appliance.reload(configuration(false));

        assertThat(reload.accepted()).isTrue();
        awaitHealth("web6? .*", "healthy .*");
        assertThat(edge.run("ipvsadm", "-Sn").orThrow().out()).doesNotContain("-f ");
    }
}
