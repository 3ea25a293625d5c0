package io.fairlead.system.packages;

import static io.fairlead.system.packages.PackagedService.CONFIGURATION;
import static io.fairlead.system.packages.PackagedService.PATIENCE;
import static io.fairlead.system.packages.PackagedService.await;
import static io.fairlead.system.packages.PackagedService.isActive;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.system.topology.Bridge;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.Topology;
import io.fairlead.system.traffic.ConnectionHolder;
import io.fairlead.system.traffic.HoldReport;
import io.fairlead.system.traffic.NameServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Two packages on two Debian roots, which share an address. The better one is run by systemd and is stopped, started again and
 * upgraded under connections; its peer, of an older version, runs in a root of its own. Real servers answer their clients
 * directly. A story in order.
 */
@Tag("packages")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // set before any test
class PairLabTest {

    private static final String VIP = "192.0.2.10";
    private static final int CONNECTIONS = 50;

    /** In the kernel a message of connections waits up to two seconds for others, and is looked at once a second. */
    private static final Duration TOLD = Duration.ofSeconds(5);

    private Topology topology;
    private NetworkHost client;
    private NetworkHost better;
    private NetworkHost other;
    private OwnRoot otherRoot;
    private RunningProcess otherAppliance;
    private RunningProcess holder;

    @BeforeAll
    void installBoth() throws IOException {
        topology = Topology.create();
        Bridge front = topology.bridge("front");
        client = topology.host("client");
        better = topology.host("better");
        other = topology.host("other");
        NetworkHost web = topology.host("web");
        front.attach(client, "192.0.2.100/24");
        front.attach(better, "192.0.2.1/24");
        front.attach(other, "192.0.2.2/24");
        front.attach(web, "192.0.2.11/24");
        web.sysctl("net.ipv4.conf.all.arp_ignore", "1").sysctl("net.ipv4.conf.all.arp_announce", "2");
        web.address("lo", VIP + "/32");
        web.startJava(NameServer.class, "web", VIP, "80").awaitLine("listening", PATIENCE);

        PackagedService.placeOn(better);
        installWithoutStarting();
        StartUpCache.settle();
        otherRoot = OwnRoot.create();
        Path deb = Files.copy(Path.of(BuiltPackages.olderDeb()), otherRoot.path("root/fairlead.deb"));
        otherRoot.run("dpkg", "-i", "/root/fairlead.deb");
        Files.delete(deb);

        // As docs/operating/high-availability.md says.
        Command.run(
                "sh",
                "-ec",
                "fairlead ha key | install -m 640 -g fairlead /dev/stdin /etc/fairlead/cluster.key; cp -p"
                        + " /etc/fairlead/cluster.key " + otherRoot.path("etc/fairlead/"));
        Files.writeString(CONFIGURATION, configuration("192.0.2.1", 150));
        Files.writeString(otherRoot.path("etc/fairlead/fairlead.conf"), configuration("192.0.2.2", 100));
        otherAppliance = other.start(otherRoot.inside("fairlead", "run"));
        Command.run("systemctl", "start", "fairlead");
        otherAppliance.awaitErrorLine("Configuration applied", PATIENCE);
    }

    /** As an administrator does who forbids services to start by themselves. */
    private static void installWithoutStarting() throws IOException {
        Path policy = Files.writeString(Path.of("/usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n");
        Command.run("chmod", "755", policy.toString());
        Command.run("dpkg", "-i", BuiltPackages.deb());
        Files.delete(policy);
        assertThat(isActive()).as("forbidden to start").isFalse();
    }

    @AfterAll
    void removeBoth() {
        System.out.println(otherAppliance.err());
        System.out.println(Command.attempt("journalctl", "-u", "fairlead", "--no-pager", "-n", "200")
                .out());
        Command.attempt("dpkg", "-P", "fairlead");
        otherAppliance.stop();
        otherRoot.close();
        topology.close();
    }

    private static String configuration(String self, int priority) {
        return """
            fairlead {
              virtual-servers.web {
                address = "%s", port = 80, forwarding = direct-route
                health-check.type = none
                real-servers = [ { name = web, address = "192.0.2.11" } ]
              }
              high-availability {
                cluster = edge, interface = eth0, bind-address = "%s", peers = ["192.0.2.1", "192.0.2.2"]
                secret-file = /etc/fairlead/cluster.key
                virtual-routers.front {
                  id = 51, priority = %d, addresses = ["%s/32"]
                  advertisement-interval = 400ms, misses = 4, preempt-delay = 0s
                }
              }
            }
            """.formatted(VIP, self, priority, VIP);
    }

    private static boolean holds(NetworkHost host) {
        return host.run("ip", "-brief", "address").orThrow().out().contains(VIP + "/");
    }

    private void awaitMaster(NetworkHost master) {
        NetworkHost backup = master == better ? other : better;
        await("master is " + master, () -> holds(master) && !holds(backup));
    }

    private static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    @Test
    @Order(1)
    void theBetterOneHoldsTheAddress() {
        awaitMaster(better);
        await(
                "real server in the table",
                () -> better.run("ipvsadm", "-Sn").orThrow().out().contains("-r 192.0.2.11:80"));
        holder = client.startJava(
                ConnectionHolder.class, VIP, "80", Integer.toString(CONNECTIONS), "3600", "500", "60000");
        holder.awaitLine("holding " + CONNECTIONS, PATIENCE);
        pause(TOLD);
    }

    @Test
    @Order(2)
    void aStopHandsOver() {
        Command.run("systemctl", "stop", "fairlead");

        awaitMaster(other);
        pause(TOLD);
    }

    @Test
    @Order(3)
    void aStartBringsItBack() {
        Command.run("systemctl", "start", "fairlead");

        awaitMaster(better);
        pause(TOLD);
    }

    @Test
    @Order(4)
    void aDowngradeAndAnUpgradeGoThroughThePeer() {
        Command.run("dpkg", "-i", BuiltPackages.olderDeb());
        await("active after the downgrade", PackagedService::isActive);
        awaitMaster(better);
        pause(TOLD);
        Command.run("dpkg", "-i", BuiltPackages.deb());
        await("active after the upgrade", PackagedService::isActive);
        awaitMaster(better);
    }

    @Test
    @Order(5)
    void noConnectionWasLost() {
        client.run("kill", "-TERM", Long.toString(holder.pid())).orThrow();
        HoldReport report = HoldReport.parse(holder.awaitLine(HoldReport.FIRST_WORD, PATIENCE));

        System.out.println(report);
        assertThat(isActive()).isTrue();
        assertThat(report.opened()).isEqualTo(CONNECTIONS);
        assertThat(report.lost() + report.strayed()).as("%s", report).isZero();
    }

    @Test
    @Order(6)
    void aRemovalStopsTheSyncDaemonsAndPutsSettingsBack() {
        assertThat(syncDaemons()).contains("master sync daemon", "backup sync daemon");
        assertThat(syncThreshold()).isEqualTo("3 0");

        System.out.print(
                better.run(PATIENCE, "dpkg", "-r", "fairlead").orThrow().out());

        assertThat(syncDaemons()).isEmpty();
        assertThat(syncThreshold()).isEqualTo("3 50");
    }

    private String syncDaemons() {
        return better.run("ipvsadm", "-Ln", "--daemon").orThrow().out();
    }

    private String syncThreshold() {
        return better.run("cat", "/proc/sys/net/ipv4/vs/sync_threshold")
                .orThrow()
                .out()
                .strip()
                .replace('\t', ' ');
    }
}
