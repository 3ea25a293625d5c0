package io.fairlead.health.netty;

import static io.fairlead.health.netty.CheckBench.target;
import static io.fairlead.health.netty.Results.assertFailed;
import static io.fairlead.health.netty.Results.assertPassed;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.health.check.BodyDigest;
import io.fairlead.health.check.BoundedPattern;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.HttpExpectation;
import io.fairlead.health.check.HttpHeader;
import io.fairlead.health.check.HttpProbeSpec;
import io.fairlead.health.check.HttpRequestSpec;
import io.fairlead.health.check.StatusRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What may be sent with a request, and expected of a body. */
@Timeout(120)
class HttpOptionsTest {

    private static final String CHUNKED = """
        HTTP/1.1 200 OK
        Transfer-Encoding: chunked

        3
        abc
        3
        def
        0

        """.replace("\n", "\r\n");

    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final HttpRequestSpec GET =
            new HttpRequestSpec("GET", "/", Optional.empty(), List.of(), Optional.empty());
    private static final List<StatusRange> OK = List.of(new StatusRange(200, 299));

    private final CheckBench bench = new CheckBench();

    @AfterEach
    void closeChecker() {
        bench.close();
    }

    private CheckResult check(HttpExpectation expectation, ScriptedServer.Script script) throws Exception {
        return check(GET, expectation, script);
    }

    private CheckResult check(HttpRequestSpec request, HttpExpectation expectation, ScriptedServer.Script script)
            throws IOException, InterruptedException {
        HttpProbeSpec spec = new HttpProbeSpec(
                ConnectionSpec.DEFAULT, Optional.empty(), HttpProbeSpec.Version.HTTP_1_1, request, expectation);
        try (ScriptedServer server = ScriptedServer.open(script)) {
            return bench.firstResult(target(server.address(), spec, PATIENT));
        }
    }

    private static HttpExpectation body(String regex) {
        return new HttpExpectation(OK, Optional.of(BoundedPattern.of(regex)), Optional.empty());
    }

    private static HttpExpectation digest(String hex) {
        return new HttpExpectation(OK, Optional.empty(), Optional.of(BodyDigest.parse(hex)));
    }

    private static ScriptedServer.Script answer(String answer) {
        return connection -> {
            List<String> _ = ScriptedServer.request(connection);
            ScriptedServer.send(connection, answer);
        };
    }

    private static String page(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    @Test
    void sendsTheMethodTheHeadersAndTheBody() throws Exception {
        LinkedBlockingQueue<String> requests = new LinkedBlockingQueue<>();
        HttpRequestSpec request = new HttpRequestSpec(
                "POST",
                "/check",
                Optional.of("shop.example"),
                List.of(new HttpHeader("X-Probe", "one two"), new HttpHeader("user-agent", "prober/1")),
                Optional.of("{\"\u00e9\":1}"));

        CheckResult result = check(request, new HttpExpectation(OK, Optional.empty(), Optional.empty()), connection -> {
            byte[] bytes = new byte[4096];
            int length = 0;
            while (!new String(bytes, 0, length, StandardCharsets.UTF_8).endsWith("}")) {
                length += connection.getInputStream().read(bytes, length, bytes.length - length);
            }
            requests.add(new String(bytes, 0, length, StandardCharsets.UTF_8));
            ScriptedServer.send(connection, page(""));
        });

        assertPassed(result, "status 200");
        String sent = Objects.requireNonNull(requests.poll(20, TimeUnit.SECONDS));
        assertThat(sent)
                .startsWith("POST /check HTTP/1.1\r\nhost: shop.example\r\n")
                .contains("\r\nuser-agent: prober/1\r\n", "\r\nx-probe: one two\r\n", "\r\ncontent-length: 8\r\n")
                .endsWith("\r\n\r\n{\"\u00e9\":1}");
    }

    @Test
    void passesWithTheExpectedTextAndFailsWithout() throws Exception {
        assertPassed(check(body("st[a-z]+: ok"), answer(page("status: ok\n"))), "status 200, expected text found");
        assertFailed(
                check(body("^ok$"), answer(page("status: ok\n"))),
                FailureReason.UNEXPECTED_ANSWER,
                "status 200, expected text not in the first 11 bytes of the body");
    }

    @Test
    void readsABodyInChunks() throws Exception {
        assertPassed(check(body("abcdef"), answer(CHUNKED)), "status 200, expected text found");
    }

    @Test
    void readsABodyToTheEndOfTheConnection() throws Exception {
        assertPassed(check(body("end$"), answer("HTTP/1.0 200 OK\r\n\r\nthe end")), "status 200, expected text found");
    }

    @Test
    void aBodyThatIsCutOffIsNotTakenForWhole() throws Exception {
        assertFailed(
                check(body("nothing"), answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")),
                FailureReason.CLOSED,
                "connection closed in the middle of the answer");
    }

    @Test
    void comparesTheDigestOfTheBodyAlone() throws Exception {
        // printf 'hello\n' | md5sum; printf 'hello\n' | sha256sum
        assertPassed(
                check(digest("b1946ac92492d2347c6235b4d2611184"), answer(page("hello\n"))),
                "status 200, expected digest");
        assertPassed(
                check(
                        digest("5891B5B522D5DF086D0FF0B110FBD9D21BB4FC7163AF34D08286A2E846F6BE03"),
                        answer(page("hello\n"))),
                "status 200, expected digest");
        assertFailed(
                check(digest("b1946ac92492d2347c6235b4d2611184"), answer(page("hello"))),
                FailureReason.UNEXPECTED_ANSWER,
                "status 200, digest of the body 5d41402abc4b2a76b9719d911017c592 (not the one expected)");
    }

    @Test
    void stopsReadingABodyWithoutAnEnd() throws Exception {
        byte[] block = "x".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
        ScriptedServer.Script endless = connection -> {
            List<String> _ = ScriptedServer.request(connection);
            ScriptedServer.send(connection, "HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n");
            for (int i = 0; i < 150_000; i++) {
                connection.getOutputStream().write(block);
            }
        };

        assertFailed(
                check(body("never"), endless),
                FailureReason.UNEXPECTED_ANSWER,
                "status 200, expected text not in the first 65536 bytes of the body");
        assertFailed(
                check(digest("b1946ac92492d2347c6235b4d2611184"), endless),
                FailureReason.UNEXPECTED_ANSWER,
                "status 200, a body of more than 1048576 bytes, too large for a digest");
    }

    @Test
    void givesUpARegularExpressionThatTakesTooManySteps() throws Exception {
        assertFailed(
                check(body("(a+)+$"), answer(page("a".repeat(60_000) + "b"))),
                FailureReason.UNEXPECTED_ANSWER,
                "status 200, expected text not looked for to the end: the regular expression takes too many steps"
                        + " on this body");
    }

    @Test
    void neverUnpacksACompressedBody() throws Exception {
        assertFailed(
                check(body("x"), answer("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx")),
                FailureReason.UNEXPECTED_ANSWER,
                "status 200, the body is compressed and so not looked at");
    }

    @Test
    void followsNoRedirect() throws Exception {
        LinkedBlockingQueue<List<String>> requests = new LinkedBlockingQueue<>();

        CheckResult result = check(new HttpExpectation(OK, Optional.empty(), Optional.empty()), connection -> {
            requests.add(ScriptedServer.request(connection));
            ScriptedServer.send(connection, "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n");
        });

        assertFailed(result, FailureReason.UNEXPECTED_STATUS, "status 302 (expected 200-299)");
        assertThat(requests).hasSize(1);
    }
}
