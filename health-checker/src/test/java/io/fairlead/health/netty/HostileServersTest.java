package io.fairlead.health.netty;

import static io.fairlead.health.netty.CheckBench.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.health.check.BoundedPattern;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.HttpExpectation;
import io.fairlead.health.check.HttpProbeSpec;
import io.fairlead.health.check.HttpRequestSpec;
import io.fairlead.health.check.StatusRange;
import io.fairlead.health.check.TargetChange;
import io.fairlead.health.check.TlsProbeSpec;
import io.fairlead.health.check.TlsSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Every way in which a server may misbehave, asked in every way, all at once and again and again, beside one that behaves.
 * What each costs has a bound, and the checks of the other go on.
 */
class HostileServersTest {

    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final int ROUNDS = 3;
    /** What was read, and what the kernel held in the buffers of both ends, which grow up to some MiB. */
    private static final long TAKEN_BYTES_MAX = 12L << 20;

    private final AtomicLong mostTaken = new AtomicLong();

    @Test
    void costTheirShareAndDelayNobody() throws Exception {
        List<ScriptedServer> servers = new ArrayList<>();
        try (CheckBench bench = new CheckBench();
                ScriptedServer good = ScriptedServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) {
            Set<CheckTarget> hostile = new HashSet<>();
            for (ScriptedServer.Script script : scripts().values()) {
                ScriptedServer server = ScriptedServer.open(script);
                servers.add(server);
                hostile.add(target(server.address(), http(Optional.empty(), HttpProbeSpec.Version.HTTP_1_1), SHORT));
                hostile.add(target(server.address(), http(Optional.empty(), HttpProbeSpec.Version.HTTP_2), SHORT));
                hostile.add(target(server.address(), http(Optional.of(tls()), HttpProbeSpec.Version.HTTP_1_1), SHORT));
                hostile.add(target(server.address(), new TlsProbeSpec(ConnectionSpec.DEFAULT, tls()), SHORT));
            }
            CheckTarget neighbour = CheckBench.http(good.address(), Duration.ofSeconds(30));
            CheckTarget frequent = new CheckTarget(
                    neighbour.address(),
                    new CheckSpec(neighbour.spec().probe(), Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 10));
            bench.checker().update(TargetChange.begin(hostile));
            bench.checker().update(TargetChange.begin(Set.of(frequent)));

            HealthCheckerTest.waitUntil(
                    () -> hostile.stream()
                                    .allMatch(target ->
                                            bench.checker().historyOf(target).size() >= ROUNDS)
                            && bench.checker().stateOf(frequent).passesInARow() >= ROUNDS,
                    Duration.ofMinutes(2));

            for (CheckTarget target : hostile) {
                assertThat(bench.checker().stateOf(target).passesInARow())
                        .as("%s %s", target, bench.checker().historyOf(target))
                        .isZero();
            }
            assertThat(mostTaken.get()).isLessThan(TAKEN_BYTES_MAX);
            bench.checker().update(new TargetChange(Set.of(), hostile));
            HealthCheckerTest.waitUntil(() -> bench.checker().size() == 1);
            assertThat(bench.checker().counters().open()).isLessThanOrEqualTo(1);
        } finally {
            for (ScriptedServer server : servers) {
                server.close();
            }
        }
    }

    private static TlsSpec tls() {
        return new TlsSpec(false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static HttpProbeSpec http(Optional<TlsSpec> tls, HttpProbeSpec.Version version) {
        return new HttpProbeSpec(
                ConnectionSpec.DEFAULT,
                tls,
                version,
                new HttpRequestSpec("GET", "/", Optional.empty(), List.of(), Optional.empty()),
                new HttpExpectation(
                        List.of(new StatusRange(200, 299)), Optional.of(BoundedPattern.of("never")), Optional.empty()));
    }

    private Map<String, ScriptedServer.Script> scripts() {
        byte[] noise = new byte[4096];
        new Random(7).nextBytes(noise);
        Map<String, ScriptedServer.Script> scripts = new LinkedHashMap<>();
        scripts.put("says nothing", ScriptedServer::waitForEnd);
        scripts.put("one byte a second", connection -> {
            for (byte letter : bytes("HTTP/1.1 200 OK\r\nServer: slow\r\n\r\n")) {
                connection.getOutputStream().write(letter);
                pause();
            }
        });
        scripts.put("a header without end", connection -> endless(connection, "HTTP/1.1 200 OK\r\nX: ", bytes("x")));
        scripts.put("headers without end", connection -> endless(connection, "HTTP/1.1 200 OK\r\n", bytes("X: y\r\n")));
        scripts.put(
                "10 GB of body",
                connection ->
                        endless(connection, "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n", new byte[4096]));
        scripts.put(
                "a compressed bomb",
                connection -> endless(connection, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", new byte[4096]));
        scripts.put("empty lines without end", connection -> endless(connection, "", bytes("\r\n")));
        scripts.put("noise", connection -> endless(connection, "", noise));
        scripts.put("records of TLS without end", connection -> endless(connection, "", record()));
        scripts.put("a redirect to itself", connection -> {
            List<String> _ = ScriptedServer.request(connection);
            ScriptedServer.send(connection, "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n");
        });
        scripts.put("a reset in the middle", connection -> {
            ScriptedServer.send(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            connection.setSoLinger(true, 0);
        });
        scripts.put("half open", connection -> {
            connection.shutdownOutput();
            ScriptedServer.waitForEnd(connection);
        });
        return scripts;
    }

    /** A record of TLS that belongs to no handshake: an alert of warning, which a client may pass over. */
    private static byte[] record() {
        return new byte[] {21, 3, 3, 0, 2, 1, 90};
    }

    private void endless(Socket connection, String begin, byte[] part) throws IOException {
        OutputStream out = connection.getOutputStream();
        out.write(bytes(begin));
        byte[] block = new byte[(1 + 8192 / part.length) * part.length];
        for (int i = 0; i < block.length; i++) {
            block[i] = part[i % part.length];
        }
        long taken = 0;
        try {
            while (true) {
                out.write(block);
                taken += block.length;
            }
        } finally {
            mostTaken.accumulateAndGet(taken, Math::max);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
