package io.fairlead.system.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.admin.OperatorRequest;
import io.fairlead.appliance.admin.ReloadReport;
import io.fairlead.appliance.state.SavedState;
import io.fairlead.appliance.state.StateFile;
import io.fairlead.system.topology.Capture;
import io.fairlead.system.topology.Execution;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.traffic.DatagramNames;
import io.fairlead.system.traffic.HoldReport;
import io.fairlead.system.traffic.NameServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every way to a real server, seen by a client that is served: NAT, direct routing, tunnels of every kind and across families,
 * local delivery; TCP, UDP and SCTP; by firewall mark, by single datagrams, by every scheduler. In the end thousands of
 * connections outlive a reload, a restart and a kill. A story in order.
 *
 * <p>{@code web-1} and {@code web-2} share a network with the client, hold the virtual addresses themselves and answer
 * directly; {@code nat-1} and {@code nat-2} answer by way of the appliance.
 */
class DataPlaneLabTest extends ApplianceStory {

    private static final String DIRECT = "192.0.2.10";
    private static final String DIRECT_IPV6 = "2001:db8:1::10";
    private static final String IPIP = "192.0.2.20";
    private static final String GRE = "192.0.2.21";
    private static final String GRE_CHECKSUM = "192.0.2.22";
    private static final String GUE = "192.0.2.23";
    private static final String GUE_CHECKSUM = "192.0.2.24";
    private static final String GUE_REMOTE_CHECKSUM = "192.0.2.25";
    private static final String IPV4_IN_IPV6 = "192.0.2.26";
    private static final String IPV6_IN_IPV4 = "2001:db8:1::26";
    private static final String MARKED = "192.0.2.27";
    private static final String NAT = "192.0.2.30";
    private static final String NAT_IPV6 = "2001:db8:1::30";
    private static final String LOCAL = "192.0.2.31";
    private static final String LIMITED = "192.0.2.32";
    private static final String PERSISTENT = "192.0.2.33";
    private static final String SCHEDULED = "192.0.2.34";

    /** What real servers of direct routing and tunnels have to hold. */
    private static final List<String> HELD_BY_REAL_SERVERS = List.of(
            DIRECT,
            DIRECT_IPV6,
            IPIP,
            GRE,
            GRE_CHECKSUM,
            GUE,
            GUE_CHECKSUM,
            GUE_REMOTE_CHECKSUM,
            IPV4_IN_IPV6,
            IPV6_IN_IPV4,
            MARKED);

    private static final List<String> OTHERS = List.of(NAT, NAT_IPV6, LOCAL, LIMITED, PERSISTENT, SCHEDULED);

    private static final int SCTP_PORT = 3868;
    private static final int CONNECTIONS = 1_000;

    @SuppressWarnings("NullAway.Init") // set before any test
    private NetworkHost web1;

