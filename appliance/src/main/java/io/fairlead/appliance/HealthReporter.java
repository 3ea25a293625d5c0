package io.fairlead.appliance;

import io.fairlead.appliance.admin.StatusReport.CertificateLine;
import io.fairlead.appliance.admin.StatusReport.CheckLine;
import io.fairlead.appliance.admin.StatusReport.Checks;
import io.fairlead.appliance.admin.StatusReport.LatenessStep;
import io.fairlead.appliance.admin.StatusReport.ResultLine;
import io.fairlead.core.policy.Health;
import io.fairlead.core.policy.Verdict;
import io.fairlead.core.text.Amount;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.health.check.CheckRequirement;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.CheckSet;
import io.fairlead.health.check.CheckSet.NamedCheck;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.Flaps;
import io.fairlead.health.check.HealthState;
import io.fairlead.health.netty.CheckCounters;
import io.fairlead.health.netty.Lateness;
import io.fairlead.health.netty.PastResult;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts what the checks say into the words of the status. */
final class HealthReporter {

    private final Function<CheckTarget, HealthState> states;
    private final Function<CheckTarget, List<PastResult>> histories;
    private final Function<CheckTarget, Optional<Instant>> certificates;
    private final HealthTimes times;

    /** @param certificates when the certificate expires that a target showed last */
    HealthReporter(
            Function<CheckTarget, HealthState> states,
            Function<CheckTarget, List<PastResult>> histories,
            Function<CheckTarget, Optional<Instant>> certificates,
            HealthTimes times) {
        this.states = states;
        this.histories = histories;
        this.certificates = certificates;
        this.times = times;
    }

    /**
     * What the checks of one real server come to.
     *
     * @param since when it became so
     */
    record RealServerHealth(
            Verdict verdict, String reason, Optional<Instant> since, String requires, List<CheckLine> checks) {}

    RealServerHealth realServer(CheckSet set, MonotonicInstant now) {
        Verdict verdict = set.verdict(target -> states.apply(target).verdict());
        List<CheckLine> lines = new ArrayList<>(set.checks().size());
        for (NamedCheck check : set.checks()) {
            lines.add(line(check, now));
        }
        return new RealServerHealth(
                verdict,
                reason(set, verdict, lines),
                since(set, verdict.health()),
                set.require().name().toLowerCase(Locale.ROOT),
                lines);
    }

    /** Of several checks those tell the reason that agree with the verdict: they decided it. */
    private static String reason(CheckSet set, Verdict verdict, List<CheckLine> lines) {
        if (lines.size() == 1) {
            return lines.getFirst().reason();
        }
        String health = verdict.health().word();
        List<CheckLine> decided =
                lines.stream().filter(line -> line.health().equals(health)).toList();
        if (decided.size() == lines.size() && verdict.health() == Health.HEALTHY) {
            return "all " + set.checks().size() + " checks";
        }
        List<String> phrases = decided.stream()
                .map(line -> line.name() + ": " + (line.reason().isEmpty() ? "not checked yet" : line.reason()))
                .toList();
        return String.join("; ", phrases);
    }

    /** Of several checks the last one brought about what needs all of them, and the first one what needs only one. */
    private Optional<Instant> since(CheckSet set, Health health) {
        if (health == Health.UNKNOWN) {
            return Optional.empty();
        }
        boolean needsAll = (set.require() == CheckRequirement.ALL) == (health == Health.HEALTHY);
        Stream<Instant> changes = set.targets().stream()
                .filter(target -> states.apply(target).health() == health)
                .flatMap(target -> times.since(target).stream());
        return needsAll ? changes.max(Comparator.naturalOrder()) : changes.min(Comparator.naturalOrder());
    }

    private CheckLine line(NamedCheck check, MonotonicInstant now) {
        HealthState state = states.apply(check.target());
        return new CheckLine(
                check.name(),
                check.target().spec().probe().type(),
                state.health().word(),
                reason(state, now),
                times.since(check.target()).map(HealthReporter::time).orElse(null),
                state.lastResult().map(result -> millis(result.elapsed())).orElse(null),
                state.weight().isPresent() ? (Integer) state.weight().getAsInt() : null,
                state.passesInARow(),
                state.failuresInARow(),
                state.flaps().falls(),
                certificates
                        .apply(check.target())
                        .map(expires -> certificate(expires, Instant.now()))
                        .orElse(null),
                histories.apply(check.target()).stream()
                        .map(result -> new ResultLine(
                                time(result.at()), result.passed(), result.detail(), millis(result.elapsed())))
                        .toList());
    }

    static CertificateLine certificate(Instant expires, Instant now) {
        return new CertificateLine(
                expires.toString(),
                Math.floorDiv(
                        Duration.between(now, expires).toSeconds(),
                        Duration.ofDays(1).toSeconds()));
    }

    private static String reason(HealthState state, MonotonicInstant now) {
        String last = state.lastResult().map(CheckResult::detail).orElse("");
        Flaps flaps = state.flaps();
        if (state.health() != Health.UNHEALTHY || state.passesInARow() == 0 || !flaps.holdsDown(now)) {
            return last;
        }
        long seconds = flaps.heldUntil().since(now).toSeconds() + 1;
        return last + ", but held down for another " + seconds + " s after " + Amount.of(flaps.falls(), "fall");
    }

    static Checks checks(int targets, CheckCounters counters) {
        SortedMap<String, Long> failedBy = new TreeMap<>();
        counters.failedBy().forEach((reason, count) -> {
            if (count > 0) {
                failedBy.put(reason.name().toLowerCase(Locale.ROOT).replace('_', '-'), count);
            }
        });
        return new Checks(
                targets,
                counters.passed(),
                counters.failed(),
                failedBy,
                counters.ownFaults(),
                counters.delayed(),
                counters.late(),
                counters.open(),
                lateness(counters.lateness()));
    }

    private static List<LatenessStep> lateness(Lateness lateness) {
        List<LatenessStep> steps = new ArrayList<>();
        List<Long> counts = lateness.counts().counts();
        for (int i = 0; i < counts.size(); i++) {
            @Nullable
            Long within =
                    i < Lateness.STEPS.size() ? (Long) Lateness.STEPS.get(i).toMillis() : null;
            steps.add(new LatenessStep(within, counts.get(i)));
        }
        return steps;
    }

    static double millis(Duration duration) {
        long micros = duration.toNanos() / 1000;
        return micros / 1000.0;
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
