package io.fairlead.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.HealthReporter.RealServerHealth;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.CheckLine;
import io.fairlead.appliance.admin.StatusReport.LatenessStep;
import io.fairlead.appliance.admin.StatusReport.ResultLine;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.policy.Health;
import io.fairlead.core.time.DurationCounts;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.health.check.CheckRequirement;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.CheckSet;
import io.fairlead.health.check.CheckSet.NamedCheck;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.Flaps;
import io.fairlead.health.check.HealthState;
import io.fairlead.health.check.TcpProbeSpec;
import io.fairlead.health.netty.CheckCounters;
import io.fairlead.health.netty.Lateness;
import io.fairlead.health.netty.PastResult;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class HealthReporterTest {

    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
    private static final MonotonicInstant NOW = new MonotonicInstant(Long.MAX_VALUE - 5); // overflows on the way
    private static final CheckTarget PORT = target(80);
    private static final CheckTarget PAGE = target(81);

    private final Map<CheckTarget, HealthState> states = new HashMap<>();
    private final Map<CheckTarget, Instant> certificates = new HashMap<>();
    private final HealthTimes times = new HealthTimes();
    private final HealthReporter reporter = new HealthReporter(
            target -> states.getOrDefault(target, HealthState.UNKNOWN),
            _ -> List.of(new PastResult(NOON, true, "connected", Duration.ofNanos(1_234_567))),
            target -> Optional.ofNullable(certificates.get(target)),
            times);

    private static CheckTarget target(int port) {
        Duration second = Duration.ofSeconds(1);
        return new CheckTarget(
                ServerAddress.parse("198.51.100.1:" + port), new CheckSpec(new TcpProbeSpec(), second, second, 1, 1));
    }

    private void healthy(CheckTarget target, Instant since) {
        CheckResult passed = new CheckResult.Passed(Duration.ofMillis(2), "connected");
        states.put(target, new HealthState(Health.HEALTHY, 3, 0, Optional.of(passed)));
        times.note(target, since);
    }

    private void unhealthy(CheckTarget target, String reason, Instant since) {
        CheckResult failed = new CheckResult.Failed(FailureReason.REFUSED, reason, Duration.ofMillis(2));
        states.put(target, new HealthState(Health.UNHEALTHY, 0, 4, Optional.of(failed)));
        times.note(target, since);
    }

    private RealServerHealth both(CheckRequirement require) {
        return reporter.realServer(
                new CheckSet(require, List.of(new NamedCheck("page", PAGE), new NamedCheck("port", PORT))), NOW);
    }

    @Test
    void anOnlyCheckSpeaksForItself() {
        healthy(PORT, NOON);

        RealServerHealth health = reporter.realServer(CheckSet.of(PORT), NOW);

        assertThat(health.reason()).isEqualTo("connected");
        assertThat(health.since()).hasValue(NOON);
        assertThat(health.checks())
                .containsExactly(new CheckLine(
                        "",
                        "tcp",
                        "healthy",
                        "connected",
                        "2026-01-02T12:00:00Z",
                        2.0,
                        null,
                        3,
                        0,
                        0,
                        null,
                        List.of(new ResultLine("2026-01-02T12:00:00Z", true, "connected", 1.234))));
    }

    @Test
    void showsWhenTheCertificateExpiresAlsoWhileNobodyAnswers() {
        certificates.put(PORT, NOON);
        unhealthy(PORT, "connection refused", NOON);

        CheckLine line = reporter.realServer(CheckSet.of(PORT), NOW).checks().getFirst();

        assertThat(line.certificate())
                .extracting(StatusReport.CertificateLine::expires)
                .isEqualTo("2026-01-02T12:00:00Z");
    }

    @Test
    void roundsTheDaysOfACertificateDown() {
        assertThat(HealthReporter.certificate(NOON.plus(Duration.ofHours(49)), NOON)
                        .daysLeft())
                .isEqualTo(2);
        assertThat(HealthReporter.certificate(NOON.plusSeconds(1), NOON).daysLeft())
                .isZero();
        assertThat(HealthReporter.certificate(NOON.minusSeconds(1), NOON).daysLeft())
                .isEqualTo(-1);
    }

    @Test
    void tellsHowLateProbesBegan() {
        DurationCounts late = new DurationCounts(
                Lateness.STEPS, List.of(7L, 2L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L), Duration.ofSeconds(20));
        CheckCounters counters = new CheckCounters(10, Map.of(), 0, 0, 0, new Lateness(late), Map.of());

        assertThat(HealthReporter.checks(1, counters).lateness())
                .startsWith(new LatenessStep(1L, 7), new LatenessStep(5L, 2))
                .endsWith(new LatenessStep(null, 1));
    }

    @Test
    void ofSeveralThoseTellTheReasonThatDecided() {
        healthy(PORT, NOON);
        unhealthy(PAGE, "status 503", NOON.plusSeconds(1));

        assertThat(both(CheckRequirement.ALL).reason()).isEqualTo("page: status 503");
        assertThat(both(CheckRequirement.ANY).reason()).isEqualTo("port: connected");
    }

    @Test
    void aVerdictThatWaitsNamesWhatItWaitsFor() {
        healthy(PORT, NOON);

        assertThat(both(CheckRequirement.ALL).reason()).isEqualTo("page: not checked yet");
        assertThat(both(CheckRequirement.ALL).since()).isEmpty();
    }

    @Test
    void theLastCheckBroughtAboutWhatNeedsAllAndTheFirstWhatNeedsOne() {
        healthy(PORT, NOON);
        healthy(PAGE, NOON.plusSeconds(1));
        assertThat(both(CheckRequirement.ALL).since()).hasValue(NOON.plusSeconds(1));
        assertThat(both(CheckRequirement.ALL).reason()).isEqualTo("all 2 checks");
        assertThat(both(CheckRequirement.ANY).since()).hasValue(NOON);

        unhealthy(PORT, "no", NOON);
        unhealthy(PAGE, "no", NOON.plusSeconds(1));
        assertThat(both(CheckRequirement.ALL).since()).hasValue(NOON);
        assertThat(both(CheckRequirement.ANY).since()).hasValue(NOON.plusSeconds(1));
    }

    @Test
    void saysForHowLongAFlappingRealServerIsHeldDown() {
        Flaps flaps = new Flaps(4, NOW, NOW.plus(Duration.ofMillis(34_500)));
        CheckResult passed = new CheckResult.Passed(Duration.ofMillis(2), "connected");
        states.put(PORT, new HealthState(Health.UNHEALTHY, 7, 0, Optional.of(passed), OptionalInt.empty(), flaps));

        assertThat(reporter.realServer(CheckSet.of(PORT), NOW).reason())
                .isEqualTo("connected, but held down for another 35 s after 4 falls");
    }
}
