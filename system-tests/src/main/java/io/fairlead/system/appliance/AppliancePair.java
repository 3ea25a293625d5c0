package io.fairlead.system.appliance;

import io.fairlead.ha.channel.KeyFile;
import io.fairlead.system.topology.Bridge;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.Topology;
import io.fairlead.system.topology.TopologyException;
import io.fairlead.system.traffic.NameServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Two appliances that share three addresses: one behind which connections are translated, the gateway by which the real
 * servers answer these, and one behind which packets are routed directly. All three move together.
 *
 * <pre>
 *            front 192.0.2.0/24              back 10.0.0.0/24
 *   client ──────────────── edge-a, edge-b ──────────────────── web-1, web-2
 *      .9     .100 (NAT)       .1      .2      .254 (gateway)     .11    .12
 *      │
 *      └──────────────────── edge-a, edge-b, web-1, web-2
 *       direct 203.0.113.0/24  .1      .2     .11    .12   .100 (direct routing)
 * </pre>
 */
public final class AppliancePair implements AutoCloseable {

    /** Whose connections are translated. */
    public static final String TRANSLATED = "192.0.2.100";

    /** Whose packets are routed directly. */
    public static final String ROUTED = "203.0.113.100";

    /** The router that moves all of them, as {@code fairlead ha} names it. */
    public static final String ROUTER = "all";

    private static final String GATEWAY = "10.0.0.254";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Topology topology;
    private final Path key;
    private final String election;
    private final NetworkHost client;

    /** One of the two, and the file it runs with. */
    public record Member(NetworkHost host, ApplianceProcess appliance, int number) {

        /** Returns whether the kernel of this host answers for all addresses. */
        public boolean holds() {
            String addresses =
                    host.run("ip", "-o", "-4", "address", "show").orThrow().out();
            return addresses.contains(" " + TRANSLATED + "/")
                    && addresses.contains(" " + ROUTED + "/")
                    && addresses.contains(" " + GATEWAY + "/");
        }

        /** Returns whether this host's kernel answers for none of them. */
        public boolean holdsNone() {
            String addresses =
                    host.run("ip", "-o", "-4", "address", "show").orThrow().out();
            return !addresses.contains(" " + TRANSLATED + "/")
                    && !addresses.contains(" " + ROUTED + "/")
                    && !addresses.contains(" " + GATEWAY + "/");
        }
    }

    /**
     * Builds the network with its client and real servers.
     *
     * @param election what the virtual routers have beside id, priority, interface and addresses
     */
    public AppliancePair(Topology topology, String election) {
        this.topology = topology;
        this.election = election;
        client = topology.host("client");
        topology.bridge("front").attach(client, "192.0.2.9/24");
        topology.bridge("direct").attach(client, "203.0.113.9/24");
        try {
            key = Files.createTempFile("cluster", ".key"); // readable to nobody else
            Files.writeString(key, KeyFile.newKey());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<RunningProcess> servers = List.of(realServer(1), realServer(2));
        servers.forEach(server -> server.awaitLine("listening", PATIENCE));
    }

    private RunningProcess realServer(int number) {
        NetworkHost web = topology.host("web-" + number);
        topology.bridge("back").attach(web, "10.0.0.1" + number + "/24");
        topology.bridge("direct").attach(web, "203.0.113.1" + number + "/24");
        web.route("default", GATEWAY);
        web.sysctl("net.ipv4.conf.all.arp_ignore", "1").sysctl("net.ipv4.conf.all.arp_announce", "2");
        web.address("lo", ROUTED + "/32");
        return web.startJava(NameServer.class, "web-" + number, "0.0.0.0", "80");
    }

    /** Returns the host of the client. */
    public NetworkHost client() {
        return client;
    }

    /**
     * Puts a host into the network and starts an appliance on it. After a power-off another one may take its number.
     *
     * @param number 1 or 2, the last part of its addresses
     */
    public Member start(String name, int number, int priority) {
        NetworkHost host = topology.host(name);
        List<Bridge> bridges = List.of(topology.bridge("front"), topology.bridge("back"), topology.bridge("direct"));
        bridges.get(0).attach(host, "192.0.2." + number + "/24");
        bridges.get(1).attach(host, "10.0.0." + number + "/24");
        bridges.get(2).attach(host, "203.0.113." + number + "/24");
        return new Member(host, ApplianceProcess.start(host, configuration(name, number, priority)), number);
    }

    /** Returns the configuration of a member. */
    public String configuration(String name, int number, int priority) {
        return """
            fairlead {
              node-name = %1$s
              defaults.health-check { type = tcp, interval = 5s, timeout = 4s, rise = 1, fall = 3 }
              virtual-servers {
                translated {
                  address = "%4$s", port = 80, forwarding = nat
                  real-servers = [{ name = web-1, address = "10.0.0.11" }, { name = web-2, address = "10.0.0.12" }]
                }
                routed {
                  address = "%5$s", port = 80, forwarding = direct-route
                  real-servers = [{ name = web-1, address = "203.0.113.11" }, { name = web-2, address = "203.0.113.12" }]
                }
              }
              sysctls.ip-forward = true
              high-availability {
                cluster = edge, interface = eth0, bind-address = "192.0.2.%2$d", peers = ["192.0.2.1", "192.0.2.2"]
                secret-file = "%7$s"
                virtual-routers {
                  outside { id = 51, priority = %3$d, addresses = ["%4$s"], %8$s }
                  inside { id = 52, priority = %3$d, interface = eth1, addresses = ["%6$s"], %8$s }
                  direct { id = 53, priority = %3$d, interface = eth2, addresses = ["%5$s"], %8$s }
                }
                sync-groups { all = [outside, inside, direct] }
              }
            }
            """.formatted(name, number, priority, TRANSLATED, ROUTED, GATEWAY, key, election);
    }

    /** Waits until one member answers for all addresses, and the other for none. */
    public static void awaitMaster(Member master, Member backup) {
        await(master + " holds the addresses, and it alone", () -> master.holds() && backup.holdsNone());
    }

    /** Waits until something is so. */
    public static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new TopologyException("not within " + PATIENCE.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
