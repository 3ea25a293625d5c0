package io.fairlead.health.netty;

import static io.fairlead.health.netty.CheckBench.target;
import static io.fairlead.health.netty.Results.assertFailed;
import static io.fairlead.health.netty.Results.assertPassed;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.policy.Health;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.HttpExpectation;
import io.fairlead.health.check.HttpProbeSpec;
import io.fairlead.health.check.HttpRequestSpec;
import io.fairlead.health.check.StatusRange;
import io.fairlead.health.check.TargetChange;
import io.fairlead.health.check.TlsProbeSpec;
import io.fairlead.health.check.TlsSpec;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TlsProbeTest {

    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final String NAME = "shop.example.com";

    private final CheckBench bench = new CheckBench();
    private X509Bundle authority;
    private Path authorityFile;

    @TempDir
    private Path directory;

    @BeforeEach
    void makeAuthority() throws Exception {
        authority = anAuthority("CN=Test authority");
        authorityFile = Files.writeString(directory.resolve("ca.pem"), authority.getCertificatePEM());
    }

    @AfterEach
    void closeChecker() {
        bench.close();
    }

    private static X509Bundle anAuthority(String subject) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject(subject)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static CertificateBuilder aCertificate() {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=server")
                .addSanDnsName(NAME)
                .notBefore(Instant.now().minus(Duration.ofDays(10)))
                .notAfter(Instant.now().plus(Duration.ofDays(30).plusHours(1)));
    }

    private TlsSpec tls() {
        return new TlsSpec(
                true, Optional.of(NAME), Optional.of(authorityFile.toString()), Optional.empty(), Optional.empty());
    }

    private CheckResult check(ServerAddress address, TlsSpec tls) throws InterruptedException {
        return bench.firstResult(target(address, new TlsProbeSpec(ConnectionSpec.DEFAULT, tls), PATIENT));
    }

    private CheckResult checkWith(CertificateBuilder certificate, TlsSpec tls) throws Exception {
        try (TlsServer server = new TlsServer(certificate.buildIssuedBy(authority))) {
            return check(server.address(), tls);
        }
    }

    @Test
    void passesWithACertificateThatIsTrustedAndForTheName() throws Exception {
        try (TlsServer server = new TlsServer(aCertificate().buildIssuedBy(authority))) {
            CheckResult result = check(server.address(), tls());

            assertPassed(result, "handshake done, TLSv1.3");
            assertThat(result.certificateExpires().orElseThrow())
                    .isBetween(
                            Instant.now().plus(Duration.ofDays(30)),
                            Instant.now().plus(Duration.ofDays(31)));
            assertThat(server.names().poll(20, TimeUnit.SECONDS)).isEqualTo(NAME);
        }
    }

    @Test
    void failsWithACertificateOfAnAuthorityThatIsNotTrusted() throws Exception {
        Path other = Files.writeString(
                directory.resolve("other.pem"), anAuthority("CN=Other").getCertificatePEM());
        TlsSpec tls =
                new TlsSpec(true, Optional.of(NAME), Optional.of(other.toString()), Optional.empty(), Optional.empty());

        assertFailed(
                checkWith(aCertificate(), tls),
                FailureReason.CERTIFICATE,
                "certificate is not signed by a trusted authority (issuer CN=Test authority)");
    }

    @Test
    void failsWithACertificateThatHasExpired() throws Exception {
        CheckResult result = checkWith(
                aCertificate().notAfter(Instant.now().minus(Duration.ofDays(3).plusHours(1))), tls());

        assertFailed(result, FailureReason.CERTIFICATE, "certificate expired 3 days ago");
        assertThat(result.certificateExpires().orElseThrow()).isBefore(Instant.now());
    }

    @Test
    void failsWithACertificateThatIsNotYetValid() throws Exception {
        assertFailed(
                checkWith(
                        aCertificate()
                                .notBefore(
                                        Instant.now().plus(Duration.ofHours(5).plusMinutes(2))),
                        tls()),
                FailureReason.CERTIFICATE,
                "certificate is not valid before 5 hours from now");
    }

    @Test
    void failsWithACertificateForAnotherName() throws Exception {
        TlsSpec tls = new TlsSpec(
                true,
                Optional.of("other.example.com"),
                Optional.of(authorityFile.toString()),
                Optional.empty(),
                Optional.empty());

        assertFailed(
                checkWith(aCertificate(), tls),
                FailureReason.CERTIFICATE,
                "certificate is for shop.example.com, not other.example.com");
    }

    @Test
    void expectsTheAddressWhereThereIsNoName() throws Exception {
        TlsSpec tls = new TlsSpec(
                true, Optional.empty(), Optional.of(authorityFile.toString()), Optional.empty(), Optional.empty());

        assertFailed(
                checkWith(aCertificate(), tls),
                FailureReason.CERTIFICATE,
                "certificate is for shop.example.com, not 127.0.0.1");
        bench.close();
        try (CheckBench second = new CheckBench();
                TlsServer server = new TlsServer(
                        aCertificate().addSanIpAddress("127.0.0.1").buildIssuedBy(authority))) {
            assertPassed(
                    second.firstResult(
                            target(server.address(), new TlsProbeSpec(ConnectionSpec.DEFAULT, tls), PATIENT)),
                    "handshake done, TLSv1.3");
            assertThat(server.names()).isEmpty();
        }
    }

    @Test
    void trustsAnyoneWhereNothingIsVerified() throws Exception {
        TlsSpec tls = new TlsSpec(false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        CheckResult result = checkWith(
                aCertificate().notAfter(Instant.now().minus(Duration.ofDays(1).plusHours(1))), tls);

        assertPassed(result, "handshake done, TLSv1.3");
        assertThat(result.certificateExpires().orElseThrow()).isBefore(Instant.now());
    }

    @Test
    void trustsTheAuthoritiesOfTheSystemByDefault() throws Exception {
        TlsSpec tls = new TlsSpec(true, Optional.of(NAME), Optional.empty(), Optional.empty(), Optional.empty());

        assertFailed(
                checkWith(aCertificate(), tls),
                FailureReason.CERTIFICATE,
                "certificate is not signed by a trusted authority (issuer CN=Test authority)");
    }

    @Test
    void showsTheCertificateOfTheClientToAServerThatAsks() throws Exception {
        Path chain = directory.resolve("client.pem");
        Path key = directory.resolve("client.key");
        writeClient(authority, chain, key);
        TlsSpec with = tlsWithClient(chain, key);
        try (TlsServer server = aServerThatAsksForTheClient()) {
            assertPassed(bench.firstResult(target(server.address(), https(with), PATIENT)), "status 204");
            // TLS 1.3 lets a client end its handshake before the server refuses it.
            CheckResult refused = bench.firstResult(target(server.address(), https(tls()), PATIENT));
            assertThat(refused).isInstanceOf(CheckResult.Failed.class);
        }
    }

    private static HttpProbeSpec https(TlsSpec tls) {
        return new HttpProbeSpec(
                ConnectionSpec.DEFAULT,
                Optional.of(tls),
                HttpProbeSpec.Version.HTTP_1_1,
                new HttpRequestSpec("GET", "/", Optional.empty(), List.of(), Optional.empty()),
                new HttpExpectation(List.of(new StatusRange(200, 299)), Optional.empty(), Optional.empty()));
    }

    @Test
    void expectsTheNameOfTheHostHeaderOverHttps() throws Exception {
        TlsSpec tls = new TlsSpec(
                true, Optional.empty(), Optional.of(authorityFile.toString()), Optional.empty(), Optional.empty());
        HttpProbeSpec spec = new HttpProbeSpec(
                ConnectionSpec.DEFAULT,
                Optional.of(tls),
                HttpProbeSpec.Version.HTTP_1_1,
                new HttpRequestSpec("GET", "/", Optional.of(NAME + ":8443"), List.of(), Optional.empty()),
                new HttpExpectation(List.of(new StatusRange(200, 299)), Optional.empty(), Optional.empty()));
        try (TlsServer server = new TlsServer(aCertificate().buildIssuedBy(authority), List.of(), connection -> {
            List<String> _ = ScriptedServer.request(connection);
            ScriptedServer.send(connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        })) {
            assertPassed(bench.firstResult(target(server.address(), spec, PATIENT)), "status 200");
            assertThat(server.names().poll(20, TimeUnit.SECONDS)).isEqualTo(NAME);
        }
    }

    @Test
    void remembersTheCertificateWhileTheServerIsAway() throws Exception {
        CheckTarget target;
        try (TlsServer server = new TlsServer(aCertificate().buildIssuedBy(authority))) {
            target = target(server.address(), new TlsProbeSpec(ConnectionSpec.DEFAULT, tls()), Duration.ofSeconds(2));
            bench.checker().update(TargetChange.begin(Set.of(target)));
            assertThat(bench.nextChange().now().health()).isEqualTo(Health.HEALTHY);
        }
        assertThat(bench.nextChange().now().health()).isEqualTo(Health.UNHEALTHY);

        assertThat(bench.checker().certificateExpiresOf(target))
                .hasValueSatisfying(
                        expires -> assertThat(expires).isAfter(Instant.now().plus(Duration.ofDays(30))));
    }

    @Test
    void readsTheFilesAgainWhenTheyChange() throws Exception {
        X509Bundle other = anAuthority("CN=Other");
        Files.writeString(authorityFile, other.getCertificatePEM());
        try (TlsServer server = new TlsServer(aCertificate().buildIssuedBy(authority))) {
            CheckTarget target =
                    target(server.address(), new TlsProbeSpec(ConnectionSpec.DEFAULT, tls()), Duration.ofSeconds(1));
            bench.checker().update(TargetChange.begin(Set.of(target)));
            assertThat(bench.nextChange().now().health()).isEqualTo(Health.UNHEALTHY);

            Files.writeString(authorityFile, authority.getCertificatePEM());
            Files.setLastModifiedTime(authorityFile, FileTime.from(Instant.now().plusSeconds(10)));

            assertThat(bench.nextChange().now().health()).isEqualTo(Health.HEALTHY);

            Files.writeString(authorityFile, "nonsense");
            long passed = bench.checker().counters().passed();
            // A broken file changes nothing, however often it is looked at: the old authorities are kept.
            HealthCheckerTest.waitUntil(() -> bench.checker().counters().passed() >= passed + 5);
            assertThat(bench.checker().stateOf(target).health()).isEqualTo(Health.HEALTHY);
        }
    }

    @Test
    void readsTheCertificateOfTheClientAgainWhenItChanges() throws Exception {
        Path chain = directory.resolve("client.pem");
        Path key = directory.resolve("client.key");
        writeClient(anAuthority("CN=Other"), chain, key);
        TlsSpec with = tlsWithClient(chain, key);
        try (TlsServer server = aServerThatAsksForTheClient()) {
            bench.checker()
                    .update(TargetChange.begin(Set.of(target(server.address(), https(with), Duration.ofMillis(500)))));
            assertThat(bench.nextChange().now().health()).isEqualTo(Health.UNHEALTHY);

            writeClient(authority, chain, key);

            assertThat(bench.nextChange().now().health()).isEqualTo(Health.HEALTHY);
        }
    }

    private TlsSpec tlsWithClient(Path chain, Path key) {
        return new TlsSpec(
                true, tls().serverName(), tls().caFile(), Optional.of(chain.toString()), Optional.of(key.toString()));
    }

    private TlsServer aServerThatAsksForTheClient() throws Exception {
        return new TlsServer(aCertificate().buildIssuedBy(authority), List.of(authority), connection -> {
            List<String> _ = ScriptedServer.request(connection);
            ScriptedServer.send(connection, "HTTP/1.1 204 No Content\r\n\r\n");
        });
    }

    private static void writeClient(X509Bundle issuer, Path chain, Path key) throws Exception {
        X509Bundle client = new CertificateBuilder()
                .ecp256()
                .subject("CN=checker")
                .addExtendedKeyUsageClientAuth()
                .buildIssuedBy(issuer);
        Files.writeString(key, client.getPrivateKeyPEM());
        Files.writeString(chain, client.getCertificatePEM());
    }

    @Test
    void aFileThatIsMissingIsAFaultOfOurs() throws Exception {
        TlsSpec tls = new TlsSpec(
                true, Optional.empty(), Optional.of("/nonexistent/ca.pem"), Optional.empty(), Optional.empty());
        try (TlsServer server = new TlsServer(aCertificate().buildIssuedBy(authority))) {
            CheckTarget target = target(server.address(), new TlsProbeSpec(ConnectionSpec.DEFAULT, tls), PATIENT);
            bench.checker().update(TargetChange.begin(Set.of(target)));
            while (bench.checker().stateOf(target).lastResult().isEmpty()) {
                Thread.sleep(20);
            }

            assertFailed(
                    bench.checker().stateOf(target).lastResult().orElseThrow(),
                    FailureReason.OWN_FAULT,
                    "not asked: ca-file /nonexistent/ca.pem does not exist");
        }
    }

    @Test
    void saysThatAServerDoesNotSpeakTls() throws Exception {
        try (ScriptedServer server = ScriptedServer.open(connection -> {
            ScriptedServer.send(connection, "220 mail.example.com ESMTP\r\n".repeat(50));
            ScriptedServer.waitForEnd(connection);
        })) {
            assertFailed(check(server.address(), tls()), FailureReason.TLS, "server does not speak TLS");
        }
    }

    @Test
    void givesUpOnAServerThatSaysNothing() throws Exception {
        try (ScriptedServer server = ScriptedServer.open(ScriptedServer::waitForEnd)) {
            CheckTarget target =
                    target(server.address(), new TlsProbeSpec(ConnectionSpec.DEFAULT, tls()), Duration.ofMillis(300));

            assertFailed(bench.firstResult(target), FailureReason.TIMED_OUT, "no answer within 300 ms");
        }
    }

    @Test
    void givesUpOnRecordsThatBelongToNoHandshake() throws Exception {
        byte[] record = new byte[16384 + 5];
        record[0] = 22;
        record[1] = 3;
        record[2] = 3;
        record[3] = 0x40;
        record[5] = 2;
        record[6] = (byte) 0xff; // a handshake message of 16 MB
        try (ScriptedServer server = ScriptedServer.open(connection -> {
            for (int i = 0; i < 100_000; i++) {
                connection.getOutputStream().write(record);
            }
        })) {
            CheckResult result = check(server.address(), tls());

            assertThat(result)
                    .isInstanceOfSatisfying(
                            CheckResult.Failed.class,
                            failed -> assertThat(failed.reason()).isIn(FailureReason.TLS, FailureReason.MALFORMED));
        }
    }
}
