package io.fairlead.system.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.admin.OperatorReport;
import io.fairlead.appliance.admin.OperatorRequest;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.RealServerLine;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.traffic.HoldReport;
import io.fairlead.system.traffic.NameServer;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Drains, the operator's wishes, slow start, quorum and the sorry server, seen by clients with open connections. A story in
 * order.
 */
class PolicyLabTest extends ApplianceStory {

    private static final String VIP = "192.0.2.10";
    private static final int CONNECTIONS = 20;

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
        RunningProcess sorry = realServer(9);
        web1.awaitLine("listening", PATIENCE);
        web2.awaitLine("listening", PATIENCE);
        sorry.awaitLine("listening", PATIENCE);
        appliance = ApplianceProcess.start(edge, configuration("0s", WEB_1, WEB_2));
        appliance.awaitHealthy("web", 2);
    }

    private static final String WEB_1 = "{ name = web-1, address = \"10.0.0.11\", weight = 10 }";
    private static final String WEB_2 = "{ name = web-2, address = \"10.0.0.12\", weight = 10 }";

    private RunningProcess realServer(int number) {
        NetworkHost web = topology.host("web-" + number);
        topology.bridge("back").attach(web, "10.0.0.1" + number + "/24");
        web.route("default", "10.0.0.1");
        return start(number);
    }

    private RunningProcess start(int number) {
        return topology.host("web-" + number).startJava(NameServer.class, "web-" + number, "10.0.0.1" + number, "80");
    }

    private static String configuration(String slowStart, String... realServers) {
        return """
            fairlead {
              node-name = edge
              reconcile.interval = 2s
              defaults.health-check { type = tcp, interval = 2s, timeout = 1900ms, rise = 1, fall = 2 }
              virtual-servers.web {
                address = "%s", port = 80, scheduler = wrr, forwarding = nat, slow-start = %s, drain-timeout = 10m
                sorry-server { address = "10.0.0.19" }
                real-servers = [
                  %s
                ]
              }
            }
            """.formatted(VIP, slowStart, String.join("\n      ", realServers));
    }

    private RunningProcess hold() {
        return hold(VIP, 80, CONNECTIONS);
    }

    private static VirtualServerLine web(StatusReport status) {
        return status.virtualServers().getFirst();
    }

    private static RealServerLine member(StatusReport status, String name) {
        return web(status).realServers().stream()
                .filter(line -> line.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private OperatorReport operate(String action) {
        return appliance.operate(new OperatorRequest("web", "web-1", action, null, null));
    }

    @Test
    @Order(1)
    void aDrainedRealServerKeepsItsConnectionsThroughAReloadAndAKillAndGetsNoNewOnes() {
        RunningProcess before = hold();

        OperatorReport drain = operate("drain");
        RunningProcess after = hold();
        appliance.reload(configuration("0s", WEB_1, WEB_2));
        appliance.kill();
        appliance.restart();
        appliance.awaitHealthy("web", 2);

        assertThat(drain).isEqualTo(new OperatorReport(true, java.util.List.of(), 1));
        StatusReport status = appliance.status();
        assertThat(member(status, "web-1").member().phase()).isEqualTo("draining");
        assertThat(member(status, "web-1").weight()).isZero();
        HoldReport new2 = release(after);
        HoldReport old = release(before);
        assertThat(old.lost()).isZero();
        assertThat(old.strayed()).isZero();
        assertThat(old.connectionsByServer()).isEqualTo(Map.of("web-1", CONNECTIONS / 2, "web-2", CONNECTIONS / 2));
        assertThat(new2.connectionsByServer()).isEqualTo(Map.of("web-2", CONNECTIONS));
        assertThat(new2.lost()).isZero();
    }

    @Test
    @Order(2)
    void theDrainEndsWithItsConnectionsAndTheRealServerComesBackWhenAsked() {
        appliance.awaitInTable("web", "web-1", false);
        assertThat(member(appliance.status(), "web-1").member().phase()).isEqualTo("drained");
        assertThat(table()).doesNotContain("10.0.0.11");

        operate("enable");
        appliance.awaitInTable("web", "web-1", true);

        assertThat(release(hold()).connectionsByServer()).hasSize(2);
    }

    @Test
    @Order(3)
    void aRealServerRemovedFromTheFileDrainsAlsoAcrossARestart() {
        RunningProcess holder = hold();

        appliance.reload(configuration("0s", WEB_2));
        appliance.kill();
        appliance.restart();
        appliance.awaitHealthy("web", 1);

        assertThat(web(appliance.status()).pool().draining()).singleElement().satisfies(line -> {
            assertThat(line.address()).isEqualTo("10.0.0.11:80");
            assertThat(line.activeConnections()).isEqualTo(CONNECTIONS / 2);
        });
        assertThat(table()).contains("10.0.0.11:80 -m -w 0");
        HoldReport report = release(holder);
        assertThat(report.lost()).isZero();
        assertThat(report.strayed()).isZero();
        appliance.await("web-1 is gone", PATIENCE, _ -> !table().contains("10.0.0.11"));
    }

    @Test
    @Order(4)
    void aRealServerThatComesIntoServiceStartsSlowly() {
        appliance.reload(configuration("1h", WEB_1, WEB_2));
        appliance.await(
                "web-1 starts",
                PATIENCE,
                status -> "starting".equals(member(status, "web-1").member().phase()));

        HoldReport report = release(hold());

        assertThat(table()).contains("10.0.0.11:80 -m -w 1").contains("10.0.0.12:80 -m -w 10");
        // 1 to 10: of 20 connections two at most, and half without slow start.
        assertThat(report.connectionsByServer().getOrDefault("web-1", 0)).isLessThanOrEqualTo(3);
        appliance.reload(configuration("0s", WEB_1, WEB_2));
        assertThat(table()).contains("10.0.0.11:80 -m -w 10");
    }

    @Test
    @Order(5)
    void withoutAQuorumTheSorryServerAnswersAndWithOneItDrains() {
        String quorum = configuration("0s", WEB_1, WEB_2).replace("sorry-server {", "quorum = 20, sorry-server {");
        appliance.reload(quorum);
        RunningProcess before = hold();
        web1.kill();
        appliance.await(
                "the quorum is lost", PATIENCE, status -> web(status).pool().isSorry());

        RunningProcess during = hold();
        start(1).awaitLine("listening", PATIENCE);
        appliance.await(
                "the quorum is held",
                PATIENCE,
                status -> web(status).pool().quorum().equals("held"));
        HoldReport after = release(hold());
        HoldReport sorry = release(during);
        HoldReport first = release(before);

        assertThat(sorry.connectionsByServer()).isEqualTo(Map.of("web-9", CONNECTIONS));
        assertThat(sorry.lost()).as("the sorry server drains").isZero();
        assertThat(after.connectionsByServer()).containsOnlyKeys("web-1", "web-2");
        assertThat(first.lost()).as("only those of the dead real server").isEqualTo(CONNECTIONS / 2);
        appliance.await("the sorry server is gone", PATIENCE, _ -> !table().contains("10.0.0.19"));
    }

    @Test
    @Order(6)
    void aVirtualServerRemovedWhileTheApplianceWasNotThereDrains() {
        RunningProcess holder = hold();
        appliance.kill();
        appliance.write("fairlead { node-name = edge }");

        appliance.restart();
        appliance.await("it leaves", PATIENCE, status -> status.leaving().size() == 1);
        HoldReport report = release(holder);
        appliance.await("it is gone", PATIENCE, status -> status.leaving().isEmpty());

        assertThat(report.lost()).isZero();
        assertThat(table()).doesNotContain(VIP);
    }
}
