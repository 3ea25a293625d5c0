package io.fairlead.conf.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeepalivedImportTest {

    @TempDir
    Path folder;

    /** What it came to is always something that Fairlead takes. */
    private KeepalivedImport read(String text) throws IOException, ImportException {
        Path file = Files.writeString(folder.resolve("keepalived.conf"), text);
        KeepalivedImport imported = KeepalivedImport.read(file, new ImportHost("main", _ -> "", _ -> List.of()));
        Path translated = Files.writeString(folder.resolve("fairlead.conf"), imported.hocon());
        assertThat(ConfigFile.load(translated))
                .as(imported.hocon())
                .isInstanceOfSatisfying(
                        ConfigOutcome.Accepted.class,
                        accepted -> assertThat(accepted.warnings()).isEmpty());
        return imported;
    }

    private KeepalivedImport check(String checker) throws IOException, ImportException {
        return read(
                "virtual_server 192.0.2.1 80 {\nprotocol TCP\nreal_server 198.51.100.1 80 {\n" + checker + "\n}\n}\n");
    }

    /** The lines of the innermost blocks of that name, each without its blanks. */
    private static List<String> block(KeepalivedImport imported, String name) {
        Matcher matcher =
                Pattern.compile("(?m)^ *" + name + " \\{\n([^{}]*)^ *\\}").matcher(imported.hocon());
        return matcher.results()
                .flatMap(result -> result.group(1).lines().map(String::strip))
                .toList();
    }

    private static List<String> remarks(KeepalivedImport imported) {
        return imported.remarks().stream()
                .map(remark -> remark.line() + ": " + remark.text())
                .toList();
    }

    @Test
    void writesOutWhatKeepalivedTakesForGranted() throws Exception {
        KeepalivedImport imported =
                read("virtual_server 192.0.2.1 53 {\n real_server 198.51.100.1 53 {\n TCP_CHECK {\n }\n }\n}\n");

        assertThat(imported.hocon().lines().map(String::strip))
                .contains(
                        "protocol = udp",
                        "scheduler = wlc",
                        "forwarding = nat",
                        "drain-timeout = 0s",
                        "weight = 1",
                        "quorum = 1");
        assertThat(block(imported, "health-check"))
                .containsExactly(
                        "type = tcp", "interval = 60s", "timeout = 5s", "rise = 1", "fall = 2", "initial-state = up");
        assertThat(remarks(imported))
                .containsExactly("1: virtual_server: no protocol: keepalived takes UDP, and so it is written");
    }

    @Test
    void handsValuesDownFromBlockToBlock() throws Exception {
        KeepalivedImport imported = read("""
            virtual_server 192.0.2.1 80 {
              protocol TCP
              delay_loop 10
              retry 4
              alpha
              real_server 198.51.100.1 80 {
                delay_loop 0.5
                TCP_CHECK {
                  connect_timeout 0.25
                  retry 0
                }
              }
            }
            """);

        assertThat(block(imported, "health-check"))
                .containsExactly(
                        "type = tcp",
                        "interval = 500ms",
                        "timeout = 250ms",
                        "rise = 1",
                        "fall = 1",
                        "initial-state = down");
        assertThat(imported.remarks()).isEmpty();
    }

    @Test
    void keepsATimeoutWithinTheInterval() throws Exception {
        KeepalivedImport imported = check("TCP_CHECK {\ndelay_loop 2\n}");

        assertThat(block(imported, "health-check")).contains("interval = 2s", "timeout = 2s");
        assertThat(remarks(imported)).containsExactly("4: TCP_CHECK: connect_timeout: 5s becomes 2s");
    }

    @Test
    void translatesWhereAndHowAProbeConnects() throws Exception {
        assertThat(block(
                        check("TCP_CHECK {\nconnect_ip 198.51.100.9\nconnect_port 8080\nbindto 192.0.2.9\n"
                                + "bind_if eth1\nfwmark 0x10\n}"),
                        "health-check"))
                .contains(
                        "address = \"198.51.100.9\"",
                        "port = 8080",
                        "source-address = \"192.0.2.9\"",
                        "source-interface = \"eth1\"",
                        "mark = 16");
    }

    @Test
    void makesACheckOfEachPage() throws Exception {
        KeepalivedImport imported = check("""
            HTTP_GET {
              virtualhost shop.example
              url {
                path /a
                status_code 200 301-302
              }
              url {
                path /b
                virtualhost other.example
                digest d41d8cd98f00b204e9800998ecf8427e
              }
            }
            """);

        assertThat(block(imported, "check-1"))
                .contains(
                        "type = http",
                        "path = \"/a\"",
                        "host = \"shop.example\"",
                        "expect-status = [\"200\", \"301-302\"]");
        assertThat(block(imported, "check-2"))
                .contains(
                        "path = \"/b\"",
                        "host = \"other.example\"",
                        "expect-digest = \"d41d8cd98f00b204e9800998ecf8427e\"");
        assertThat(imported.hocon()).contains("require-checks = all");
    }

    @Test
    void doesNotVerifyCertificatesWhereKeepalivedDoesNot() throws Exception {
        assertThat(block(check("SSL_GET {\nenable_sni\nsni_name shop.example\nurl {\npath /\n}\n}"), "health-check"))
                .contains("type = https", "verify-tls = false", "server-name = \"shop.example\"");
    }

    @Test
    void translatesChecksOfOtherKinds() throws Exception {
        assertThat(block(check("SMTP_CHECK {\nhelo_name lb.example\n}"), "health-check"))
                .contains("type = smtp", "helo-name = \"lb.example\"");
        assertThat(block(check("DNS_CHECK {\ntype mx\nname example.com\n}"), "health-check"))
                .contains("type = dns", "record-type = MX", "name = \"example.com\"", "fall = 4");
        assertThat(block(check("UDP_CHECK {\npayload 0a ff\nrequire_reply 0a XX\n}"), "health-check"))
                .contains(
                        "type = udp", "payload-hex = \"0aff\"", "require-reply = true", "expect-reply-hex = \"0axx\"");
        assertThat(block(check("PING_CHECK {\n}"), "health-check")).contains("type = icmp");
        assertThat(block(check("""
            MISC_CHECK {
              misc_path "/bin/check --deep 'two words'"
              misc_timeout 3
              misc_dynamic
              user nobody : nogroup
            }\
            """), "health-check"))
                .contains(
                        "type = script",
                        "command = [\"/bin/check\", \"--deep\", \"two words\"]",
                        "timeout = 3s",
                        "exit-code-sets-weight = true",
                        "user = \"nobody\"",
                        "group = \"nogroup\"");
    }

    @Test
    void findsTheFileOfAFileCheck() throws Exception {
        KeepalivedImport imported = read("""
            virtual_server 192.0.2.1 80 {
              protocol TCP
              real_server 198.51.100.1 80 {
                FILE_CHECK {
                  track_file load
                }
              }
            }
            track_file load {
              file /run/load
            }
            """);

        assertThat(block(imported, "health-check")).contains("type = file", "file = \"/run/load\"");
    }

    @Test
    void expandsGroups() throws Exception {
        KeepalivedImport imported = read("""
            virtual_server_group web {
              192.0.2.1 80
              192.0.2.8-10 81
              2001:db8::a-b 82
              192.0.2.254-192.0.3.1 83
              fwmark 7
            }
            virtual_server group web {
              protocol TCP
              lvs_method TUN
              real_server 198.51.100.1 80 {
              }
            }
            """);

        assertThat(imported.hocon()
                        .lines()
                        .map(String::strip)
                        .filter(line -> line.startsWith("address = \"192")
                                || line.startsWith("address = \"2001")
                                || line.startsWith("fwmark")))
                .containsExactly(
                        "address = \"192.0.2.1\"",
                        "address = \"192.0.2.8\"",
                        "address = \"192.0.2.9\"",
                        "address = \"192.0.2.10\"",
                        "address = \"2001:db8::a\"",
                        "address = \"2001:db8::b\"",
                        "address = \"192.0.2.254\"",
                        "address = \"192.0.2.255\"",
                        "address = \"192.0.3.0\"",
                        "address = \"192.0.3.1\"",
                        "fwmark = 7");
        assertThat(imported.hocon()).contains("web-1 {", "web-11 {");
    }

    @Test
    void remarksOnEveryKeywordThatIsNotCarriedOver() throws Exception {
        KeepalivedImport imported = read("""
            global_defs {
              smtp_server 192.0.2.25
              lvs_timeouts tcp 7200 udp 30
            }
            bfd_instance peer {
              neighbor_ip 192.0.2.2
            }
            frobnicate 3
            virtual_server 192.0.2.1 80 {
              protocol TCP
              quorum_up "/bin/mail up"
              real_server 198.51.100.1 80 {
                notify_down "/bin/mail down"
                TCP_CHECK {
                  warmup 3
                }
              }
            }
            """);

        assertThat(remarks(imported).stream().map(remark -> remark.replaceFirst("(: .*?):.*", "$1")))
                .containsExactly(
                        "2: smtp_server",
                        "5: bfd_instance",
                        "6: neighbor_ip",
                        "8: frobnicate",
                        "11: quorum_up",
                        "13: notify_down",
                        "15: warmup");
        assertThat(block(imported, "ipvs-timeouts")).containsExactly("tcp = 7200s", "udp = 30s");
    }

    @Test
    void leavesOutWhatCannotBeAndSaysSo() throws Exception {
        KeepalivedImport imported = read("""
            virtual_server 192.0.2.1 {
              persistence_timeout 5
              real_server 198.51.100.1 80 {
              }
            }
            virtual_server nonsense 80 {
            }
            virtual_server 192.0.2.2 80 {
              protocol TCP
            }
            virtual_server 192.0.2.3 80 {
              protocol TCP
              lvs_sched best
              quorum many
              real_server 2001:db8::1 80 {
              }
              real_server 198.51.100.1 80 {
                weight 100000
              }
              real_server 198.51.100.1 80 {
              }
            }
            """);

        assertThat(remarks(imported))
                .anySatisfy(remark -> assertThat(remark).startsWith("1: ").contains("every port"))
                .anySatisfy(remark -> assertThat(remark).startsWith("6: ").contains("\"nonsense 80\""))
                .anySatisfy(remark -> assertThat(remark).startsWith("8: ").contains("no real servers"))
                .anySatisfy(remark -> assertThat(remark).startsWith("13: ").contains("\"best\""))
                .anySatisfy(remark -> assertThat(remark).startsWith("14: ").contains("\"many\""))
                .anySatisfy(remark -> assertThat(remark).startsWith("15: ").contains("another family"))
                .anySatisfy(remark -> assertThat(remark).startsWith("18: ").contains("becomes 65535"))
                .anySatisfy(remark -> assertThat(remark).startsWith("20: ").contains("already"));
        assertThat(imported.hocon().split("address = \"192", -1)).hasSize(2);
    }

    @Test
    void translatesTunnels() throws Exception {
        KeepalivedImport imported = read("""
            virtual_server 192.0.2.1 80 {
              protocol TCP
              lvs_method TUN type gue port 6080 remcsum
              real_server 198.51.100.1 80 {
              }
              real_server 198.51.100.2 80 {
                lvs_method TUN type gre csum
              }
              real_server 198.51.100.3 80 {
                lvs_method NAT
              }
              real_server 198.51.100.4 80 {
                lvs_method TUN
              }
            }
            """);

        assertThat(block(imported, "tunnel"))
                .containsExactly(
                        "type = gue",
                        "port = 6080",
                        "checksum = remote",
                        "type = gre",
                        "checksum = full",
                        "type = ipip");
        assertThat(imported.remarks()).isEmpty();
    }

    @Test
    void readsAnEmptyFile() throws Exception {
        assertThat(read("").remarks()).isEmpty();
    }
}