    @BeforeAll
    void buildNetwork() {
        topology.bridge("front").attach(client, "192.0.2.100/24", "192.0.2.101/24", "2001:db8:1::100/64");
        topology.bridge("front").attach(edge, "192.0.2.1/24", "2001:db8:1::1/64");
        topology.bridge("back").attach(edge, "10.0.0.1/24", "2001:db8:2::1/64");
        edge.run("modprobe", "-a", "ipip", "ip_gre", "fou", "sit", "ip6_tunnel", "sctp")
                .orThrow();
        edge.run(
                        "nft",
                        "add table ip marks; add chain ip marks pre { type filter hook prerouting priority -150; };"
                                + " add rule ip marks pre ip daddr " + MARKED + " tcp dport 80 meta mark set 7")
                .orThrow();
        web1 = directServer(1);
        NetworkHost web2 = directServer(2);
        NetworkHost nat1 = natServer(1);
        NetworkHost nat2 = natServer(2);
        acceptTunnels(web1);
        List<RunningProcess> servers = new ArrayList<>();
        for (NetworkHost host : List.of(web1, web2, nat1, nat2, edge)) {
            servers.add(host.startJava(NameServer.class, host.name(), "::", "80"));
        }
        for (NetworkHost host : List.of(web1, web2)) { // from a virtual address the answer must be sent as well
            servers.add(host.startJava(DatagramNames.class, "serve", host.name(), DIRECT, "53"));
        }
        for (NetworkHost host : List.of(nat1, nat2)) {
            servers.add(host.startJava(DatagramNames.class, "serve", host.name(), "::", "53"));
            int number = host == nat1 ? 1 : 2;
            servers.add(serveSctp(host, "10.0.0.1" + number));
            servers.add(serveSctp(host, "2001:db8:2::1" + number));
        }
        servers.forEach(server -> server.awaitLine("listening", PATIENCE));
        appliance = ApplianceProcess.start(edge, configuration(3, 1));
        for (String name : List.of("nat", "nat-ipv6", "direct", "direct-ipv6", "persistent")) {
            appliance.awaitHealthy(name, 2);
        }
        for (String name : List.of("ipip", "gue-remote-checksum", "ipv4-in-ipv6", "ipv6-in-ipv4", "local", "limited")) {
            appliance.awaitHealthy(name, 1);
        }
        appliance.await(
                "the virtual addresses",
                PATIENCE,
                status ->
                        status.addresses().addresses().stream().allMatch(address -> "present".equals(address.state())));
    }

    private NetworkHost directServer(int number) {
        NetworkHost web = topology.host("web-" + number);
        for (String scope : List.of("all", "default")) {
            web.sysctl("net.ipv4.conf." + scope + ".rp_filter", "0")
                    .sysctl("net.ipv4.conf." + scope + ".arp_ignore", "1")
                    .sysctl("net.ipv4.conf." + scope + ".arp_announce", "2");
        }
        topology.bridge("front").attach(web, "192.0.2.1" + number + "/24", "2001:db8:1::1" + number + "0/64");
        HELD_BY_REAL_SERVERS.forEach(vip -> web.address("lo", vip + (vip.contains(":") ? "/128" : "/32")));
        return web;
    }

    private NetworkHost natServer(int number) {
        NetworkHost web = topology.host("nat-" + number);
        topology.bridge("back").attach(web, "10.0.0.1" + number + "/24", "2001:db8:2::1" + number + "/64");
        return web.route("default", "10.0.0.1").route("default", "via", "2001:db8:2::1", "dev", "eth0");
    }

    private static void acceptTunnels(NetworkHost web) {
        web.run("ip", "link", "set", "tunl0", "up").orThrow();
        web.run("ip", "link", "set", "sit0", "up").orThrow();
        web.run("ip", "tunnel", "add", "gre-in", "mode", "gre", "local", "192.0.2.11", "remote", "any")
                .orThrow();
        web.run("ip", "link", "set", "gre-in", "up").orThrow();
        web.run("ip", "fou", "add", "port", "6080", "gue").orThrow();
        web.run("ip", "-6", "tunnel", "add", "six-in", "mode", "ipip6", "local", "2001:db8:1::110", "remote", "::")
                .orThrow();
        web.run("ip", "link", "set", "six-in", "up").orThrow();
    }

    /** Until then it drops what has a checksum, and from then on what has none. */
    private static void expectGreChecksums(NetworkHost web) {
        web.run("ip", "tunnel", "change", "gre-in", "mode", "gre", "local", "192.0.2.11", "remote", "any", "icsum")
                .orThrow();
    }

    /** Java needs a library for SCTP that few hosts have; Python speaks it by plain sockets. */
    private static RunningProcess serveSctp(NetworkHost host, String address) {
        return host.start("python3", "-c", """
            import socket
            family = socket.AF_INET6 if ':' in '%1$s' else socket.AF_INET
            listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_SCTP)
            listener.bind(('%1$s', %2$d))
            listener.listen(8)
            print('listening', flush=True)
            while True:
                connection, _ = listener.accept()
                connection.send(b'%3$s')
                connection.close()
            """.formatted(address, SCTP_PORT, host.name()));
    }

