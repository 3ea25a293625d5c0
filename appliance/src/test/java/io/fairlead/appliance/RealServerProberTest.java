package io.fairlead.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.appliance.admin.CheckReport;
import io.fairlead.appliance.admin.CheckReport.ProbeLine;
import io.fairlead.appliance.admin.CheckRequest;
import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.FailureReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealServerProberTest {

    private static final Duration MILLISECOND = Duration.ofMillis(1);

    @TempDir
    Path directory;

    private List<ConfiguredVirtualServer> servers(String require) {
        Path file = directory.resolve("fairlead.conf");
        write(file, """
            fairlead.virtual-servers.web {
              address = 192.0.2.10, port = 80
              health-checks { port { type = tcp }, page { type = http, path = "/healthz" } }
              require-checks = %s
              real-servers = [{ name = web-1, address = 198.51.100.1 }]
            }
            """.formatted(require));
        ConfigOutcome outcome = ConfigFile.load(file);
        if (outcome instanceof ConfigOutcome.Accepted accepted) {
            return accepted.config().virtualServers();
        }
        throw new IllegalStateException(outcome.toString());
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port answers, the page does not. */
    private static CompletableFuture<CheckResult> halfWell(CheckTarget target) {
        return CompletableFuture.completedFuture(
                target.spec().probe().type().equals("tcp")
                        ? new CheckResult.Passed(MILLISECOND, "connected", OptionalInt.of(7))
                        : new CheckResult.Failed(FailureReason.UNEXPECTED_STATUS, "status 503", MILLISECOND));
    }

    private CheckReport check(String require, String realServer) {
        return new RealServerProber(() -> servers(require), RealServerProberTest::halfWell)
                .check(new CheckRequest("web", realServer));
    }

    @Test
    void tellsWhatEachCheckFound() {
        assertThat(check("all", "web-1").probes())
                .containsExactlyInAnyOrder(
                        new ProbeLine("port", "tcp", true, "connected", 1.0, 7, null),
                        new ProbeLine("page", "http", false, "status 503", 1.0, null, null));
    }

    @Test
    void passesAsTheRealServerRequires() {
        assertThat(check("all", "web-1").passed()).isFalse();
        assertThat(check("any", "web-1").passed()).isTrue();
    }

    @Test
    void refusesWhatThereIsNot() {
        CheckReport report = check("all", "web-2");

        assertThat(report.accepted()).isFalse();
        assertThat(report.problems()).containsExactly("no such real server web/web-2");
    }

    @Test
    void passesOnWhyAProbeCouldNotBeMade() {
        RealServerProber prober = new RealServerProber(
                () -> servers("all"), _ -> CompletableFuture.failedFuture(new IllegalStateException("too many")));

        assertThatThrownBy(() -> prober.check(new CheckRequest("web", "web-1"))).hasMessage("too many");
    }
}
