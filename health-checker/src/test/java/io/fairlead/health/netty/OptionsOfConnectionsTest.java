package io.fairlead.health.netty;

import static io.fairlead.health.netty.CheckBench.target;
import static io.fairlead.health.netty.Results.assertFailed;
import static io.fairlead.health.netty.Results.assertPassed;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.DnsCode;
import io.fairlead.health.check.DnsProbeSpec;
import io.fairlead.health.check.DnsRecordKind;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.HttpExpectation;
import io.fairlead.health.check.HttpProbeSpec;
import io.fairlead.health.check.HttpRequestSpec;
import io.fairlead.health.check.InitialState;
import io.fairlead.health.check.ProbeSpec;
import io.fairlead.health.check.StatusRange;
import io.fairlead.health.check.TargetChange;
import io.fairlead.health.check.TcpProbeSpec;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When and by what a target is asked: what only shows when the usual way leads nowhere. */
@Timeout(120)
class OptionsOfConnectionsTest {

    private static final Duration PATIENT = Duration.ofSeconds(20);

    private final CheckBench bench = new CheckBench();

    @AfterEach
    void closeChecker() {
        bench.close();
    }

    private static ConnectionSpec within(Duration connectTimeout) {
        return new ConnectionSpec(Optional.empty(), Optional.empty(), 0, Optional.of(connectTimeout), Optional.empty());
    }

    private static ProbeSpec http(Duration connectTimeout) {
        return new HttpProbeSpec(
                within(connectTimeout),
                Optional.empty(),
                HttpProbeSpec.Version.HTTP_1_1,
                new HttpRequestSpec("GET", "/", Optional.empty(), List.of(), Optional.empty()),
                new HttpExpectation(List.of(new StatusRange(200, 299)), Optional.empty(), Optional.empty()));
    }

    @Test
    void theTimeOutForConnectingEndsAProbeThatHasNoConnection() throws Exception {
        // A full accept queue drops further SYNs.
        try (ServerSocket full = new ServerSocket()) {
            full.bind(new InetSocketAddress(IpAddress.parse("127.0.0.1").toInetAddress(), 0), 1);
            List<SocketChannel> fillers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                SocketChannel filler = SocketChannel.open();
                filler.configureBlocking(false);
                boolean _ = filler.connect(full.getLocalSocketAddress());
                fillers.add(filler);
            }

            ServerAddress address = ServerAddress.parse("127.0.0.1:" + full.getLocalPort());
            Duration soon = Duration.ofMillis(200);

            assertFailed(
                    bench.firstResult(target(address, http(soon), PATIENT)),
                    FailureReason.TIMED_OUT,
                    "no connection within 200 ms");
            assertFailed(
                    bench.firstResult(target(address, new TcpProbeSpec(within(soon)), PATIENT)),
                    FailureReason.TIMED_OUT,
                    "no connection within 200 ms");
            for (SocketChannel filler : fillers) {
                filler.close();
            }
        }
    }

    @Test
    void theTimeOutForConnectingIsNotThatOfTheAnswer() throws Exception {
        try (ScriptedServer silent = ScriptedServer.open(ScriptedServer::waitForEnd)) {
            assertFailed(
                    bench.firstResult(target(silent.address(), http(Duration.ofMillis(900)), Duration.ofSeconds(1))),
                    FailureReason.TIMED_OUT,
                    "no answer within 1 s");
        }
    }

    private static CheckTarget spaced(ServerAddress address, Duration interval, Duration intervalDown) {
        return new CheckTarget(
                address,
                new CheckSpec(
                        new TcpProbeSpec(),
                        interval,
                        intervalDown,
                        Duration.ofMillis(100),
                        1,
                        1,
                        InitialState.WAIT,
                        Optional.empty()));
    }

    @Test
    void eachStateHasItsOwnInterval() throws Exception {
        ServerAddress nobody;
        try (ScriptedServer gone = ScriptedServer.open(ScriptedServer::waitForEnd)) {
            nobody = gone.address();
        }
        try (ScriptedServer server = ScriptedServer.open(ScriptedServer::waitForEnd)) {
            CheckTarget down = spaced(nobody, Duration.ofHours(1), Duration.ofMillis(100));
            CheckTarget up = spaced(server.address(), Duration.ofMillis(100), Duration.ofHours(1));
            CheckTarget seldom = spaced(server.address(), Duration.ofHours(1), Duration.ofMillis(100));
            bench.checker().update(TargetChange.begin(Set.of(down, up, seldom)));

            HealthCheckerTest.waitUntil(() -> bench.checker().stateOf(down).failuresInARow() >= 5
                    && bench.checker().stateOf(up).passesInARow() >= 5
                    && bench.checker().stateOf(seldom).passesInARow() >= 1);
            assertThat(bench.checker().stateOf(seldom).passesInARow()).isEqualTo(1);
        }
    }

    private static DnsProbeSpec dns(DnsProbeSpec.Transport transport, DnsRecordKind kind) {
        return new DnsProbeSpec(
                ConnectionSpec.DEFAULT, transport, "www.example", kind, DnsCode.NOERROR, Optional.empty());
    }

    /** The query with the bit of an answer, RFC 1035 §4.1.1: no error, no record. */
    private static byte[] answerTo(byte[] query) {
        byte[] answer = Arrays.copyOf(query, query.length);
        answer[2] |= (byte) 0x80;
        return answer;
    }

    @Test
    void aQueryGoesByTheTransportThatIsAskedForAndNoOther() throws Exception {
        ScriptedServer.Script answering = connection -> {
            DataInputStream in = new DataInputStream(connection.getInputStream());
            byte[] query = new byte[in.readUnsignedShort()];
            in.readFully(query);
            DataOutputStream out = new DataOutputStream(connection.getOutputStream());
            out.writeShort(query.length);
            out.write(answerTo(query));
            ScriptedServer.waitForEnd(connection);
        };
        try (ScriptedServer overTcp = ScriptedServer.open(answering);
                DatagramServer overUdp = new DatagramServer(query -> Optional.of(answerTo(query)))) {
            for (DnsProbeSpec.Transport transport : DnsProbeSpec.Transport.values()) {
                boolean tcp = transport == DnsProbeSpec.Transport.TCP;
                DnsProbeSpec spec = dns(transport, DnsRecordKind.A);

                assertPassed(
                        bench.firstResult(target(tcp ? overTcp.address() : overUdp.address(), spec, PATIENT)),
                        "NOERROR, records: 0");
                assertThat(bench.firstResult(target(tcp ? overUdp.address() : overTcp.address(), spec, PATIENT)))
                        .isInstanceOfSatisfying(
                                CheckResult.Failed.class,
                                failed -> assertThat(failed.reason()).isEqualTo(FailureReason.REFUSED));
            }
        }
    }

    @Test
    void aQueryAsksForTheNameAndTheTypeAndHearsNoAnswerToAnother() throws IOException, InterruptedException {
        try (DatagramServer otherId = new DatagramServer(query -> {
            byte[] answer = answerTo(query);
            answer[0] ^= 1;
            return Optional.of(answer);
        })) {
            assertFailed(
                    bench.firstResult(target(
                            otherId.address(),
                            dns(DnsProbeSpec.Transport.UDP, DnsRecordKind.AAAA),
                            Duration.ofMillis(500))),
                    FailureReason.TIMED_OUT,
                    "no answer within 500 ms");

            byte[] query = otherId.received().take();
            assertThat(new String(query, 12, query.length - 12, StandardCharsets.ISO_8859_1))
                    .isEqualTo("\3www\7example\0\0\34\0\1");
        }
    }
}
