package io.fairlead.conf.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.ElectionUnit;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.conf.HighAvailabilityConfig;
import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.election.TrackSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What VRRP of keepalived becomes, seen as Fairlead understands what was written. */
class FailoverImportTest {

    private static final String UNICAST = "unicast_src_ip 192.0.2.1\n unicast_peer {\n 192.0.2.2\n }\n";

    @TempDir
    Path folder;

    private KeepalivedImport imported(String text) throws IOException, ImportException {
        return KeepalivedImport.read(
                Files.writeString(folder.resolve("keepalived.conf"), text),
                new ImportHost(
                        "main",
                        _ -> "",
                        name -> name.equals("eth0")
                                ? List.of(IpAddress.parse("192.0.2.10"), IpAddress.parse("192.0.2.1"))
                                : List.of()));
    }

    private FairleadConfig accepted(KeepalivedImport imported, String more) throws IOException {
        ConfigOutcome outcome =
                ConfigFile.load(Files.writeString(folder.resolve("fairlead.conf"), imported.hocon() + more));
        assertThat(outcome).as(imported.hocon()).isInstanceOf(ConfigOutcome.Accepted.class);
        return ((ConfigOutcome.Accepted) outcome).config();
    }

    private HighAvailabilityConfig read(String text) throws IOException, ImportException {
        return accepted(imported(text), "").highAvailability().orElseThrow();
    }

    private ElectionUnit instance(String keywords) throws IOException, ImportException {
        return read(instanceText("blue", 51, UNICAST + keywords + "\n virtual_ipaddress {\n 192.0.2.10\n }\n"))
                .units()
                .getFirst();
    }

    private static String instanceText(String name, int id, String keywords) {
        return "vrrp_instance " + name + " {\n interface eth0\n virtual_router_id " + id + "\n " + keywords + "}\n";
    }

    private static List<String> remarks(KeepalivedImport imported) {
        return imported.remarks().stream()
                .map(remark -> remark.line() + ": " + remark.text())
                .toList();
    }

