package io.fairlead.health.netty;

import static io.fairlead.health.netty.CheckBench.http;
import static io.fairlead.health.netty.CheckBench.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.net.ServerAddress;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.HealthState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Probes out of schedule. */
class ProbeNowTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final CheckBench bench = new CheckBench();

    @AfterEach
    void closeChecker() {
        bench.close();
    }

    private CheckResult probe(CheckTarget target) throws Exception {
        return bench.checker().probeNow(target).get(60, TimeUnit.SECONDS);
    }

    @Test
    void tellsWhatCameBackAndChangesNothing() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")) {
            CheckTarget target = http(server.address(), LONG);

            CheckResult result = probe(target);

            Results.assertFailed(result, FailureReason.UNEXPECTED_STATUS, "status 503 (expected 200-299)");
            assertThat(bench.checker().stateOf(target)).isEqualTo(HealthState.UNKNOWN);
            assertThat(bench.checker().counters().done()).isZero();
        }
    }

    @Test
    void endsWithTheTimeOut() throws Exception {
        try (ScriptedServer server = ScriptedServer.open(ScriptedServer::waitForEnd)) {
            Results.assertFailed(
                    probe(http(server.address(), Duration.ofMillis(200))),
                    FailureReason.TIMED_OUT,
                    "no answer within 200 ms");
        }
    }

    @Test
    void isRefusedWhereTooManyAreOpenAndEndsWithTheChecker() throws Exception {
        try (ScriptedServer server = ScriptedServer.open(ScriptedServer::waitForEnd)) {
            List<CompletableFuture<CheckResult>> open = new ArrayList<>();
            for (int i = 0; i < HealthChecker.PROBES_NOW_MAX; i++) {
                open.add(bench.checker().probeNow(http(server.address(), LONG)));
            }

            assertThatThrownBy(() -> probe(tcp(ServerAddress.parse("127.0.0.1:9"), LONG)))
                    .hasRootCauseMessage("64 probes out of schedule are open: try again later");
            bench.close();

            assertThat(open).allMatch(CompletableFuture::isCompletedExceptionally);
            assertThatThrownBy(() -> probe(http(server.address(), LONG))).hasRootCauseMessage("the checks were ended");
        }
    }
}
