package io.fairlead.conf.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.HighAvailabilityConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailoverImportTest {

    private static final String UNICAST = """
          unicast_src_ip 192.0.2.1
          unicast_peer {
            192.0.2.2
          }
        """;

    @TempDir
    Path folder;

    private KeepalivedImport read(String text) throws IOException, ImportException {
        Path file = Files.writeString(folder.resolve("keepalived.conf"), text);
        return KeepalivedImport.read(file, "main", _ -> "");
    }

    private HighAvailabilityConfig accepted(KeepalivedImport imported) throws IOException {
        Path translated = Files.writeString(folder.resolve("fairlead.conf"), imported.hocon());
        ConfigOutcome outcome = ConfigFile.load(translated);
        assertThat(outcome).as(imported.hocon()).isInstanceOf(ConfigOutcome.Accepted.class);
        return ((ConfigOutcome.Accepted) outcome).config().highAvailability().orElseThrow();
    }

    private static List<String> remarks(KeepalivedImport imported) {
        return imported.remarks().stream()
                .map(remark -> remark.line() + ": " + remark.text())
                .toList();
    }

    private static List<String> lines(KeepalivedImport imported) {
        return imported.hocon().lines().map(String::strip).toList();
    }

    @Test
    void writesOutWhatKeepalivedTakesForGranted() throws Exception {
        KeepalivedImport imported = read("""
            vrrp_instance edge {
              interface eth0
              virtual_router_id 51
              virtual_ipaddress {
                192.0.2.10/24
              }
            """ + UNICAST + "}\n");

        accepted(imported);
        assertThat(lines(imported))
                .contains(
                        "bind-address = \"192.0.2.1\"",
                        "peers = [\"192.0.2.2\"]",
                        "enabled = false",
                        "id = 51",
                        "priority = 100",
                        "interface = \"eth0\"",
                        "addresses = [\"192.0.2.10/24\"]",
                        "advertisement-interval = 1s",
                        "misses = 3",
                        "preempt = true");
        assertThat(remarks(imported)).isEmpty();
    }

    @Test
    void carriesOverPriorityTimesTrackersAndScripts() throws Exception {
        KeepalivedImport imported = read("""
            global_defs {
              lvs_sync_daemon eth1 edge id 7 ttl 2
              vrrp_down_timer_adverts 4
            }
            vrrp_instance edge {
              interface eth0
              virtual_router_id 0x33
              priority 150
              advert_int 2.5
              nopreempt
              preempt_delay 10
              dont_track_primary
              track_interface {
                eth1 weight -20
                eth2
              }
              track_script {
                answers weight 5
              }
              track_process {
                proxy
              }
              virtual_ipaddress {
                192.0.2.10 dev eth0
              }
              virtual_ipaddress_excluded {
                2001:db8::10/64
              }
              notify_master "/usr/local/bin/up now"
              notify "/usr/local/bin/told" nobody
            """ + UNICAST + """
            }
            vrrp_script answers {
              script "/usr/local/bin/ok now"
              interval 2
              fall 3
              weight -60
            }
            vrrp_track_process proxy {
              process /usr/sbin/haproxy
              weight -10
            }
            """);

        accepted(imported);
        assertThat(lines(imported))
                .contains(
                        "id = 7",
                        "ttl = 2",
                        "id = 51",
                        "priority = 150",
                        "advertisement-interval = 2500ms",
                        "address-lifetime = 5s",
                        "misses = 4",
                        "preempt = false",
                        "preempt-delay = 10s",
                        "own-interface = false",
                        "name = \"eth1\"",
                        "weight = -20",
                        "name = \"eth2\"",
                        "shell-command = \"/usr/local/bin/ok now\"",
                        "fall = 3",
                        "weight = 5",
                        "name = \"haproxy\"",
                        "weight = -10",
                        "addresses = [\"192.0.2.10\", \"2001:db8::10/64\"]",
                        "user = \"nobody\"")
                .doesNotContain("weight = -60");
        assertThat(imported.hocon())
                .contains("case $1 in master) /usr/local/bin/up now ;; esac; ")
                .contains("/usr/local/bin/told INSTANCE \\\"$0\\\" $role $2");
        assertThat(remarks(imported)).isEmpty();
    }

    @Test
    void carriesOverGroupsOfEqualRouters() throws Exception {
        String two = """
            vrrp_sync_group all {
              group {
                inside
                outside
              }
            }
            vrrp_instance inside {
              interface eth1
              virtual_router_id 51
              virtual_ipaddress {
                198.51.100.1
              }
            """ + UNICAST + """
            }
            vrrp_instance outside {
              interface eth0
              virtual_router_id 51
              virtual_ipaddress {
                192.0.2.10
              }
              PRIORITY
            }
            """;

        KeepalivedImport equal = read(two.replace("PRIORITY", "priority 100"));
        KeepalivedImport different = read(two.replace("PRIORITY", "priority 90"));

        accepted(equal);
        assertThat(lines(equal)).contains("all = [\"inside\", \"outside\"]", "id = 51", "id = 307");
        assertThat(remarks(equal)).singleElement().asString().startsWith("20: virtual_router_id: 51 is there already");
        accepted(different);
        assertThat(different.hocon()).doesNotContain("sync-groups");
        assertThat(remarks(different)).anyMatch(remark -> remark.startsWith("1: vrrp_sync_group: not carried over"));
    }

    @Test
    void saysWhatIsLeftToBeWrittenWhereMulticastTellsNothing() throws Exception {
        KeepalivedImport imported = read("""
            vrrp_instance edge {
              state MASTER
              interface eth0
              virtual_router_id 51
              garp_master_delay 1
              authentication {
                auth_type PASS
                auth_pass 1111
              }
              virtual_ipaddress {
                192.0.2.10 dev eth1
                192.0.2.11 label eth0:1
              }
            }
            """);

        assertThat(remarks(imported).stream().map(remark -> remark.replaceFirst("^([0-9]+: [^:]*):.*", "$1")))
                .containsExactly(
                        "2: state",
                        "5: garp_master_delay",
                        "6: authentication",
                        "11: 192.0.2.10",
                        "12: 192.0.2.11",
                        "0: write high-availability.bind-address",
                        "0: write high-availability.peers");
        assertThat(lines(imported)).contains("addresses = [\"192.0.2.11\"]");
        // Nothing follows it by mistake before that.
        assertThat(ConfigFile.load(Files.writeString(folder.resolve("fairlead.conf"), imported.hocon())))
                .isInstanceOf(ConfigOutcome.Refused.class);
    }
}