    @Test
    void writesOutWhatKeepalivedTakesForGranted() throws Exception {
        ElectionUnit unit = instance("");

        assertThat(unit.name()).isEqualTo("blue");
        assertThat(unit.spec().id()).isEqualTo(51);
        assertThat(unit.spec().priority()).isEqualTo(100);
        assertThat(unit.spec().interval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(unit.spec().misses()).isEqualTo(3);
        assertThat(unit.spec().preempt()).isTrue();
        assertThat(unit.addresses()).singleElement().hasToString("192.0.2.10/32 dev eth0");
        assertThat(unit.spec().tracks()).containsExactly(new TrackSpec("interface eth0", 0));
    }

    @Test
    void carriesOverTheElection() throws Exception {
        ElectionUnit unit = instance("state BACKUP\n priority 150\n advert_int 0.25\n preempt_delay 10\n"
                + " down_timer_adverts 5\n dont_track_primary");

        assertThat(unit.spec().priority()).isEqualTo(150);
        assertThat(unit.spec().interval()).isEqualTo(Duration.ofMillis(250));
        assertThat(unit.spec().preemptDelay()).isEqualTo(Duration.ofSeconds(10));
        assertThat(unit.spec().misses()).isEqualTo(5);
        assertThat(unit.spec().tracks()).isEmpty();
    }

    @Test
    void doesNotPreemptWhereKeepalivedWouldNot() throws Exception {
        assertThat(instance("nopreempt").spec().preempt()).isFalse();
        assertThat(instance("nopreempt\n state MASTER").spec().preempt()).isTrue();
        assertThat(instance("nopreempt\n priority 255").spec().preempt()).isTrue();
        assertThat(instance("state MASTER\n preempt_delay 10").spec().preemptDelay())
                .isEqualTo(Duration.ZERO);
    }

    @Test
    void letsAddressesLiveLongerThanSlowAdvertisements() throws Exception {
        ElectionUnit unit = instance("advert_int 5");

        assertThat(unit.spec().interval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(unit.spec().addressLifetime()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void takesTheChannelFromUnicast() throws Exception {
        HighAvailabilityConfig ha = read(instanceText("blue", 51, """
            unicast_src_ip 192.0.2.7
            unicast_peer {
              192.0.2.8
              192.0.2.9 min_ttl 3
            }
            virtual_ipaddress {
              192.0.2.10
            }
            """));

        assertThat(ha.bindAddress()).hasToString("192.0.2.7");
        assertThat(ha.peers().stream().map(peer -> peer.address().toString()))
                .containsExactly("192.0.2.7", "192.0.2.8", "192.0.2.9");
        assertThat(ha.connectionSync()).isEmpty();
    }

    @Test
    void asksForThePeersThatMulticastFinds() throws Exception {
        KeepalivedImport imported = imported(instanceText("blue", 51, "virtual_ipaddress {\n 192.0.2.10/24\n }\n"));

        assertThat(ConfigFile.load(Files.writeString(folder.resolve("open.conf"), imported.hocon())))
                .as("two masters would be worse than a refusal")
                .isInstanceOf(ConfigOutcome.Refused.class);
        HighAvailabilityConfig ha = accepted(imported, "fairlead.high-availability.peers = [\"192.0.2.2\"]")
                .highAvailability()
                .orElseThrow();
        assertThat(ha.bindAddress()).as("the address that does not move").hasToString("192.0.2.1");
        assertThat(remarks(imported))
                .anySatisfy(remark -> assertThat(remark).startsWith("1: vrrp_instance: peers is missing"));
        assertThat(imported.hocon()).contains("# peers = [");
    }

    @Test
    void splitsAnInstanceWithAddressesOnSeveralInterfaces() throws Exception {
        ElectionUnit unit = instance("virtual_ipaddress_excluded {\n 198.51.100.1/24 dev eth1\n 2001:db8::1/64\n }");

        assertThat(unit.name()).isEqualTo("blue");
        assertThat(unit.routers().stream().map(router -> router.name() + " " + router.id() + " " + router.addresses()))
                .containsExactlyInAnyOrder(
                        "blue.eth0 51 [2001:db8::1/64 dev eth0, 192.0.2.10/32 dev eth0]",
                        "blue.eth1 307 [198.51.100.1/24 dev eth1]");
        assertThat(unit.spec().tracks()).containsExactly(new TrackSpec("interface eth0", 0));
    }

    @Test
    void tracksTheInterfaceOfAnInstanceAlsoWhereItsAddressesAreElsewhere() throws Exception {
        ElectionUnit unit = read(instanceText("blue", 51, UNICAST + "virtual_ipaddress {\n 192.0.2.10 dev eth1\n }\n"))
                .units()
                .getFirst();

        assertThat(unit.addresses()).singleElement().hasToString("192.0.2.10/32 dev eth1");
        assertThat(unit.spec().tracks()).containsExactly(new TrackSpec("interface eth0", 0));
    }

    @Test
    void carriesOverWhatIsTracked() throws Exception {
        HighAvailabilityConfig ha = read("""
            vrrp_script alive {
              script "killall -0 haproxy"
              interval 2
              weight -20
              rise 2
              fall 3
            }
            vrrp_script path {
              script "/usr/bin/ok 'two words'"
              timeout 5
            }
            vrrp_track_process proxy {
              process /usr/sbin/haproxy
              weight 30
            }
            track_file down {
              file /run/down
              weight 0
            }
            """ + instanceText("blue", 51, UNICAST + """
                  track_interface {
                    eth1
                    eth2 weight -60
                  }
                  track_script {
                    alive
                    path weight 253
                  }
                  track_process {
                    proxy
                  }
                  track_file {
                    down
                  }
                  virtual_ipaddress {
                    192.0.2.10
                  }
                """));

        assertThat(ha.units().getFirst().spec().tracks())
                .containsExactlyInAnyOrder(
                        new TrackSpec("interface eth0", 0),
                        new TrackSpec("interface eth1", 0),
                        new TrackSpec("interface eth2", -60),
                        new TrackSpec("process haproxy", 30),
                        new TrackSpec("script /bin/sh -c killall -0 haproxy", -20),
                        new TrackSpec("script /usr/bin/ok two words", 253),
                        new TrackSpec("script /bin/sh -c ! grep -qs -m 1 '[1-9]' /run/down", 0));
    }

    @Test
    void movesASyncGroupAsOne() throws Exception {
        KeepalivedImport imported = imported("""
                vrrp_sync_group all {
                  group {
                    blue
                    green
                  }
                  track_interface {
                    eth3 weight 10
                  }
                }
                """
                + instanceText("green", 52, """
                    priority 90
                    track_interface {
                      eth2 weight 5
                    }
                    virtual_ipaddress {
                      192.0.2.11
                    }
                    """)
                + instanceText("blue", 51, UNICAST + "priority 150\n virtual_ipaddress {\n 192.0.2.10\n }\n"));

        ElectionUnit unit =
                accepted(imported, "").highAvailability().orElseThrow().units().getFirst();
        assertThat(unit.name()).isEqualTo("all");
        assertThat(unit.routers()).hasSize(2);
        assertThat(unit.spec().priority()).isEqualTo(150);
        assertThat(unit.spec().tracks())
                .containsExactlyInAnyOrder(new TrackSpec("interface eth0", 0), new TrackSpec("interface eth3", 10));
        assertThat(remarks(imported))
                .anySatisfy(remark -> assertThat(remark).startsWith("10: vrrp_instance: eth2: left out altogether"))
                .anySatisfy(remark -> assertThat(remark).startsWith("10: vrrp_instance: priority: taken from blue"));
    }

    @Test
    void runsNotifyScriptsWithWhatTheyAreTold() throws Exception {
        ElectionUnit unit = instance("notify_master \"/usr/local/bin/up 'a b'\"\n notify_backup /usr/local/bin/down\n"
                + " notify \"/usr/local/bin/all --log\" nobody : nogroup");

        assertThat(unit.notification().orElseThrow().command())
                .containsExactly(
                        "/bin/sh",
                        "-c",
                        "case $1 in master) S=MASTER;; backup) S=BACKUP;; fault) S=FAULT;; *) S=STOP;; esac; "
                                + "case $1 in master) /usr/local/bin/up 'a b';; backup) /usr/local/bin/down;; esac; "
                                + "/usr/local/bin/all --log INSTANCE blue $S \"$2\"");
        assertThat(unit.notification().orElseThrow().user()).contains("nobody");
        assertThat(unit.notification().orElseThrow().group()).contains("nogroup");
    }

    @Test
    void keepsIdsOfTheWholeConfigurationApart() throws Exception {
        HighAvailabilityConfig ha = read(instanceText("blue", 51, UNICAST + "virtual_ipaddress {\n 192.0.2.10\n }\n")
                + instanceText("blue6", 51, "virtual_ipaddress {\n 2001:db8::10\n }\n"));

        assertThat(ha.units().stream().map(unit -> unit.spec().id())).containsExactlyInAnyOrder(51, 307);
    }

    @Test
    void carriesOverConnectionSyncAndGlobals() throws Exception {
        KeepalivedImport imported =
                imported("""
                    global_defs {
                      router_id edge-a
                      vrrp_down_timer_adverts 7
                      default_interface eth9
                      lvs_sync_daemon eth1 blue port 9000 ttl 3 maxlen 1400 group 224.0.0.90
                    }
                    static_ipaddress {
                      198.51.100.7/24 dev eth1 scope link
                      198.51.100.8
                    }
                    """ + instanceText("blue", 51, UNICAST + "virtual_ipaddress {\n 192.0.2.10\n }\n"));

        FairleadConfig config = accepted(imported, "");
        HighAvailabilityConfig ha = config.highAvailability().orElseThrow();
        assertThat(config.nodeName()).isEqualTo("edge-a");
        assertThat(ha.units().getFirst().spec().misses()).isEqualTo(7);
        assertThat(ha.connectionSync().orElseThrow())
                .asString()
                .contains("interfaceName=eth1", "224.0.0.90", "9000", "1400");
        assertThat(imported.hocon())
                .contains("addresses = [\"198.51.100.7/24\"]", "scope = link", "addresses = [\"198.51.100.8/32\"]");
        assertThat(imported.hocon()).contains("id = 51").contains("interface = \"eth9\"");
    }

    @Test
    void remarksThatANodeNameHasToDifferOnlyWhereThereIsAPeer() throws Exception {
        String globals = "global_defs {\n router_id edge\n}\n";
        String instance = instanceText("blue", 51, UNICAST + "virtual_ipaddress {\n 192.0.2.10\n }\n");

        assertThat(remarks(imported(globals + instance)))
                .contains(
                        "2: router_id: became node-name, which has to differ between peers; left out, it is the host's"
                                + " name");
        assertThat(remarks(imported(globals))).isEmpty();
        assertThat(String.join("\n", remarks(imported(instance)))).doesNotContain("node-name");
    }

    @Test
    void saysWhatItLeavesOut() throws Exception {
        KeepalivedImport imported = imported(instanceText("blue", 51, UNICAST + """
              authentication {
                auth_type PASS
                auth_pass secret
              }
              use_vmac
              garp_master_refresh 60
              virtual_routes {
                198.51.100.0/24 via 192.0.2.254
              }
              track_script {
                missing
              }
              virtual_ipaddress {
                192.0.2.10
                nonsense
              }
            """));

        assertThat(remarks(imported).stream().map(remark -> remark.replaceFirst("(: .*?):.*", "$1")))
                .contains(
                        "8: authentication",
                        "12: use_vmac",
                        "13: garp_master_refresh",
                        "14: virtual_routes",
                        "15: 198.51.100.0/24",
                        "18: missing",
                        "22: nonsense");
        assertThat(remarks(imported))
                .filteredOn(remark -> remark.contains("auth_"))
                .singleElement()
                .asString()
                .startsWith("8: authentication: not carried over, with auth_type and auth_pass in it: the channel");
        assertThat(String.join("\n", remarks(imported)))
                .doesNotContain("secret ")
                .doesNotContain("auth_pass secret");
    }
}
