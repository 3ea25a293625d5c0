package io.fairlead.system.demo;

import io.fairlead.appliance.admin.ReloadReport;
import io.fairlead.cli.output.Display;
import io.fairlead.cli.output.StatusTable;
import io.fairlead.core.text.Amount;
import io.fairlead.system.appliance.ApplianceProcess;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.Topology;
import io.fairlead.system.traffic.ConnectionHolder;
import io.fairlead.system.traffic.HoldReport;
import io.fairlead.system.traffic.NameServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The main job from one end to the other, on a kernel with IPVS: three real servers behind a virtual server, a client that
 * counts who answers, a real server that dies and comes back, and a reload under open connections. Then a pair of
 * appliances, of which one loses its power: {@link FailoverDemo}.
 *
 * <pre>
 *   client 192.0.2.100 ── front ── 192.0.2.1 edge 10.0.0.1 ── back ── web-1 .11, web-2 .12, web-3 .13
 *                                  virtual server 192.0.2.10:80
 * </pre>
 */
public final class Demo {

    private static final String VIP = "192.0.2.10";
    private static final int CONNECTIONS = 120;
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(2);

    private final Topology topology;
    private final NetworkHost client;
    private final NetworkHost edge;
    private final Narration narration;

    private Demo(Topology topology, Narration narration) {
        this.topology = topology;
        this.narration = narration;
        client = topology.host("client");
        edge = topology.host("edge").forwarding();
        topology.bridge("front").attach(client, "192.0.2.100/24");
        topology.bridge("front").attach(edge, "192.0.2.1/24", VIP + "/32");
        topology.bridge("back").attach(edge, "10.0.0.1/24");
        for (int i = 1; i <= 3; i++) {
            NetworkHost web = topology.host("web-" + i);
            topology.bridge("back").attach(web, address(i) + "/24");
            web.route("default", "10.0.0.1");
        }
    }

    public static void main(String[] arguments) {
        Narration narration = new Narration();
        if (arguments.length == 0) { // else the failover alone
            try (Topology topology = Topology.create()) {
                new Demo(topology, narration).run();
            }
        }
        try (Topology topology = Topology.create();
                FailoverDemo failover = new FailoverDemo(topology, narration)) {
            failover.run();
        }
        narration.say(
                narration.failed() == 0
                        ? "Everything was as it should be."
                        : narration.failed() + " expectations failed.");
        if (narration.failed() > 0) {
            System.exit(1);
        }
    }

    private static String address(int number) {
        return "10.0.0." + (10 + number);
    }

    private static String configuration(int weight1, int weight2, int weight3) {
        return """
            fairlead {
              node-name = edge
              defaults.health-check { type = http, path = "/healthz", interval = 2s, timeout = 1900ms, rise = 2, fall = 2 }
              virtual-servers {
                web {
                  address = "%s", port = 80
                  scheduler = wrr
                  forwarding = nat
                  real-servers = [
                    { name = web-1, address = "%s", weight = %d }
                    { name = web-2, address = "%s", weight = %d }
                    { name = web-3, address = "%s", weight = %d }
                  ]
                }
              }
            }
            """.formatted(VIP, address(1), weight1, address(2), weight2, address(3), weight3);
    }

