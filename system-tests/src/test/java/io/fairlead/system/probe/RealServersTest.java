package io.fairlead.system.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fairlead.system.topology.Bridge;
import io.fairlead.system.topology.Capture;
import io.fairlead.system.topology.Execution;
import io.fairlead.system.topology.Link;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every type of health check against a real server of its kind (nginx, unbound, Exim, openssl, gRPC for Java), each option
 * once as it should be and once as it should not: an option that is ignored turns one of the two around.
 */
@Tag("namespace")
class RealServersTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private Topology lab;
    private NetworkHost director;
    private NetworkHost server;
    private Link serverLink;

    @TempDir
    private Path directory;

    @BeforeEach
    void twoHostsOnTwoBridges() throws IOException {
        Topology.unavailable().ifPresent(reason -> abort(reason));
        // nginx and unbound read their files as users of their own.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        lab = Topology.create();
        director = lab.host("director");
        server = lab.host("server");
        Bridge first = lab.bridge("first");
        Bridge second = lab.bridge("second");
        first.attach(director, "192.0.2.1/24", "192.0.2.9/24", "2001:db8::1/64");
        serverLink = first.attach(server, "192.0.2.2/24", "2001:db8::2/64");
        second.attach(director, "198.51.100.1/24");
        second.attach(server, "198.51.100.2/24");
    }

    @AfterEach
    void close() {
        if (lab != null) {
            lab.close();
        }
    }

    private static void need(String... programs) {
        for (String program : programs) {
            if (!Files.isExecutable(Path.of("/usr/sbin", program))
                    && !Files.isExecutable(Path.of("/usr/bin", program))) {
                abort(program + " is not installed: build/install-tools --servers installs it");
            }
        }
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text.replace("@DIR@", directory.toString()));
    }

    private void shell(String script) {
        server.run(SOON, "sh", "-ec", "cd " + directory + "\n" + script).orThrow();
    }

    /** Returns what each virtual server's check came to. */
    private Map<String, String> check(String virtualServers) throws IOException {
        Path file = write("fairlead.conf", """
            fairlead {
              defaults.health-check { interval = 20s, timeout = 15s }
              virtual-servers {
            %s
              }
            }
            """.formatted(virtualServers));
        Execution execution = director.run(
                Duration.ofMinutes(3),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-Dio.netty.leakDetection.level=paranoid",
                "-cp",
                System.getProperty("java.class.path"),
                CheckOnce.class.getName(),
                file.toString());
        assertThat(execution.err()).doesNotContain("LEAK");
        Map<String, String> results = new TreeMap<>();
        for (String line : execution.orThrow().out().lines().toList()) {
            int colon = line.indexOf(": ");
            results.put(line.substring(0, colon), line.substring(colon + 2));
        }
        return results;
    }

    private static int count;

    /** One virtual server with one real server at {@code address}, checked as said. */
    private static String vs(String name, String address, int port, String healthCheck) {
        return "    %s { fwmark = %d, health-check { %s }, real-servers = [{ address = \"%s\", port = %d }] }%n"
                .formatted(name, ++count, healthCheck, address, port);
    }

    private static String vs(String name, int port, String healthCheck) {
        return vs(name, "192.0.2.2", port, healthCheck);
    }

    private void makeCertificates() {
        shell("""
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj '/CN=Lab authority' \\
              -keyout ca.key -out ca.pem
            issue() { # name, subject alternative name
              openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout $1.key -out $1.csr
              printf 'subjectAltName=%s\\n' "$2" > $1.ext
              openssl x509 -req -in $1.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile $1.ext -out $1.pem
            }
            issue server DNS:shop.example
            issue client DNS:checker.example
            chmod a+r *
            """);
    }

    @Test
    void httpAndTlsAgainstNginxAndOpenssl() throws Exception {
        need("nginx", "openssl");
        makeCertificates();
        Files.createDirectories(directory.resolve("www"));
        write("www/page", "all is well\n");
        Path configuration = write("nginx.conf", """
            daemon off; pid @DIR@/nginx.pid; error_log stderr warn; worker_processes 1;
            events {}
            http {
              access_log off;
              client_body_temp_path @DIR@/body; proxy_temp_path @DIR@/proxy; fastcgi_temp_path @DIR@/fastcgi;
              uwsgi_temp_path @DIR@/uwsgi; scgi_temp_path @DIR@/scgi;
              server {
                listen 80; listen 443 ssl http2; listen 8080 http2; server_name shop.example;
                root @DIR@/www;
                ssl_certificate @DIR@/server.pem; ssl_certificate_key @DIR@/server.key;
                location = /away { return 302 /page; }
                location = /put { if ($request_method != PUT) { return 405; } return 204; }
                location = /header { if ($http_x_probe != "yes") { return 403; } return 204; }
                location = /body { if ($content_length != 5) { return 400; } return 204; }
                location = /source { allow 192.0.2.9; deny all; try_files /page =404; }
                location = /http2 { if ($server_protocol != "HTTP/2.0") { return 505; } return 204; }
              }
              server { listen 80 default_server; return 421; }
              server {
                listen 8443 ssl; ssl_certificate @DIR@/server.pem; ssl_certificate_key @DIR@/server.key;
                ssl_client_certificate @DIR@/ca.pem; ssl_verify_client on;
                location / { return 204; }
              }
            }
            """);
        RunningProcess nginx = server.start("nginx", "-e", "stderr", "-c", configuration.toString());
        server.start(
                "openssl",
                "s_server",
                "-accept",
                "4433",
                "-quiet",
                "-cert",
                directory + "/server.pem",
                "-key",
                directory + "/server.key");
        awaitPorts(80, 443, 8443, 8080, 4433);

        String host = "host = shop.example, ";
        String ca = "ca-file = \"" + directory + "/ca.pem\", ";
        Map<String, String> results = check(vs("tcp", 80, "type = tcp")
                + vs("tcp-refused", 81, "type = tcp")
                + vs("tcp-port", 81, "type = tcp, port = 80")
                + vs("tcp-address", "203.0.113.1", 80, "type = tcp, address = \"198.51.100.2\"")
                + vs("http", 80, host + "type = http, path = /page")
                + vs("http-host", 80, "type = http, path = /page")
                + vs("http-redirect", 80, host + "type = http, path = /away")
                + vs("http-put", 80, host + "type = http, path = /put, method = PUT")
                + vs("http-get", 80, host + "type = http, path = /put")
                + vs("http-header", 80, host + "type = http, path = /header, headers = [\"X-Probe: yes\"]")
                + vs("http-no-header", 80, host + "type = http, path = /header")
                + vs("http-body", 80, host + "type = http, path = /body, method = POST, body = hello")
                + vs("http-text", 80, host + "type = http, path = /page, expect-body = \"is w.ll\"")
                + vs("http-no-text", 80, host + "type = http, path = /page, expect-body = \"is ill\"")
                + vs("http-digest", 80, host + "type = http, path = /page, expect-digest = " + digestOfPage())
                + vs("http-source", 80, host + "type = http, path = /source, source-address = \"192.0.2.9\"")
                + vs("http-other-source", 80, host + "type = http, path = /source, source-address = \"192.0.2.1\"")
                + vs("http-no-source", 80, host + "type = http, path = /source, source-address = \"192.0.2.7\"")
                + vs("h2c", 8080, host + "type = http, path = /http2, http-version = 2")
                + vs("h2", 443, host + ca + "type = https, path = /http2, http-version = 2")
                + vs("h2-text", 443, host + ca + "type = https, path = /page, http-version = 2, expect-body = well")
                + vs("h1", 443, host + ca + "type = https, path = /http2")
                + vs("h2-refused", 8443, host + ca + "type = https, http-version = 2")
                + vs("https", 443, host + ca + "type = https, path = /page")
                + vs("https-untrusted", 443, host + "type = https, path = /page")
                + vs("https-unverified", 443, host + "type = https, path = /page, verify-tls = false")
                + vs("https-name", 443, host + ca + "type = https, path = /page, server-name = other.example")
                + vs("https-no-client", 8443, host + ca + "type = https")
                + vs(
                        "https-client",
                        8443,
                        host + ca + "type = https, certificate-file = \"" + directory + "/client.pem\", key-file = \""
                                + directory + "/client.key\"")
                + vs("tls", 4433, ca + "type = tls, server-name = shop.example")
                + vs("tls-plain", 80, ca + "type = tls, server-name = shop.example, timeout = 3s"));

        assertThat(results)
                .containsEntry("tcp", "passed, connected")
                .containsEntry("tcp-refused", "failed REFUSED, connection refused")
                .containsEntry("tcp-port", "passed, connected")
                .containsEntry("tcp-address", "passed, connected")
                .containsEntry("http", "passed, status 200")
                .containsEntry("http-host", "failed UNEXPECTED_STATUS, status 421 (expected 200-299)")
                .containsEntry("http-redirect", "failed UNEXPECTED_STATUS, status 302 (expected 200-299)")
                .containsEntry("http-put", "passed, status 204")
                .containsEntry("http-get", "failed UNEXPECTED_STATUS, status 405 (expected 200-299)")
                .containsEntry("http-header", "passed, status 204")
                .containsEntry("http-no-header", "failed UNEXPECTED_STATUS, status 403 (expected 200-299)")
                .containsEntry("http-body", "passed, status 204")
                .containsEntry("http-text", "passed, status 200, expected text found")
                .containsEntry(
                        "http-no-text",
                        "failed UNEXPECTED_ANSWER, status 200, expected text not in the first 12 bytes of the body")
                .containsEntry("http-digest", "passed, status 200, expected digest")
                .containsEntry("http-source", "passed, status 200")
                .containsEntry("http-other-source", "failed UNEXPECTED_STATUS, status 403 (expected 200-299)")
                .containsEntry(
                        "http-no-source",
                        "failed OWN_FAULT, not asked: source address 192.0.2.7 is not one of this host")
                .containsEntry("h2c", "passed, status 204")
                .containsEntry("h2", "passed, status 204, certificate valid for 29 days")
                .containsEntry("h2-text", "passed, status 200, expected text found, certificate valid for 29 days")
                .containsEntry(
                        "h1", "failed UNEXPECTED_STATUS, status 505 (expected 200-299), certificate valid for 29 days")
                .containsEntry("https", "passed, status 200, certificate valid for 29 days")
                .containsEntry(
                        "https-untrusted",
                        "failed CERTIFICATE, certificate is not signed by a trusted authority (issuer CN=Lab"
                                + " authority), certificate valid for 29 days")
                .containsEntry("https-unverified", "passed, status 200, certificate valid for 29 days")
                .containsEntry(
                        "https-name",
                        "failed CERTIFICATE, certificate is for shop.example, not other.example,"
                                + " certificate valid for 29 days")
                .containsEntry(
                        "https-no-client",
                        "failed UNEXPECTED_STATUS, status 400 (expected 200-299), certificate valid for 29 days")
                .containsEntry("https-client", "passed, status 204, certificate valid for 29 days")
                .containsEntry("tls", "passed, handshake done, TLSv1.3, certificate valid for 29 days");
        assertThat(results.get("h2-refused")).startsWith("failed TLS, ");
        assertThat(results.get("tls-plain")).startsWith("failed TLS, server does not speak TLS");
        nginx.close();
    }

    private String digestOfPage() {
        return server.run("md5sum", directory + "/www/page").orThrow().out().substring(0, 32);
    }

    /** A probe leaves by the interface and with the mark that it is told to: what the routes say leads nowhere. */
    @Test
    void interfaceAndMarkChooseTheWay() throws Exception {
        need("openssl");
        server.run("ip", "address", "add", "203.0.113.1/32", "dev", "lo").orThrow();
        server.start("openssl", "s_server", "-accept", "4433", "-quiet", "-nocert");
        String second = director.run("sh", "-c", "ip -o -4 address show to 198.51.100.1 | awk '{print $2}'")
                .orThrow()
                .out()
                .strip();
        director.run("ip", "route", "add", "blackhole", "203.0.113.1/32").orThrow();
        director.run("ip", "route", "add", "203.0.113.1/32", "via", "198.51.100.2", "metric", "100")
                .orThrow();
        director.run("ip", "route", "add", "203.0.113.1/32", "via", "198.51.100.2", "table", "7")
                .orThrow();
        director.run("ip", "rule", "add", "fwmark", "7", "table", "7").orThrow();
        awaitPorts(4433);

        Map<String, String> results = check(vs("plain", "203.0.113.1", 4433, "type = tcp")
                + vs("marked", "203.0.113.1", 4433, "type = tcp, mark = 7")
                + vs("by-interface", "203.0.113.1", 4433, "type = tcp, source-interface = " + second)
                + vs("no-interface", "203.0.113.1", 4433, "type = tcp, source-interface = eth99"));

        assertThat(results.get("plain")).startsWith("failed ");
        assertThat(results)
                .containsEntry("marked", "passed, connected")
                .containsEntry("by-interface", "passed, connected")
                .containsEntry("no-interface", "failed OWN_FAULT, not asked: interface eth99 not there or not allowed");
    }

    @Test
    void anEchoRequestIsAsLargeAsAskedFor() throws Exception {
        need("tcpdump");
        try (Capture capture = server.capture(serverLink.interfaceName(), "icmp or icmp6")) {
            Map<String, String> results = check(vs("echo", 80, "type = icmp, payload-size = 100")
                    + vs("echo6", "2001:db8::2", 80, "type = icmp, payload-size = 1200")
                            .replace("fwmark", "family = ipv6, fwmark"));

            assertThat(results)
                    .containsEntry("echo", "passed, echo reply")
                    .containsEntry("echo6", "passed, echo reply");
            // With the 8 bytes of the header.
            String _ = capture.await("192\\.0\\.2\\.2: ICMP echo request.* length 108", SOON);
            String _ = capture.await("2001:db8::2: ICMP6, echo request.* length 1208", SOON);
        }
    }

    @Test
    void dnsAndUdpAgainstUnbound() throws Exception {
        need("unbound");
        Path configuration = write("unbound.conf", """
            server:
              interface: 192.0.2.2
              access-control: 0.0.0.0/0 allow
              do-daemonize: no
              username: ""
              chroot: ""
              directory: "@DIR@"
              pidfile: ""
              use-syslog: no
              local-zone: "example." static
              local-data: "example. SOA ns.example. root.example. 1 2 3 4 5"
              local-data: "example. NS ns.example."
              local-data: "www.example. A 192.0.2.80"
              local-data: "www.example. AAAA 2001:db8::80"
              local-data: "alias.example. CNAME www.example."
              local-data: "example. MX 10 mail.example."
              local-data: 'example. TXT "v=spf1 -all"'
              local-data: "_sip._udp.example. SRV 1 2 5060 sip.example."
              local-data: "1.2.0.192.in-addr.arpa. PTR www.example."
              local-data: 'example. CAA 0 issue "ca.example"'
            remote-control:
              control-enable: no
            """);
        server.start("unbound", "-d", "-p", "-c", configuration.toString());
        awaitPorts(53);

        // A query for www.example A with the id 0x1234, RFC 1035 §4.1.
        String query = "1234010000010000000000000377777707" + "6578616d706c650000010001";
        Map<String, String> results = check(dns("soa", "name = example")
                + dns("soa-answer", "name = example, expect-answer = \"ns.example. root.example. 1 2 3 4 5\"")
                + dns("a", "name = www.example, record-type = A, expect-answer = \"192.0.2.80\"")
                + dns("a-other", "name = www.example, record-type = A, expect-answer = \"192.0.2.81\"")
                + dns("a-tcp", "name = www.example, record-type = A, transport = tcp, expect-answer = \"192.0.2.80\"")
                + dns("aaaa", "name = www.example, record-type = AAAA, expect-answer = \"2001:DB8:0::80\"")
                + dns("cname", "name = alias.example, record-type = CNAME, expect-answer = www.example")
                + dns("ns", "name = example, record-type = NS, expect-answer = \"NS.example.\"")
                + dns("mx", "name = example, record-type = MX, expect-answer = \"10 mail.example.\"")
                + dns("txt", "name = example, record-type = TXT, expect-answer = \"\\\"v=spf1 -all\\\"\"")
                + dns("srv", "name = _sip._udp.example, record-type = SRV, expect-answer = \"1 2 5060 sip.example.\"")
                + dns("ptr", "name = 1.2.0.192.in-addr.arpa, record-type = PTR, expect-answer = www.example")
                + dns("caa", "name = example, record-type = CAA, expect-answer = \"0 issue ca.example\"")
                + dns("nxdomain", "name = none.example, record-type = A")
                + dns("nxdomain-expected", "name = none.example, record-type = A, expect-code = NXDOMAIN")
                + vs("udp", 53, "type = udp, require-reply = true, payload-hex = " + quoted(query))
                + vs("udp-id", 53, "type = udp, payload-hex = " + quoted(query) + ", expect-reply-hex = \"12348x\"")
                + vs("udp-other-id", 53, "type = udp, payload-hex = " + quoted(query) + ", expect-reply-hex = \"1235\"")
                + vs("udp-refused", 54, "type = udp, payload = ping"));

        assertThat(results)
                .containsEntry("soa", "passed, NOERROR, records: 1")
                .containsEntry("a-other", "failed UNEXPECTED_ANSWER, expected record not among the 1 of the answer")
                .containsEntry("nxdomain", "failed UNEXPECTED_STATUS, answer NXDOMAIN (expected NOERROR)")
                .containsEntry("nxdomain-expected", "passed, NXDOMAIN, records: 0")
                .containsEntry("udp-other-id", "failed UNEXPECTED_ANSWER, reply of 45 bytes does not begin as expected")
                .containsEntry("udp-refused", "failed REFUSED, refused: port unreachable (ICMP)");
        for (String name :
                List.of("soa-answer", "a", "a-tcp", "aaaa", "cname", "ns", "mx", "txt", "srv", "ptr", "caa")) {
            assertThat(results).containsEntry(name, "passed, NOERROR, expected record found");
        }
        assertThat(results).containsEntry("udp", "passed, reply of 45 bytes");
        assertThat(results).containsEntry("udp-id", "passed, reply of 45 bytes");
    }

    private static String dns(String name, String keys) {
        return vs(name, 53, "type = dns, " + keys);
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    @Test
    void smtpAgainstExim() throws Exception {
        need("exim4", "openssl");
        makeCertificates();
        // Exim serves as a user of its own.
        shell("mkdir -m 777 spool log");
        Path configuration = write("exim.conf", """
            primary_hostname = shop.example
            spool_directory = @DIR@/spool
            log_file_path = @DIR@/log/%s
            local_interfaces = 192.0.2.2
            daemon_smtp_ports = 25 : 26 : 465
            tls_on_connect_ports = 465
            tls_certificate = @DIR@/server.pem
            tls_privatekey = @DIR@/server.key
            tls_advertise_hosts = ${if eq{$received_port}{26}{}{*}}
            """);
        RunningProcess exim = server.start("exim4", "-bdf", "-C", configuration.toString());
        awaitPorts(25, 465, 26);

        String tls = "server-name = shop.example, ca-file = \"" + directory + "/ca.pem\"";
        Map<String, String> results = check(vs("smtp", 25, "type = smtp")
                + vs("smtp-code", 25, "type = smtp, expect-status = [\"221\"]")
                + vs("starttls", 25, "type = smtp, security = starttls, " + tls)
                + vs("starttls-untrusted", 25, "type = smtp, security = starttls, server-name = shop.example")
                + vs("starttls-missing", 26, "type = smtp, security = starttls, " + tls)
                + vs("smtps", 465, "type = smtp, security = tls, helo-name = lb.example, " + tls));

        assertThat(results)
                .containsEntry("smtp", "passed, EHLO answered by 250")
                .containsEntry("smtp-code", "failed UNEXPECTED_STATUS, greeting answered by 220 (expected 221)")
                .containsEntry("starttls", "passed, EHLO answered by 250, with TLS, certificate valid for 29 days")
                .containsEntry(
                        "starttls-untrusted",
                        "failed CERTIFICATE, certificate is not signed by a trusted authority (issuer CN=Lab"
                                + " authority), certificate valid for 29 days")
                .containsEntry("starttls-missing", "failed TLS, server does not offer STARTTLS")
                .containsEntry("smtps", "passed, EHLO answered by 250, certificate valid for 29 days");
        exim.close();
    }

    @Test
    void grpcAgainstTheLibraryOfJava() throws Exception {
        need("openssl");
        makeCertificates();
        RunningProcess grpc = server.start(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                GrpcHealthServer.class.getName(),
                "50051",
                directory + "/server.pem",
                directory + "/server.key");
        String _ = grpc.awaitLine("ready", SOON);

        String tls = "tls = true, server-name = shop.example, ca-file = \"" + directory + "/ca.pem\", ";
        Map<String, String> results = check(vs("whole", 50051, "type = grpc")
                + vs("up", 50051, "type = grpc, service = up")
                + vs("down", 50051, "type = grpc, service = down")
                + vs("unknown", 50051, "type = grpc, service = unknown")
                + vs("secure", 50052, tls + "type = grpc, service = up")
                + vs("secure-down", 50052, tls + "type = grpc, service = down")
                + vs("clear-to-secure", 50052, "type = grpc"));

        assertThat(results)
                .containsEntry("whole", "passed, SERVING")
                .containsEntry("up", "passed, SERVING")
                .containsEntry("down", "failed UNEXPECTED_ANSWER, NOT_SERVING of service down (expected SERVING)")
                .containsEntry("unknown", "failed UNEXPECTED_ANSWER, gRPC error NOT_FOUND of service unknown")
                .containsEntry("secure", "passed, SERVING, certificate valid for 29 days")
                .containsEntry(
                        "secure-down",
                        "failed UNEXPECTED_ANSWER, NOT_SERVING of service down (expected SERVING),"
                                + " certificate valid for 29 days");
        assertThat(results.get("clear-to-secure")).startsWith("failed ");
    }

    private void awaitPorts(int... ports) {
        for (int port : ports) {
            Execution waited =
                    server.run(SOON, "sh", "-c", "until ss -ltn | grep -q ':" + port + " '; do sleep 0.1; done");
            assertThat(waited.succeeded()).as("a server on port %d", port).isTrue();
        }
    }
}
