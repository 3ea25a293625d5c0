package io.fairlead.health.netty;

import static io.fairlead.health.netty.CheckBench.target;
import static io.fairlead.health.netty.Results.assertFailed;
import static io.fairlead.health.netty.Results.assertPassed;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.SmtpProbeSpec;
import io.fairlead.health.check.StatusRange;
import io.fairlead.health.check.TlsSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SmtpProbeTest {

    private static final Duration PATIENT = Duration.ofSeconds(20);

    private final CheckBench bench = new CheckBench();
    private final LinkedBlockingQueue<String> said = new LinkedBlockingQueue<>();

    @AfterEach
    void closeChecker() {
        bench.close();
    }

    private static SmtpProbeSpec spec(SmtpProbeSpec.Security security) {
        return new SmtpProbeSpec(
                ConnectionSpec.DEFAULT,
                security,
                security == SmtpProbeSpec.Security.NONE ? Optional.empty() : Optional.of(TlsSpec.DEFAULT),
                "lb.example.com",
                List.of(new StatusRange(200, 299)));
    }

    private void converse(Socket connection, String greeting, String... answers) throws IOException {
        ScriptedServer.send(connection, greeting);
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
        for (String answer : answers) {
            String line = reader.readLine();
            said.add(line == null ? "" : line);
            ScriptedServer.send(connection, answer);
        }
        ScriptedServer.waitForEnd(connection);
    }

    private CheckResult check(SmtpProbeSpec spec, String greeting, String... answers) throws Exception {
        try (ScriptedServer server = ScriptedServer.open(connection -> converse(connection, greeting, answers))) {
            return bench.firstResult(target(server.address(), spec, PATIENT));
        }
    }

    @Test
    void passesWhenTheServerGreetsAndAnswersToEhlo() throws Exception {
        assertPassed(
                check(spec(SmtpProbeSpec.Security.NONE), "220-hello\r\n220 world\r\n", "250-mail\r\n250 SIZE 1\r\n"),
                "EHLO answered by 250");
        assertThat(said).containsExactly("EHLO lb.example.com");
    }

    @Test
    void failsWithAnotherCode() throws Exception {
        assertFailed(
                check(spec(SmtpProbeSpec.Security.NONE), "554 go away\r\n"),
                FailureReason.UNEXPECTED_STATUS,
                "greeting answered by 554 (expected 200-299)");
        assertFailed(
                check(spec(SmtpProbeSpec.Security.NONE), "220 hello\r\n", "421 busy\r\n"),
                FailureReason.UNEXPECTED_STATUS,
                "EHLO answered by 421 (expected 200-299)");
    }

    @Test
    void failsWhereStartTlsIsNotOffered() throws Exception {
        assertFailed(
                check(spec(SmtpProbeSpec.Security.STARTTLS), "220 hello\r\n", "250-mail\r\n250 SIZE 1\r\n"),
                FailureReason.TLS,
                "server does not offer STARTTLS");
    }

    @Test
    void takesNothingForSecuredThatCameBeforeTheHandshake() throws Exception {
        CheckResult result = check(
                spec(SmtpProbeSpec.Security.STARTTLS),
                "220 hello\r\n",
                "250-mail\r\n250 STARTTLS\r\n",
                "220 go ahead\r\n250 injected\r\n");

        assertThat(result).isInstanceOf(CheckResult.Failed.class);
    }

    @Test
    void failsOnAGreetingThatIsTooLong() throws Exception {
        assertFailed(
                check(spec(SmtpProbeSpec.Security.NONE), "220-hello\r\n".repeat(1400)),
                FailureReason.MALFORMED,
                "malformed answer: too long");
    }

    /** Which bound ends it, that of one answer or that of all that is read, depends on how much one read brings. */
    @Test
    void failsOnAGreetingThatNeverEnds() throws Exception {
        try (ScriptedServer server = ScriptedServer.open(connection -> {
            while (true) {
                ScriptedServer.send(connection, "220-hello\r\n".repeat(100));
            }
        })) {
            assertThat(bench.firstResult(target(server.address(), spec(SmtpProbeSpec.Security.NONE), PATIENT)))
                    .isInstanceOfSatisfying(CheckResult.Failed.class, failed -> {
                        assertThat(failed.reason()).isEqualTo(FailureReason.MALFORMED);
                        assertThat(failed.detail())
                                .isIn("malformed answer: too long", "malformed answer: no verdict within 16384 bytes");
                    });
        }
    }

    @Test
    void failsOnWhatIsNoSmtp() throws Exception {
        assertThat(check(spec(SmtpProbeSpec.Security.NONE), "HTTP/1.1 400 Bad Request\r\n\r\n"))
                .isInstanceOfSatisfying(
                        CheckResult.Failed.class,
                        failed -> assertThat(failed.reason()).isEqualTo(FailureReason.MALFORMED));
    }
}