    private String askSctp(String from, String address) {
        return client.run(PATIENCE, "python3", "-c", """
            import socket
            family = socket.AF_INET6 if ':' in '%1$s' else socket.AF_INET
            connection = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_SCTP)
            connection.settimeout(20)
            connection.bind(('%2$s', 0))
            connection.connect(('%1$s', %3$d))
            print(connection.recv(100).decode())
            """.formatted(address, from, SCTP_PORT))
                .orThrow()
                .out()
                .strip();
    }

    private static String configuration(int upperThreshold, int weight) {
        String web = "real-servers = [{ name = web-1, address = \"192.0.2.11\", weight = " + weight
                + " }, { name = web-2, address = \"192.0.2.12\" }]";
        String web1 = "real-servers = [{ name = web-1, address = \"192.0.2.11\" }]";
        String nat = "real-servers = [{ name = nat-1, address = \"10.0.0.11\", weight = " + weight
                + " }, { name = nat-2, address = \"10.0.0.12\" }]";
        String natIpv6 = "real-servers = [{ name = nat-1, address = \"2001:db8:2::11\" },"
                + " { name = nat-2, address = \"2001:db8:2::12\" }]";
        List<String> servers = new ArrayList<>(List.of(
                server("direct", DIRECT, "port = 80", web),
                server(
                        "direct-ipv6",
                        DIRECT_IPV6,
                        "port = 80",
                        "real-servers = [{ name = web-1, address = \"2001:db8:1::110\" },"
                                + " { name = web-2, address = \"2001:db8:1::120\" }]"),
                server("ipip", IPIP, "port = 80, forwarding = tunnel", web1),
                server("gre", GRE, "port = 80, forwarding = tunnel, tunnel { type = gre }", web1),
                server(
                        "gre-checksum",
                        GRE_CHECKSUM,
                        "port = 80, forwarding = tunnel, tunnel { type = gre, checksum = full }",
                        web1),
                server("gue", GUE, "port = 80, forwarding = tunnel, tunnel { type = gue, port = 6080 }", web1),
                server(
                        "gue-checksum",
                        GUE_CHECKSUM,
                        "port = 80, forwarding = tunnel, tunnel { type = gue, port = 6080, checksum = full }",
                        web1),
                server(
                        "gue-remote-checksum",
                        GUE_REMOTE_CHECKSUM,
                        "port = 80, forwarding = tunnel, tunnel { type = gue, port = 6080, checksum = remote }",
                        web1),
                server(
                        "ipv4-in-ipv6",
                        IPV4_IN_IPV6,
                        "port = 80, forwarding = tunnel",
                        "real-servers = [{ name = web-1, address = \"2001:db8:1::110\" }]"),
                server("ipv6-in-ipv4", IPV6_IN_IPV4, "port = 80, forwarding = tunnel", web1),
                "marked { fwmark = 7, health-check.type = none, " + web + " }",
                server("datagrams", DIRECT, "port = 53, protocol = udp, one-packet-scheduling = true", web),
                server("nat", NAT, "port = 80, forwarding = nat", nat),
                server("nat-ipv6", NAT_IPV6, "port = 80, forwarding = nat", natIpv6),
                server("udp", NAT, "port = 53, protocol = udp, forwarding = nat, drain-timeout = 10s", nat),
                server("udp-ipv6", NAT_IPV6, "port = 53, protocol = udp, forwarding = nat", natIpv6),
                server("sctp", NAT, "port = " + SCTP_PORT + ", protocol = sctp, forwarding = nat", nat),
                server("sctp-ipv6", NAT_IPV6, "port = " + SCTP_PORT + ", protocol = sctp, forwarding = nat", natIpv6),
                server(
                        "local",
                        LOCAL,
                        "port = 80, forwarding = local",
                        "real-servers = [{ name = edge, address = \"192.0.2.1\" }]"),
                server(
                        "limited",
                        LIMITED,
                        "port = 80, forwarding = nat",
                        "real-servers = [{ name = nat-1, address = \"10.0.0.11\", upper-threshold = " + upperThreshold
                                + ", lower-threshold = " + Math.min(1, upperThreshold) + " }]"),
                server("persistent", PERSISTENT, "port = 80, forwarding = nat, persistence { netmask = 24 }", nat)));
        for (Scheduling scheduling : Scheduling.values()) {
            servers.add(server(
                    scheduling.name(),
                    SCHEDULED,
                    "port = " + scheduling.port() + ", forwarding = nat, scheduler = " + scheduling.scheduler
                            + ", scheduler-flags = [" + scheduling.flags + "]",
                    "real-servers = [{ name = nat-1, address = \"10.0.0.11\", port = 80, weight = 3 },"
                            + " { name = nat-2, address = \"10.0.0.12\", port = 80, weight = 1 }]"));
        }
        return """
            fairlead {
              node-name = edge
              reconcile.interval = 5s
              ipvs-timeouts.udp = 40s
              sysctls { ip-forward = true, expire-nodest-conn = true, expire-quiescent-template = true }
              defaults { scheduler = rr, forwarding = direct-route }
              defaults.health-check { type = tcp, interval = 10s, timeout = 9s, rise = 1, fall = 3 }
              virtual-addresses.public { interface = eth0, addresses = ["%s", "%s"] }
              virtual-servers {
                %s
              }
            }
            """.formatted(
                        String.join("\", \"", HELD_BY_REAL_SERVERS),
                        String.join("\", \"", OTHERS),
                        String.join("\n    ", servers));
    }

