package io.fairlead.appliance;

import io.fairlead.appliance.admin.CheckReport;
import io.fairlead.appliance.admin.CheckReport.ProbeLine;
import io.fairlead.appliance.admin.CheckRequest;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.health.check.CheckRequirement;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.CheckSet;
import io.fairlead.health.check.CheckSet.NamedCheck;
import io.fairlead.health.check.CheckTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/** Has all checks of one real server made at once for an operator, and waits for what comes back. Used by many threads. */
final class RealServerProber {

    /** Beyond the time-out of a check, which should end it. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Supplier<List<ConfiguredVirtualServer>> configured;
    private final Function<CheckTarget, CompletableFuture<CheckResult>> prober;

    RealServerProber(
            Supplier<List<ConfiguredVirtualServer>> configured,
            Function<CheckTarget, CompletableFuture<CheckResult>> prober) {
        this.configured = configured;
        this.prober = prober;
    }

    CheckReport check(CheckRequest request) {
        if (request.virtualServer() == null || request.realServer() == null) {
            return CheckReport.refused("virtualServer and realServer are needed");
        }
        Optional<CheckSet> set = find(request.virtualServer(), request.realServer());
        if (set.isEmpty()) {
            return CheckReport.refused("no such real server " + request.virtualServer() + "/" + request.realServer());
        }
        List<NamedCheck> checks = set.get().checks();
        List<CompletableFuture<CheckResult>> answers =
                checks.stream().map(check -> prober.apply(check.target())).toList();
        List<ProbeLine> lines = new ArrayList<>(checks.size());
        for (int i = 0; i < checks.size(); i++) {
            lines.add(line(checks.get(i), await(answers.get(i), checks.get(i).target())));
        }
        boolean passed = set.get().require() == CheckRequirement.ALL
                ? lines.stream().allMatch(ProbeLine::passed)
                : lines.stream().anyMatch(ProbeLine::passed);
        return new CheckReport(true, List.of(), passed, lines);
    }

    private Optional<CheckSet> find(String virtualServer, String realServer) {
        for (ConfiguredVirtualServer candidate : configured.get()) {
            if (candidate.spec().name().equals(virtualServer)) {
                for (int i = 0; i < candidate.checks().size(); i++) {
                    if (candidate.spec().realServers().get(i).name().equals(realServer)) {
                        return Optional.of(candidate.checks().get(i));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static CheckResult await(CompletableFuture<CheckResult> answer, CheckTarget target) {
        try {
            return answer.get(target.spec().timeout().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a probe", e);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IllegalStateException(String.valueOf(cause.getMessage()), cause);
        } catch (TimeoutException e) {
            throw new IllegalStateException("no result of " + target + " within its time-out", e);
        }
    }

    private static ProbeLine line(NamedCheck check, CheckResult result) {
        boolean passed = result instanceof CheckResult.Passed;
        Optional<Integer> weight =
                result instanceof CheckResult.Passed pass && pass.weight().isPresent()
                        ? Optional.of(pass.weight().getAsInt())
                        : Optional.empty();
        return new ProbeLine(
                check.name(),
                check.target().spec().probe().type(),
                passed,
                result.detail(),
                HealthReporter.millis(result.elapsed()),
                weight.orElse(null),
                result.certificateExpires()
                        .map(expires -> HealthReporter.certificate(expires, Instant.now()))
                        .orElse(null));
    }
}
