package io.fairlead.health.netty;

import static io.fairlead.health.netty.CheckBench.target;
import static io.fairlead.health.netty.Results.assertFailed;
import static io.fairlead.health.netty.Results.assertPassed;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.ServerAddress;
import io.fairlead.health.check.BoundedPattern;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.HexPattern;
import io.fairlead.health.check.UdpProbeSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UdpProbeTest {

    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final CheckBench bench = new CheckBench();

    @AfterEach
    void closeChecker() {
        bench.close();
    }

    private static UdpProbeSpec spec(boolean requireReply, Optional<String> text, Optional<String> hex) {
        return new UdpProbeSpec(
                ConnectionSpec.DEFAULT,
                "70696e67",
                requireReply,
                text.map(BoundedPattern::of),
                hex.map(HexPattern::new));
    }

    private CheckResult check(UdpProbeSpec spec, String reply) throws Exception {
        try (DatagramServer server =
                new DatagramServer(_ -> Optional.of(reply.getBytes(StandardCharsets.ISO_8859_1)))) {
            CheckResult result = bench.firstResult(target(server.address(), spec, PATIENT));
            assertThat(server.received().poll(20, TimeUnit.SECONDS)).asString().isEqualTo("ping");
            return result;
        }
    }

    @Test
    void passesWithAnyReply() throws Exception {
        assertPassed(check(spec(true, Optional.empty(), Optional.empty()), "pong"), "reply of 4 bytes");
    }

    @Test
    void comparesTheReplyWithWhatIsExpected() throws Exception {
        assertPassed(check(spec(true, Optional.of("^po.g$"), Optional.of("70xx6e")), "pong"), "reply of 4 bytes");
        assertFailed(
                check(spec(false, Optional.of("^pang$"), Optional.empty()), "pong"),
                FailureReason.UNEXPECTED_ANSWER,
                "expected text not in the reply of 4 bytes");
        assertFailed(
                check(spec(false, Optional.empty(), Optional.of("7x70")), "pong"),
                FailureReason.UNEXPECTED_ANSWER,
                "reply of 4 bytes does not begin as expected");
    }

    @Test
    void silencePassesUnlessAReplyIsRequired() throws Exception {
        try (DatagramServer server = new DatagramServer(_ -> Optional.empty())) {
            assertPassed(
                    bench.firstResult(target(server.address(), spec(false, Optional.empty(), Optional.empty()), SHORT)),
                    "not refused, no reply");
            assertFailed(
                    bench.firstResult(target(server.address(), spec(true, Optional.empty(), Optional.empty()), SHORT)),
                    FailureReason.TIMED_OUT,
                    "no answer within 300 ms");
        }
    }

    @Test
    void aPortWhereNothingListensFailsThoughNoReplyIsRequired() throws Exception {
        ServerAddress address;
        try (DatagramServer server = new DatagramServer(_ -> Optional.empty())) {
            address = server.address();
        }

        assertFailed(
                bench.firstResult(target(address, spec(false, Optional.empty(), Optional.empty()), PATIENT)),
                FailureReason.REFUSED,
                "refused: port unreachable (ICMP)");
    }
}