    private static String server(String name, String address, String keys, String realServers) {
        boolean tcp = !keys.contains("protocol");
        return name + " { address = \"" + address + "\", " + keys + (tcp ? "" : ", health-check.type = none") + ", "
                + realServers + " }";
    }

    /** Who gets eight requests of one client, one after the other, where nat-1 has three times the weight of nat-2. */
    private enum Scheduling {
        RR("rr", "", "4 4"),
        WRR("wrr", "", "6 2"),
        LC("lc", "", "any"),
        WLC("wlc", "", "any"),
        LBLC("lblc", "", "one"),
        LBLCR("lblcr", "", "any"),
        DH("dh", "", "one"),
        SH("sh", "", "one"),
        SH_PORT("sh", "sh-port", "both"),
        MH("mh", "", "one"),
        MH_PORT("mh", "mh-port", "both"),
        SED("sed", "", "any"),
        NQ("nq", "", "any"),
        FO("fo", "", "8 0"),
        OVF("ovf", "", "8 0");

        private final String scheduler;
        private final String flags;
        private final String expected;

        Scheduling(String scheduler, String flags, String expected) {
            this.scheduler = scheduler;
            this.flags = flags;
            this.expected = expected;
        }

        @SuppressWarnings("EnumOrdinal") // any port will do, if it is its own
        int port() {
            return 8_000 + ordinal();
        }

        /** More where a port must fall to the lighter one for the test to see it. */
        int requests() {
            return expected.equals("both") ? 24 : 8;
        }

        boolean isServedBy(List<String> names) {
            int first = Collections.frequency(names, "nat-1");
            int second = Collections.frequency(names, "nat-2");
            if (first + second != requests()) {
                return false;
            }
            return switch (expected) {
                case "any" -> true;
                case "one" -> first == 0 || second == 0;
                case "both" -> first > 0 && second > 0;
                default -> expected.equals(first + " " + second);
            };
        }
    }

