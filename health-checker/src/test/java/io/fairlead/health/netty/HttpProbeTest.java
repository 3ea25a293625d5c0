package io.fairlead.health.netty;

import static io.fairlead.health.netty.CheckBench.http;
import static io.fairlead.health.netty.CheckBench.httpSpec;
import static io.fairlead.health.netty.CheckBench.target;
import static io.fairlead.health.netty.ScriptedServer.request;
import static io.fairlead.health.netty.ScriptedServer.send;
import static io.fairlead.health.netty.ScriptedServer.waitForEnd;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.HttpProbeSpec;
import io.fairlead.health.check.StatusRange;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpProbeTest {

    /** Long enough for a busy machine: only the tests that wait for it are short. */
    private static final Duration PATIENT = Duration.ofSeconds(20);

    private static final Duration SHORT = Duration.ofMillis(250);

    private final CheckBench bench = new CheckBench();

    @AfterEach
    void closeChecker() {
        bench.close();
    }

    private CheckResult resultOf(ScriptedServer.Script script, Duration timeout)
            throws IOException, InterruptedException {
        try (ScriptedServer server = ScriptedServer.open(script)) {
            return bench.firstResult(http(server.address(), timeout));
        }
    }

    private static void assertFailed(CheckResult result, FailureReason reason, String detail) {
        assertThat(result).isInstanceOfSatisfying(CheckResult.Failed.class, failed -> {
            assertThat(failed.detail()).isEqualTo(detail);
            assertThat(failed.reason()).isEqualTo(reason);
            assertThat(failed.elapsed()).isPositive();
        });
    }

    private static void assertPassed(CheckResult result, String detail) {
        assertThat(result).isInstanceOfSatisfying(CheckResult.Passed.class, passed -> {
            assertThat(passed.detail()).isEqualTo(detail);
            assertThat(passed.elapsed()).isPositive();
        });
    }

    @Nested
    class Request {

        private List<String> requestOf(HttpProbeSpec spec, String address) throws IOException, InterruptedException {
            LinkedBlockingQueue<List<String>> requests = new LinkedBlockingQueue<>();
            try (ScriptedServer server = ScriptedServer.openAt(address, connection -> {
                requests.add(request(connection));
                send(connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            })) {
                assertPassed(bench.firstResult(target(server.address(), spec, PATIENT)), "status 200");
                List<String> lines = requests.poll(20, TimeUnit.SECONDS);
                assertThat(lines).isNotNull();
                return Objects.requireNonNull(lines).stream()
                        .map(line -> line.replace(":" + server.address().port(), ":PORT"))
                        .toList();
            }
        }

        @Test
        void namesTheRealServerAndAsksToClose() throws Exception {
            assertThat(requestOf(httpSpec("GET", "200"), "127.0.0.1"))
                    .containsExactly(
                            "GET /healthz?from=lb HTTP/1.1",
                            "host: 127.0.0.1:PORT",
                            "user-agent: fairlead",
                            "connection: close");
        }

        @Test
        void bracketsAnIpv6Address() throws Exception {
            assertThat(requestOf(httpSpec("GET", "200"), "::1")).contains("host: [::1]:PORT");
        }

        @Test
        void namesTheHostOfTheSpec() throws Exception {
            HttpProbeSpec spec =
                    new HttpProbeSpec("HEAD", "/", Optional.of("www.example.com"), List.of(new StatusRange(200, 200)));

            assertThat(requestOf(spec, "127.0.0.1")).startsWith("HEAD / HTTP/1.1", "host: www.example.com");
        }

        @Test
        void isTheSameEachTime() throws Exception {
            LinkedBlockingQueue<List<String>> requests = new LinkedBlockingQueue<>();
            try (ScriptedServer server = ScriptedServer.open(connection -> {
                requests.add(request(connection));
                send(connection, "HTTP/1.1 204 No Content\r\n\r\n");
            })) {
                CheckResult _ = bench.firstResult(http(server.address(), Duration.ofMillis(100)));

                List<String> first = requests.poll(20, TimeUnit.SECONDS);
                assertThat(first).isNotNull();
                assertThat(requests.poll(20, TimeUnit.SECONDS)).isEqualTo(first);
                assertThat(requests.poll(20, TimeUnit.SECONDS)).isEqualTo(first);
            }
        }
    }

    @Nested
    class Verdict {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                    "HTTP/1.0 200 OK\r\n\r\n",
                    "HTTP/1.1 200\r\n\r\n",
                    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
                    "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
                })
        void passesOnAnExpectedStatus(String answer) throws Exception {
            try (ScriptedServer server = ScriptedServer.answering(answer)) {
                assertPassed(bench.firstResult(http(server.address(), PATIENT)), "status 200");
            }
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {"503 | 200-299", "301 | 200-299", "300 | 200-299", "999 | 200-299", "101 | 200-299"})
        void failsOnAnyOther(String status, String range) throws Exception {
            try (ScriptedServer server = ScriptedServer.answering("HTTP/1.1 " + status + " Whatever\r\n\r\n")) {
                assertFailed(
                        bench.firstResult(http(server.address(), PATIENT)),
                        FailureReason.UNEXPECTED_STATUS,
                        "status " + status + " (expected " + range + ")");
            }
        }

        @Test
        void namesEveryExpectedRange() throws Exception {
            try (ScriptedServer server = ScriptedServer.answering("HTTP/1.1 404 Not Found\r\n\r\n")) {
                assertFailed(
                        bench.firstResult(target(server.address(), httpSpec("GET", "200", "300-302"), PATIENT)),
                        FailureReason.UNEXPECTED_STATUS,
                        "status 404 (expected 200, 300-302)");
            }
        }

        @Test
        void passesHeadWithALengthAndNoBody() throws Exception {
            try (ScriptedServer server = ScriptedServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")) {
                assertPassed(
                        bench.firstResult(target(server.address(), httpSpec("HEAD", "200"), PATIENT)), "status 200");
            }
        }

        @Test
        void doesNotWaitForTheBody() throws Exception {
            CheckResult result = resultOf(
                    connection -> {
                        List<String> _ = request(connection);
                        send(connection, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nx");
                        waitForEnd(connection);
                    },
                    PATIENT);

            assertPassed(result, "status 200");
        }
    }

    @Nested
    class HostileServer {

        @Test
        void thatAcceptsAndSaysNothing() throws Exception {
            assertFailed(
                    resultOf(ScriptedServer::waitForEnd, SHORT), FailureReason.TIMED_OUT, "no answer within 250 ms");
        }

        @Test
        void thatAnswersSlowlyByteByByte() throws Exception {
            CheckResult result = resultOf(
                    connection -> {
                        for (char c : "HTTP/1.1 200 OK and so on and so on\r\n".toCharArray()) {
                            send(connection, String.valueOf(c));
                            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                        }
                        waitForEnd(connection);
                    },
                    Duration.ofSeconds(1));

            assertFailed(result, FailureReason.TIMED_OUT, "no complete answer within 1 s");
        }

        @Test
        void thatClosesWithoutAnAnswer() throws Exception {
            assertFailed(
                    resultOf(
                            connection -> {
                                List<String> _ = request(connection);
                            },
                            PATIENT),
                    FailureReason.CLOSED,
                    "connection closed without an answer");
        }

        @ParameterizedTest
        @ValueSource(strings = {"HTTP/1.1 200 OK\r\nServer: half", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 2"})
        void thatClosesInTheMiddle(String begin) throws Exception {
            try (ScriptedServer server = ScriptedServer.answering(begin)) {
                assertFailed(
                        bench.firstResult(http(server.address(), PATIENT)),
                        FailureReason.CLOSED,
                        "connection closed in the middle of the answer");
            }
        }

        @Test
        void thatResetsInTheMiddle() throws Exception {
            CheckResult result = resultOf(
                    connection -> {
                        List<String> _ = request(connection);
                        send(connection, "HTTP/1.1 200 OK\r\nSer");
                        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                        connection.setSoLinger(true, 0);
                    },
                    PATIENT);

            assertFailed(result, FailureReason.RESET, "connection reset");
        }

        @Test
        void thatSendsHeadersWithoutEnd() throws Exception {
            assertFailed(
                    resultOf(
                            connection -> sendForEver(connection, "HTTP/1.1 200 OK\r\n", "X-Filler: 0123456789\r\n"),
                            PATIENT),
                    FailureReason.MALFORMED,
                    "malformed answer: more than 8192 bytes of headers");
        }

        @Test
        void thatSendsOneHeaderWithoutEnd() throws Exception {
            assertFailed(
                    resultOf(
                            connection -> sendForEver(connection, "HTTP/1.1 200 OK\r\nX: ", "x".repeat(1000)), PATIENT),
                    FailureReason.MALFORMED,
                    "malformed answer: more than 8192 bytes of headers");
        }

        @Test
        void thatSendsALineWithoutEnd() throws Exception {
            assertFailed(
                    resultOf(connection -> sendForEver(connection, "HTTP/1.1 200 ", "x".repeat(1000)), PATIENT),
                    FailureReason.MALFORMED,
                    "malformed answer: a line of more than 4096 bytes");
        }

        @Test
        void thatSendsEmptyLinesWithoutEnd() throws Exception {
            assertFailed(
                    resultOf(connection -> sendForEver(connection, "", "\r\n".repeat(500)), PATIENT),
                    FailureReason.MALFORMED,
                    "malformed answer: no verdict within 65536 bytes");
        }

        @Test
        void thatSendsInterimAnswersWithoutEnd() throws Exception {
            assertFailed(
                    resultOf(
                            connection -> {
                                List<String> _ = request(connection);
                                sendForEver(connection, "", "HTTP/1.1 102 Processing\r\n\r\n");
                            },
                            PATIENT),
                    FailureReason.MALFORMED,
                    "malformed answer: no verdict within 65536 bytes");
        }

        @Test
        void thatSpeaksAnotherProtocol() throws Exception {
            assertFailed(
                    resultOf(
                            connection -> {
                                send(connection, "SSH-2.0-OpenSSH_9.9\r\n");
                                waitForEnd(connection);
                            },
                            PATIENT),
                    FailureReason.MALFORMED,
                    "malformed answer: not HTTP");
        }

        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
        void thatSendsGarbage(long seed) throws Exception {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            byte[] garbage = new byte[20_000];
            random.nextBytes(garbage);

            CheckResult result = resultOf(
                    connection -> {
                        connection.getOutputStream().write(garbage);
                        waitForEnd(connection);
                    },
                    PATIENT);

            assertThat(result).isInstanceOfSatisfying(CheckResult.Failed.class, failed -> {
                assertThat(failed.reason()).isEqualTo(FailureReason.MALFORMED);
                assertThat(failed.detail()).startsWith("malformed answer: ");
            });
        }

        private static void sendForEver(Socket connection, String begin, String again) throws IOException {
            send(connection, begin);
            while (true) {
                send(connection, again); // until the probe has had enough and resets
            }
        }
    }
}
