package io.fairlead.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.SyncDaemon.Channel;
import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.election.PeerSpec;
import io.fairlead.ha.election.SafetyLevel;
import io.fairlead.ha.election.TrackSpec;
import io.fairlead.ha.election.UnitSpec;
import io.fairlead.ha.peer.PeerId;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.FileProbeSpec;
import io.fairlead.health.check.ScriptProbeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HighAvailabilityReadingTest {

    private static final String EVERYTHING = """
        fairlead.virtual-servers.web {
          address = "192.0.2.10", port = 80, real-servers = [{ address = "198.51.100.1" }]
        }
        fairlead.high-availability {
          cluster = edge, interface = eth0, bind-address = "192.0.2.2", port = 7000
          peers = ["192.0.2.1", "192.0.2.2"], witnesses = ["192.0.2.3"]
          secret-file = /etc/fairlead/cluster.key
          connection-sync { interface = eth1, id = 9, group = "ff02::81", port = 9000, ttl = 2, message-size-max = 1400, refresh = 5s }
          virtual-routers {
            blue {
              id = 51, priority = 150, interface = eth2, addresses = ["192.0.2.10/24", "2001:db8::10/64"]
              advertisement-interval = 50ms, misses = 4, preempt = false, preempt-delay = 10s
              safety = witnessed, address-lifetime = 2s
              track {
                own-interface = false
                interfaces = [eth1, { name = eth3, weight = -10 }]
                virtual-servers = [{ name = web, weight = 20 }]
                processes = [nginx]
                files = [/run/ok, { name = "/run/slow", interval = 5s }]
                scripts = [
                  { command = [/usr/bin/ok, now], user = nobody, interval = 2s, timeout = 1s, rise = 2, fall = 3, weight = -60 }
                  { shell-command = "true" }
                ]
              }
              notify { command = [/usr/bin/notify], user = nobody, group = nogroup, timeout = 5s }
            }
            alone { id = 300, addresses = ["192.0.2.20"], isolation-test = ["192.0.2.254", "2001:db8::fe"] }
          }
        }
        """;

    @TempDir
    Path directory;

    private FairleadConfig accepted(String text) throws IOException {
        return Outcomes.accepted(ConfigFile.load(Files.writeString(directory.resolve("fairlead.conf"), text)));
    }

    private static HighAvailabilityConfig highAvailability(FairleadConfig config) {
        return config.highAvailability().orElseThrow();
    }

    private static PeerSpec peer(String address, boolean witness) {
        IpAddress parsed = IpAddress.parse(address);
        return new PeerSpec(new PeerId(parsed.toString()).number(), parsed.toString(), parsed, witness);
    }

    private static InterfaceAddressKey key(String interfaceName, String address, int prefixLength) {
        return new InterfaceAddressKey(interfaceName, IpAddress.parse(address), prefixLength);
    }

    @Test
    void isAbsentByDefault() throws IOException {
        assertThat(accepted("").highAvailability()).isEmpty();
    }

    @Test
    void takesDefaults() throws IOException {
        HighAvailabilityConfig config = highAvailability(accepted("""
            fairlead.high-availability {
              interface = eth0, bind-address = "192.0.2.2", peers = ["192.0.2.1"], secret-file = /etc/fairlead/cluster.key
              virtual-routers.blue { id = 51, addresses = ["192.0.2.10", "2001:db8::10"] }
            }
            """));

        PeerSpec first = peer("192.0.2.1", false);
        PeerSpec self = peer("192.0.2.2", false);
        TrackedThing own = new TrackedThing.NetworkInterface("eth0");
        assertThat(config)
                .isEqualTo(new HighAvailabilityConfig(
                        "fairlead",
                        Optional.of("eth0"),
                        self,
                        7946,
                        List.of(first, self),
                        Optional.of(Path.of("/etc/fairlead/cluster.key")),
                        Optional.of(
                                new ConnectionSyncSpec("eth0", 51, Channel.KERNEL_DEFAULT, 0, Duration.ofSeconds(10))),
                        List.of(new ElectionUnit(
                                new UnitSpec(
                                        51,
                                        "blue",
                                        100,
                                        true,
                                        Duration.ZERO,
                                        Duration.ofMillis(100),
                                        3,
                                        SafetyLevel.AVAILABLE,
                                        Duration.ofSeconds(4),
                                        Duration.ofMillis(1400),
                                        false,
                                        List.of(new TrackSpec("interface eth0", 0)),
                                        List.of(first, self),
                                        1),
                                List.of(new VirtualRouterSpec(
                                        "blue",
                                        51,
                                        List.of(key("eth0", "192.0.2.10", 32), key("eth0", "2001:db8::10", 128)),
                                        List.of())),
                                List.of(own),
                                Optional.empty()))));
    }

    @Test
    void takesWhatIsSet() throws IOException {
        HighAvailabilityConfig config = highAvailability(accepted(EVERYTHING));

        assertThat(config.peers())
                .containsExactly(peer("192.0.2.1", false), peer("192.0.2.2", false), peer("192.0.2.3", true));
        assertThat(config.connectionSync())
                .contains(new ConnectionSyncSpec(
                        "eth1", 9, new Channel(IpAddress.parse("ff02::81"), 9000, 2), 1400, Duration.ofSeconds(5)));
        ElectionUnit blue = config.units().getLast();
        assertThat(blue.spec())
                .isEqualTo(new UnitSpec(
                        51,
                        "blue",
                        150,
                        false,
                        Duration.ofSeconds(10),
                        Duration.ofMillis(50),
                        4,
                        SafetyLevel.WITNESSED,
                        Duration.ofSeconds(2),
                        Duration.ofMillis(1400),
                        false,
                        blue.spec().tracks(),
                        config.peers(),
                        1));
        assertThat(blue.addresses()).containsExactly(key("eth2", "192.0.2.10", 24), key("eth2", "2001:db8::10", 64));
        assertThat(blue.spec().tracks()).extracting(TrackSpec::weight).containsExactly(0, -10, 20, 0, 0, 0, -60, 0);
        assertThat(blue.tracked())
                .containsExactly(
                        new TrackedThing.NetworkInterface("eth1"),
                        new TrackedThing.NetworkInterface("eth3"),
                        new TrackedThing.VirtualServer("web"),
                        new TrackedThing.Program("nginx"),
                        file("/run/ok", 1),
                        file("/run/slow", 5),
                        new TrackedThing.Check(
                                "/usr/bin/ok now",
                                new CheckSpec(
                                        new ScriptProbeSpec(
                                                List.of("/usr/bin/ok", "now"),
                                                Optional.of("nobody"),
                                                Optional.empty(),
                                                false),
                                        Duration.ofSeconds(2),
                                        Duration.ofSeconds(1),
                                        2,
                                        3)),
                        new TrackedThing.Check(
                                "/bin/sh -c true",
                                new CheckSpec(
                                        new ScriptProbeSpec(
                                                List.of("/bin/sh", "-c", "true"),
                                                Optional.empty(),
                                                Optional.empty(),
                                                false),
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(1),
                                        1,
                                        1)));
        assertThat(blue.notification())
                .contains(new NotifySpec(
                        List.of("/usr/bin/notify"),
                        Optional.of("nobody"),
                        Optional.of("nogroup"),
                        Duration.ofSeconds(5)));
    }

    private static TrackedThing file(String path, int seconds) {
        Duration interval = Duration.ofSeconds(seconds);
        return new TrackedThing.Check(path, new CheckSpec(new FileProbeSpec(path), interval, interval, 1, 1));
    }

    @Test
    void aSyncGroupIsOneUnit() throws IOException {
        HighAvailabilityConfig config = highAvailability(accepted("""
            fairlead.high-availability {
              interface = eth0, bind-address = "192.0.2.2", peers = []
              virtual-routers {
                outside { id = 7, addresses = ["192.0.2.10"] }
                inside { id = 8, interface = eth1, addresses = ["198.51.100.10"] }
                other { id = 9, addresses = ["192.0.2.11"] }
              }
              sync-groups { all = [outside, inside] }
            }
            """));

        assertThat(config.units()).extracting(ElectionUnit::name).containsExactly("all", "other");
        ElectionUnit all = config.units().getFirst();
        assertThat(all.spec().id()).isEqualTo(7);
        assertThat(all.addresses()).containsExactly(key("eth0", "192.0.2.10", 32), key("eth1", "198.51.100.10", 32));
        assertThat(all.spec().tracks()).extracting(TrackSpec::name).containsExactly("interface eth0", "interface eth1");
    }

    @Test
    void oneRouterThatAsksTheLinkIsEnoughForItsGroup() throws IOException {
        HighAvailabilityConfig config = highAvailability(accepted("""
            fairlead.high-availability {
              interface = eth0, bind-address = "192.0.2.2", peers = ["192.0.2.1"], secret-file = /etc/fairlead/cluster.key
              virtual-routers {
                outside { id = 7, addresses = ["192.0.2.10"], isolation-test = ["192.0.2.254", "2001:db8::fe"] }
                inside { id = 8, interface = eth1, addresses = ["198.51.100.10"] }
                other { id = 9, addresses = ["192.0.2.11"] }
              }
              sync-groups { all = [outside, inside] }
            }
            """));

        ElectionUnit all = config.units().getFirst();
        assertThat(all.spec().isolationTest()).isTrue();
        assertThat(all.routers().getFirst().isolationTest())
                .containsExactly(IpAddress.parse("192.0.2.254"), IpAddress.parse("2001:db8::fe"));
        assertThat(config.units().getLast().spec().isolationTest()).isFalse();
    }

    @Test
    void anApplianceAmongTheWitnessesIsOne() throws IOException {
        HighAvailabilityConfig config = highAvailability(
                accepted(EVERYTHING.replace("bind-address = \"192.0.2.2\"", "bind-address = \"192.0.2.3\"")));

        assertThat(config.self()).isEqualTo(peer("192.0.2.3", true));
        assertThat(config.units()).allMatch(unit -> unit.spec().isWitness());
    }

    @Test
    void whatIsShownMeansTheSame() throws IOException {
        FairleadConfig config = accepted(EVERYTHING + """
            fairlead.high-availability.virtual-routers.twin { id = 301, addresses = ["192.0.2.21"] }
            fairlead.high-availability.sync-groups { pair = [alone, twin] }
            """);

        assertThat(accepted(ConfigRenderer.render(config))).isEqualTo(config);
    }
}