    /** The names that answer, each on a connection of its own. */
    private List<String> names(String address, int port, int times, String... curlOptions) {
        List<String> command = new ArrayList<>(List.of("curl", "-s", "-g", "-m", "20", "-H", "Connection: close"));
        command.addAll(List.of(curlOptions));
        String url = "http://" + (address.contains(":") ? "[" + address + "]" : address) + ":" + port + "/";
        command.addAll(Collections.nCopies(times, url));
        return client.run(PATIENCE, command.toArray(String[]::new))
                .out()
                .lines()
                .toList();
    }

    /** The names that answer the datagrams of one socket, without repetitions in a row. */
    private List<String> askDatagrams(String address) {
        RunningProcess asking = client.startJava(DatagramNames.class, "ask", address, "53", "6", "10");
        asking.awaitExit(PATIENCE);
        return asking.out().lines().toList();
    }

    @Test
    @Order(1)
    void natAndDirectRoutingServeBothFamilies() {
        for (String address : List.of(NAT, NAT_IPV6)) {
            assertThat(names(address, 80, 4)).as(address).containsExactlyInAnyOrder("nat-1", "nat-1", "nat-2", "nat-2");
        }
        for (String address : List.of(DIRECT, DIRECT_IPV6)) {
            assertThat(names(address, 80, 4)).as(address).containsExactlyInAnyOrder("web-1", "web-1", "web-2", "web-2");
        }
        assertThat(names(LOCAL, 80, 1)).containsExactly("edge");
        assertThat(names(MARKED, 80, 4)).containsExactlyInAnyOrder("web-1", "web-1", "web-2", "web-2");
    }

    /** The filters tell a checksum from none, and what GUE says of a remote one by the length of its header. */
    @ParameterizedTest
    @Order(2)
    @CsvSource({
        IPIP + ", ip proto 4",
        GRE + ", ip proto 47 and ip[20] & 0x80 = 0",
        GRE_CHECKSUM + ", ip proto 47 and ip[20] & 0x80 != 0",
        GUE + ", udp port 6080 and udp[6:2] = 0 and udp[8] & 0x1f = 0",
        GUE_CHECKSUM + ", udp port 6080 and udp[6:2] != 0 and udp[8] & 0x1f = 0",
        GUE_REMOTE_CHECKSUM + ", udp port 6080 and udp[8] & 0x1f != 0",
        IPV4_IN_IPV6 + ", ip6 proto 4",
        IPV6_IN_IPV4 + ", ip proto 41"
    })
    void tunnelsCarryWhatTheyAreToldTo(String address, String onTheWire) {
        try (Capture capture = web1.capture("eth0", onTheWire)) {
            if (address.equals(GRE_CHECKSUM)) {
                expectGreChecksums(web1);
            }

            assertThat(names(address, 80, 1)).containsExactly("web-1");

            assertThat(capture.await(" > ", PATIENCE)).isNotEmpty();
        }
    }

    @Test
    @Order(3)
    void datagramsOfOneExchangeStayTogetherAndWithOnePacketSchedulingEachIsForItself() {
        assertThat(askDatagrams(NAT)).singleElement().asString().startsWith("nat-");
        assertThat(askDatagrams(NAT_IPV6)).singleElement().asString().startsWith("nat-");
        assertThat(askDatagrams(DIRECT)).hasSize(6).containsOnly("web-1", "web-2");
        assertThat(edge.run("ipvsadm", "-Lnc").orThrow().out())
                .as("the timeout of the configuration")
                .containsPattern("UDP 00:[0-4][0-9] +UDP");
    }

    @Test
    @Order(4)
    void sctpIsServed() {
        var answered = new TreeSet<>(List.of(askSctp("192.0.2.100", NAT), askSctp("192.0.2.100", NAT)));
        var answeredIpv6 =
                new TreeSet<>(List.of(askSctp("2001:db8:1::100", NAT_IPV6), askSctp("2001:db8:1::100", NAT_IPV6)));

        assertThat(answered).containsExactly("nat-1", "nat-2");
        assertThat(answeredIpv6).containsExactly("nat-1", "nat-2");
    }

