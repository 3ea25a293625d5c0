package io.fairlead.system.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.admin.ReloadReport;
import io.fairlead.system.topology.Capture;
import io.fairlead.system.topology.Execution;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.Topology;
import io.fairlead.system.traffic.ConnectionHolder;
import io.fairlead.system.traffic.DatagramNames;
import io.fairlead.system.traffic.HoldReport;
import io.fairlead.system.traffic.NameServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every way to a real server, seen by a client that is served: direct routing, tunnels of every kind, across families, by
 * firewall mark, by single datagrams; and nothing lost while the appliance is reloaded, restarted and killed.
 *
 * <p>{@code web-1} and {@code web-2} share a network with the client, hold the virtual addresses themselves and answer
 * directly; {@code nat-1} and {@code nat-2} answer by way of the appliance.
 */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DataPlaneLabTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String DIRECT = "192.0.2.10";
    private static final String DIRECT_IPV6 = "2001:db8:1::10";
    private static final String IPIP = "192.0.2.20";
    private static final String GRE = "192.0.2.21";
    private static final String GUE = "192.0.2.22";
    private static final String IPV4_IN_IPV6 = "192.0.2.23";
    private static final String IPV6_IN_IPV4 = "2001:db8:1::23";
    private static final String LIMITED = "192.0.2.24";
    private static final String PERSISTENT = "192.0.2.25";
    private static final String DATAGRAMS = "192.0.2.26";
    private static final String MARKED = "192.0.2.27";
    private static final String NAT = "192.0.2.30";
    private static final List<String> VIPS = List.of(
            DIRECT,
            DIRECT_IPV6,
            IPIP,
            GRE,
            GUE,
            IPV4_IN_IPV6,
            IPV6_IN_IPV4,
            LIMITED,
            PERSISTENT,
            DATAGRAMS,
            MARKED,
            NAT);
    private static final int CONNECTIONS = 1_000;

    @SuppressWarnings("NullAway.Init") // set before any test
    private Topology topology;

    @SuppressWarnings("NullAway.Init")
    private NetworkHost client;

    @SuppressWarnings("NullAway.Init")
    private NetworkHost web1;

    @SuppressWarnings("NullAway.Init")
    private ApplianceProcess appliance;

    @BeforeAll
    void buildNetwork() {
        topology = Topology.create();
        client = topology.host("client");
        NetworkHost edge = topology.host("edge").forwarding();
        topology.bridge("front").attach(client, "192.0.2.100/24", "192.0.2.101/24", "2001:db8:1::100/64");
        List<String> addresses = new ArrayList<>(List.of("192.0.2.1/24", "2001:db8:1::1/64"));
        VIPS.forEach(vip -> addresses.add(host(vip)));
        topology.bridge("front").attach(edge, addresses.toArray(String[]::new));
        topology.bridge("back").attach(edge, "10.0.0.1/24");
        edge.run("modprobe", "-a", "ipip", "ip_gre", "fou", "sit", "ip6_tunnel").orThrow();
        web1 = directServer(1);
        NetworkHost web2 = directServer(2);
        acceptTunnels(web1);
        edge.run(
                        "nft",
                        "add table ip marks; add chain ip marks pre { type filter hook prerouting priority -150; };"
                                + " add rule ip marks pre ip daddr " + MARKED + " tcp dport 80 meta mark set 7")
                .orThrow();
        List<RunningProcess> servers = new ArrayList<>();
        for (NetworkHost host : List.of(web1, web2, natServer(1), natServer(2))) {
            servers.add(host.startJava(NameServer.class, host.name(), "::", "80"));
        }
        servers.add(web1.startJava(DatagramNames.class, "serve", "web-1", DATAGRAMS, "53"));
        servers.add(web2.startJava(DatagramNames.class, "serve", "web-2", DATAGRAMS, "53"));
        servers.forEach(server -> server.awaitLine("listening", PATIENCE));
        appliance = ApplianceProcess.start(edge, configuration(3, 1));
        appliance.awaitHealthy("direct", 2);
        appliance.awaitHealthy("persistent", 2);
        for (String name : List.of("ipip", "gre", "gue", "ipv4-in-ipv6", "ipv6-in-ipv4", "limited")) {
            appliance.awaitHealthy(name, 1);
        }
    }

    @AfterAll
    void tearDown() {
        appliance.close();
        topology.close();
    }

    private static String host(String address) {
        return address + (address.contains(":") ? "/128" : "/32");
    }

    private NetworkHost directServer(int number) {
        NetworkHost web = topology.host("web-" + number);
        for (String scope : List.of("all", "default")) {
            web.sysctl("net.ipv4.conf." + scope + ".rp_filter", "0")
                    .sysctl("net.ipv4.conf." + scope + ".arp_ignore", "1")
                    .sysctl("net.ipv4.conf." + scope + ".arp_announce", "2");
        }
        topology.bridge("front").attach(web, "192.0.2.1" + number + "/24", "2001:db8:1::1" + number + "0/64");
        VIPS.forEach(vip -> web.address("lo", host(vip)));
        return web;
    }

    private NetworkHost natServer(int number) {
        NetworkHost web = topology.host("nat-" + number);
        topology.bridge("back").attach(web, "10.0.0.1" + number + "/24");
        return web.route("default", "10.0.0.1");
    }

    private static void acceptTunnels(NetworkHost web) {
        web.run("ip", "link", "set", "tunl0", "up").orThrow();
        web.run("ip", "link", "set", "sit0", "up").orThrow();
        // Without icsum it would drop what has a checksum, and with it what has none.
        web.run("ip", "tunnel", "add", "gre-in", "mode", "gre", "local", "192.0.2.11", "remote", "any", "icsum")
                .orThrow();
        web.run("ip", "link", "set", "gre-in", "up").orThrow();
        web.run("ip", "fou", "add", "port", "6080", "gue").orThrow();
        web.run("ip", "-6", "tunnel", "add", "six-in", "mode", "ipip6", "local", "2001:db8:1::110", "remote", "::")
                .orThrow();
        web.run("ip", "link", "set", "six-in", "up").orThrow();
        for (String device : List.of("tunl0", "gre-in", "six-in")) {
            web.sysctl("net/ipv4/conf/" + device + "/rp_filter", "0");
        }
    }

    private static String configuration(int upperThreshold, int weight) {
        String direct = "real-servers = [{ name = web-1, address = \"192.0.2.11\", weight = " + weight
                + " }, { name = web-2, address = \"192.0.2.12\" }]";
        String one = "real-servers = [{ name = web-1, address = \"192.0.2.11\" }]";
        String nat = "real-servers = [{ name = nat-1, address = \"10.0.0.11\", weight = " + weight
                + " }, { name = nat-2, address = \"10.0.0.12\" }]";
        return """
            fairlead {
              node-name = edge
              defaults { scheduler = rr, forwarding = dr }
              defaults.health-check { type = tcp, interval = 10s, timeout = 9s, rise = 1, fall = 3 }
              virtual-servers {
                direct { address = "%s", port = 80, %s }
                direct-ipv6 {
                  address = "%s", port = 80, health-check.type = none
                  real-servers = [{ name = web-1, address = "2001:db8:1::110" }]
                }
                ipip { address = "%s", port = 80, forwarding = tunnel, %s }
                gre { address = "%s", port = 80, forwarding = tunnel, tunnel { type = gre, checksum = full }, %s }
                gue { address = "%s", port = 80, forwarding = tunnel, tunnel { type = gue, port = 6080 }, %s }
                ipv4-in-ipv6 {
                  address = "%s", port = 80, forwarding = tunnel
                  real-servers = [{ name = web-1, address = "2001:db8:1::110" }]
                }
                ipv6-in-ipv4 { address = "%s", port = 80, forwarding = tunnel, %s }
                limited {
                  address = "%s", port = 80, forwarding = nat
                  real-servers = [{ name = nat-1, address = "10.0.0.11", upper-threshold = %d, lower-threshold = 1 }]
                }
                persistent { address = "%s", port = 80, forwarding = nat, persistence { netmask = 24 }, %s }
                datagrams {
                  address = "%s", port = 53, protocol = udp, one-packet-scheduling = true, health-check.type = none, %s
                }
                marked { fwmark = 7, health-check.type = none, %s }
                nat { address = "%s", port = 80, forwarding = nat, %s }
              }
            }
            """.formatted(
                        DIRECT,
                        direct,
                        DIRECT_IPV6,
                        IPIP,
                        one,
                        GRE,
                        one,
                        GUE,
                        one,
                        IPV4_IN_IPV6,
                        IPV6_IN_IPV4,
                        one,
                        LIMITED,
                        upperThreshold,
                        PERSISTENT,
                        nat,
                        DATAGRAMS,
                        direct,
                        direct,
                        NAT,
                        nat);
    }

    private Execution get(String address, String... more) {
        List<String> command = new ArrayList<>(List.of("curl", "-s", "-g", "-m", "10"));
        command.addAll(List.of(more));
        command.add("http://" + (address.contains(":") ? "[" + address + "]" : address) + "/");
        return client.run(PATIENCE, command.toArray(String[]::new));
    }

    private Set<String> names(String address, int times, String... more) {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < times; i++) {
            names.add(get(address, more).orThrow().out().strip());
        }
        return names;
    }

    private RunningProcess hold(String address, int connections) {
        RunningProcess holder = client.startJava(
                ConnectionHolder.class, address, "80", Integer.toString(connections), "900", "15000", "120000");
        holder.awaitLine("holding|not settled", PATIENCE);
        return holder;
    }

    private HoldReport release(RunningProcess holder) {
        client.run("kill", "-TERM", Long.toString(holder.pid())).orThrow();
        return HoldReport.parse(holder.awaitLine(HoldReport.FIRST_WORD, PATIENCE));
    }

    @Test
    @Order(1)
    void directRoutingServesBothFamilies() {
        assertThat(names(DIRECT, 4)).containsExactly("web-1", "web-2");
        assertThat(names(DIRECT_IPV6, 1)).containsExactly("web-1");
    }

    @ParameterizedTest
    @Order(2)
    @CsvSource({
        IPIP + ", 192.0.2.1 > 192.0.2.11: IP 192.0.2.10",
        GRE + ", 192.0.2.1 > 192.0.2.11: GREv0",
        GUE + ", 192.0.2.1.[0-9]+ > 192.0.2.11.6080: UDP",
        IPV4_IN_IPV6 + ", 2001:db8:1::1 > 2001:db8:1::110: IP 192.0.2.10",
        IPV6_IN_IPV4 + ", 192.0.2.1 > 192.0.2.11: IP6 2001:db8:1::100"
    })
    void tunnelsCarryWhatTheyAreToldTo(String address, String onTheWire) {
        try (Capture capture =
                web1.capture("eth0", "ip proto 4 or ip proto 47 or ip proto 41 or udp port 6080 or ip6 proto 4")) {
            assertThat(names(address, 1)).containsExactly("web-1");

            assertThat(capture.await(onTheWire, PATIENCE)).isNotEmpty();
        }
    }

    @Test
    @Order(3)
    void aFullRealServerGetsNoNewConnectionsUntilItsLimitIsRaised() {
        RunningProcess holder = hold(LIMITED, 3);

        Execution refused = get(LIMITED);
        ReloadReport raised = appliance.reload(configuration(0, 1));
        Execution taken = get(LIMITED);

        assertThat(refused.succeeded()).isFalse();
        assertThat(raised.accepted()).isTrue();
        assertThat(taken.out()).isEqualTo("nat-1\n");
        assertThat(release(holder).lost()).isZero();
    }

    @Test
    @Order(4)
    void clientsOfANetworkStayTogether() {
        Set<String> served = new TreeSet<>(names(PERSISTENT, 3, "--interface", "192.0.2.100"));
        served.addAll(names(PERSISTENT, 3, "--interface", "192.0.2.101"));

        assertThat(served).hasSize(1);
    }

    @Test
    @Order(5)
    void eachDatagramIsScheduledByItself() {
        RunningProcess asking = client.startJava(DatagramNames.class, "ask", DATAGRAMS, "53", "8");

        assertThat(asking.awaitLine("web|nobody", PATIENCE)).isEqualTo("web-1 web-2");
    }

    @Test
    @Order(6)
    void whatOthersMarkIsServed() {
        assertThat(names(MARKED, 4)).containsExactly("web-1", "web-2");
    }

    @Test
    @Order(7)
    void nothingIsLostWhileTheApplianceIsReloadedRestartedAndKilled() {
        RunningProcess direct = hold(DIRECT, CONNECTIONS);
        RunningProcess nat = hold(NAT, CONNECTIONS);

        ReloadReport reload = appliance.reload(configuration(0, 5));
        appliance.terminate();
        appliance.restart();
        appliance.awaitHealthy("nat", 2);
        appliance.kill();
        appliance.restart();
        appliance.awaitHealthy("nat", 2);
        long drift = appliance.status().reconcile().drift();
        HoldReport throughDirect = release(direct);
        HoldReport throughNat = release(nat);

        assertThat(reload.accepted()).isTrue();
        assertThat(drift).isZero();
        for (HoldReport report : List.of(throughDirect, throughNat)) {
            assertThat(report.opened()).isEqualTo(CONNECTIONS);
            assertThat(report.lost()).as(report.toLine()).isZero();
            assertThat(report.strayed()).isZero();
            assertThat(report.connectionsByServer()).hasSize(2);
        }
    }
}
