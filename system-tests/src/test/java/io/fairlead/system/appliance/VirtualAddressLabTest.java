package io.fairlead.system.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.AddressLine;
import io.fairlead.system.topology.Capture;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.traffic.NameServer;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The appliance puts the virtual addresses there itself, and a client reaches the real server through them. A story. */
class VirtualAddressLabTest extends ApplianceStory {

    private static final String VIP = "192.0.2.10";
    private static final String VIP_IPV6 = "2001:db8::10";

    @SuppressWarnings("NullAway.Init") // set before any test
    private Capture capture;

    @BeforeAll
    void buildNetwork() {
        topology.bridge("front").attach(client, "192.0.2.100/24", "2001:db8::100/64");
        topology.bridge("front").attach(edge, "192.0.2.1/24", "2001:db8::1/64");
        topology.bridge("back").attach(edge, "10.0.0.1/24");
        for (String setting : List.of("ip_forward", "conf.all.arp_ignore", "conf.all.arp_announce")) {
            edge.sysctl("net.ipv4." + setting, "0");
        }
        NetworkHost web = topology.host("web");
        topology.bridge("back").attach(web, "10.0.0.11/24");
        web.route("default", "10.0.0.1");
        web.startJava(NameServer.class, "web-1", "10.0.0.11", "80").awaitLine("listening", PATIENCE);
        capture = client.capture("eth0", "arp or icmp6");
        appliance = ApplianceProcess.start(edge, configuration("keep", VIP, VIP_IPV6));
        appliance.awaitHealthy("web", 1);
    }

    private static String configuration(String onStop, String... addresses) {
        return """
            fairlead {
              node-name = edge
              reconcile.interval = 2s
              defaults.health-check { type = tcp, interval = 2s, timeout = 1900ms, rise = 1, fall = 2 }
              virtual-servers.web {
                address = "%s", port = 80, forwarding = nat
                real-servers = [{ name = web-1, address = "10.0.0.11" }]
              }
              sysctls { ip-forward = true, strict-arp = true, on-stop = restore }
              virtual-addresses {
                public { interface = eth0, addresses = ["%s"], on-stop = %s }
                routed { interface = vip0, dummy = true, addresses = ["198.51.100.7", "2001:db8:7::7"] }
              }
            }
            """.formatted(VIP, String.join("\", \"", addresses), onStop);
    }

    private String addresses() {
        return edge.run("ip", "-o", "address", "show").orThrow().out();
    }

    private String ask() {
        return client.run(
                        "timeout", "20", "bash", "-c", "exec 3<>/dev/tcp/" + VIP + "/80; echo hello >&3; head -n1 <&3")
                .out();
    }

    private static long present(StatusReport status) {
        return status.addresses().addresses().stream()
                .map(AddressLine::state)
                .filter("present"::equals)
                .count();
    }

    @Test
    @Order(1)
    void theAddressesAreThereAndAnnouncedAndAClientReachesTheRealServer() {
        appliance.await("four addresses", PATIENCE, status -> present(status) == 4);

        assertThat(addresses())
                .contains("eth0    inet " + VIP + "/32", "inet6 " + VIP_IPV6 + "/128", "198.51.100.7/32");
        capture.await("Request who-has 192\\.0\\.2\\.10( \\(\\S+\\))? tell 192\\.0\\.2\\.10", PATIENCE);
        capture.await("Reply 192\\.0\\.2\\.10 is-at", PATIENCE);
        capture.await("neighbor advertisement, tgt is 2001:db8::10", PATIENCE);
        assertThat(ask()).contains("web-1");
        client.run("ping", "-c1", "-W20", VIP_IPV6).orThrow();
    }

    /** Only the interface that leads nowhere has the address; without strict ARP the other one would answer for it. */
    @Test
    @Order(2)
    void withStrictArpNobodyAnswersOnAnInterfaceForTheAddressOfAnother() {
        client.route("198.51.100.7", "dev", "eth0");

        assertThat(client.run("ping", "-c1", "-W2", "198.51.100.7").succeeded()).isFalse();
        assertThat(appliance.status().host().failing()).isEmpty();
        edge.run("sysctl", "-qw", "net.ipv4.conf.all.arp_ignore=0").orThrow();
        appliance.await("drift is counted", PATIENCE, status -> status.host().drift() == 1);
        assertThat(sysctl("net.ipv4.conf.all.arp_ignore")).isEqualTo("1");
    }

    @Test
    @Order(3)
    void whatSomebodyTakesAwayIsPutBackAndCounted() {
        edge.run("ip", "address", "del", VIP + "/32", "dev", "eth0").orThrow();

        appliance.await("the repair", PATIENCE, status -> status.addresses().drift() == 1 && present(status) == 4);
        assertThat(addresses()).contains(VIP + "/32");
    }

    @Test
    @Order(4)
    void aCrashAndAStopLeaveThemAndTheNextStartAdoptsThem() {
        appliance.kill();
        assertThat(addresses()).contains(VIP + "/32", VIP_IPV6 + "/128");
        assertThat(ask()).contains("web-1");
        appliance.restart();
        appliance.await("the same four", PATIENCE, status -> present(status) == 4);
        assertThat(appliance.status().addresses().drift()).isZero();
        assertThat(appliance.terminate()).isZero();
        assertThat(sysctl("net.ipv4.ip_forward"))
                .as("as before the process that crashed")
                .isEqualTo("0");
        assertThat(sysctl("net.ipv4.conf.all.arp_announce")).isEqualTo("0");
        assertThat(addresses()).contains(VIP + "/32", VIP_IPV6 + "/128");
        appliance.restart();
        appliance.await("the same four", PATIENCE, status -> present(status) == 4);
    }

    @Test
    @Order(5)
    void aReloadRemovesWhatLeftTheConfigurationAndNothingElse() {
        assertThat(appliance.reload(configuration("remove", VIP)).problems()).isEmpty();

        appliance.await("one less", PATIENCE, status -> present(status) == 3);
        assertThat(addresses())
                .doesNotContain(VIP_IPV6 + "/128")
                .contains(VIP + "/32", "192.0.2.1/24", "2001:db8::1/64", "10.0.0.1/24");
    }

    @Test
    @Order(6)
    void aStopTakesAwayWhatIsNotToOutliveIt() {
        assertThat(appliance.terminate()).isZero();

        assertThat(addresses()).doesNotContain(VIP + "/32").contains("192.0.2.1/24", "198.51.100.7/32");
    }

    private String sysctl(String name) {
        return edge.run("sysctl", "-n", name).orThrow().out().strip();
    }
}