    @Test
    @Order(5)
    void everySchedulerSchedulesAsItsNameSays() {
        for (Scheduling scheduling : Scheduling.values()) {
            List<String> names = names(SCHEDULED, scheduling.port(), scheduling.requests());

            assertThat(scheduling.isServedBy(names))
                    .as(scheduling + " " + names)
                    .isTrue();
        }
    }

    @Test
    @Order(6)
    void clientsOfANetworkStayTogether() {
        List<String> served = new ArrayList<>(names(PERSISTENT, 80, 3, "--interface", "192.0.2.100"));
        served.addAll(names(PERSISTENT, 80, 3, "--interface", "192.0.2.101"));

        assertThat(served).hasSize(6);
        assertThat(new TreeSet<>(served)).hasSize(1);
    }

    @Test
    @Order(7)
    void aFullRealServerGetsNoNewConnectionsUntilItsLimitIsRaised() {
        RunningProcess holder = hold(LIMITED, 80, 3);

        Execution refused = get(client, LIMITED, 80);
        ReloadReport raised = appliance.reload(configuration(0, 1));
        Execution taken = get(client, LIMITED, 80);

        assertThat(refused.succeeded()).isFalse();
        assertThat(raised.accepted()).isTrue();
        assertThat(taken.out()).isEqualTo("nat-1\n");
        assertThat(release(holder).lost()).isZero();
    }

    @Test
    @Order(8)
    void anExchangeStaysWithADrainingRealServerAndGoesElsewhereWhenThatIsGone() {
        RunningProcess asking = client.startJava(DatagramNames.class, "ask", NAT, "53", "600", "500");
        String first = asking.awaitLine("nat|nobody", PATIENCE);

        appliance.operate(new OperatorRequest("udp", first, "drain", null, null));
        boolean drains = edge.run("ipvsadm", "-Sn")
                .orThrow()
                .out()
                .contains("-u " + NAT + ":53 -r 10.0.0.1" + first.charAt(4) + ":53 -m -w 0");
        appliance.awaitInTable("udp", first, false);
        String second = asking.awaitLine(first.equals("nat-1") ? "nat-2" : "nat-1", PATIENCE);

        assertThat(drains).as("it got weight 0").isTrue();
        assertThat(asking.out().lines())
                .as("nobody would be a datagram that was lost")
                .containsExactly(first, second);
        asking.stop();
    }

    @Test
    @Order(9)
    void aKnownClientLeavesADrainingRealServerAndItsOpenConnectionsStay() {
        RunningProcess holder = hold(PERSISTENT, 80, 2);
        String before = get(client, PERSISTENT, 80).out().strip();

        appliance.operate(new OperatorRequest("persistent", before, "drain", null, null));
        String after = get(client, PERSISTENT, 80).out().strip();
        HoldReport report = release(holder);

        assertThat(after).startsWith("nat-").isNotEqualTo(before);
        assertThat(report.lost()).isZero();
        assertThat(report.connectionsByServer()).containsOnlyKeys(before);
    }

    @Test
    @Order(10)
    void nothingIsLostWhileTheApplianceIsReloadedRestartedKilledAndUpgraded() throws IOException {
        RunningProcess direct = hold(DIRECT, 80, CONNECTIONS, Duration.ofSeconds(30));
        RunningProcess nat = hold(NAT, 80, CONNECTIONS, Duration.ofSeconds(30));

        ReloadReport reload = appliance.reload(configuration(0, 5));
        appliance.terminate();
        appliance.restart();
        appliance.awaitHealthy("nat", 2);
        appliance.kill();
        makeStateFileOlder();
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

    /** As a version wrote it that put no addresses on interfaces and set no settings of the kernel. */
    private void makeStateFileOlder() throws IOException {
        StateFile file = new StateFile(appliance.stateFolder());
        StateFile.Loaded loaded = file.load();
        assertThat(loaded.problem()).isEmpty();
        file.write(
                new SavedState(loaded.state().virtualServers(), loaded.state().overrides(), null, null, null));
    }
}