    private void run() {
        narration.title("A file goes in");
        String configuration = configuration(3, 2, 1);
        narration.say(configuration);
        RunningProcess web1 = startRealServer(1);
        for (RunningProcess server : List.of(web1, startRealServer(2), startRealServer(3))) {
            server.awaitLine("listening", ANSWER_TIMEOUT);
        }

        try (ApplianceProcess appliance = ApplianceProcess.start(edge, configuration)) {
            narration.say("%.1f s from its start, all three are healthy."
                    .formatted(seconds(appliance.awaitHealthy("web", 3))));
            show(appliance);

            narration.title("Client traffic is spread by weight 3:2:1");
            HoldReport spread = traffic(CONNECTIONS);
            narration.expect(
                    spread.connectionsByServer().equals(Map.of("web-1", 60, "web-2", 40, "web-3", 20)),
                    CONNECTIONS + " connections: " + spread.connectionsByServer());

            narration.title("web-1 is killed");
            web1.kill();
            narration.say("%.1f s later it is out of rotation (checked every 2 s, two failures)."
                    .formatted(seconds(appliance.awaitInTable("web", "web-1", false))));
            HoldReport without = traffic(CONNECTIONS);
            narration.expect(
                    without.refused() == 0 && without.connectionsByServer().equals(Map.of("web-2", 80, "web-3", 40)),
                    CONNECTIONS + " connections: " + without.connectionsByServer() + ", refused " + without.refused());
            show(appliance);

            narration.title("web-1 comes back");
            startRealServer(1).awaitLine("listening", ANSWER_TIMEOUT);
            narration.say("%.1f s after it listens it is in rotation (two passes)."
                    .formatted(seconds(appliance.awaitInTable("web", "web-1", true))));

            narration.title("A reload under " + CONNECTIONS + " open connections turns the weights to 1:2:3");
            RunningProcess holder = hold(CONNECTIONS, 600);
            holder.awaitLine("holding " + CONNECTIONS, ANSWER_TIMEOUT);
            appliance.write(configuration(1, 2, 3));
            narration.say("fairlead plan:");
            appliance.plan().commands().forEach(command -> narration.say("  " + command));
            ReloadReport reload = appliance.reload(configuration(1, 2, 3));
            narration.expect(
                    reload.accepted() && reload.operations() == 2,
                    "fairlead reload: " + Amount.of(reload.operations(), "operation"));
            HoldReport turned = traffic(CONNECTIONS);
            narration.expect(
                    turned.connectionsByServer().equals(Map.of("web-1", 20, "web-2", 40, "web-3", 60)),
                    CONNECTIONS + " new connections: " + turned.connectionsByServer());
            show(appliance);
            edge.run("kill", "-TERM", Long.toString(holder.pid())).orThrow();
            HoldReport held = HoldReport.parse(holder.awaitLine(HoldReport.FIRST_WORD, ANSWER_TIMEOUT));
            narration.expect(
                    held.opened() == CONNECTIONS && held.lost() == 0 && held.strayed() == 0,
                    "connections held over the reload: " + held.opened() + ", lost " + held.lost() + ", lines answered "
                            + held.linesAnswered());

            narration.title("A stop leaves the table to the kernel");
            int exit = appliance.terminate();
            HoldReport afterStop = traffic(CONNECTIONS);
            narration.expect(
                    exit == 0 && afterStop.refused() == 0 && afterStop.opened() == CONNECTIONS,
                    "exit code " + exit + "; " + CONNECTIONS + " connections without an appliance: "
                            + afterStop.connectionsByServer());
        }
    }

    private RunningProcess startRealServer(int number) {
        String name = "web-" + number;
        return topology.host(name).startJava(NameServer.class, name, address(number), "80");
    }

    private RunningProcess hold(int connections, int seconds) {
        return client.startJava(
                ConnectionHolder.class,
                VIP,
                "80",
                Integer.toString(connections),
                Integer.toString(seconds),
                "500",
                "30000");
    }

    /** Opens connections, has each answered at least once, and tells who answered. */
    private HoldReport traffic(int connections) {
        RunningProcess holder = hold(connections, 300);
        holder.awaitLine("holding|not settled", ANSWER_TIMEOUT);
        client.run("kill", "-TERM", Long.toString(holder.pid())).orThrow();
        return HoldReport.parse(holder.awaitLine(HoldReport.FIRST_WORD, ANSWER_TIMEOUT));
    }

    private void show(ApplianceProcess appliance) {
        narration.say("");
        narration.say("$ ipvsadm -Ln");
        narration.say(edge.run("ipvsadm", "-Ln").orThrow().out());
        narration.say("$ fairlead status");
        narration.say(StatusTable.render(appliance.status(), Display.WHOLE));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
