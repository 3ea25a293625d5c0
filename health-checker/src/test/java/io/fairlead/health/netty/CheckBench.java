package io.fairlead.health.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.ServerAddress;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.HealthState;
import io.fairlead.health.check.HttpProbeSpec;
import io.fairlead.health.check.ProbeSpec;
import io.fairlead.health.check.StatusRange;
import io.fairlead.health.check.TargetChange;
import io.fairlead.health.check.TcpProbeSpec;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A checker, and every change that it has told, in order. */
final class CheckBench implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(30);

    record Change(CheckTarget target, HealthState previous, HealthState now) {}

    private final LinkedBlockingQueue<Change> changes = new LinkedBlockingQueue<>();
    private final HealthChecker checker;

    CheckBench() {
        this(HealthChecker.OPEN_PROBES_MAX_DEFAULT);
    }

    CheckBench(int openProbesMax) {
        checker = new HealthChecker(
                (target, previous, now) -> changes.add(new Change(target, previous, now)), openProbesMax);
    }

    static CheckTarget tcp(ServerAddress address, Duration timeout) {
        return target(address, new TcpProbeSpec(), timeout);
    }

    static CheckTarget http(ServerAddress address, Duration timeout) {
        return target(address, httpSpec("GET", "200-299"), timeout);
    }

    static HttpProbeSpec httpSpec(String method, String... ranges) {
        return new HttpProbeSpec(
                method,
                "/healthz?from=lb",
                Optional.empty(),
                List.of(ranges).stream().map(CheckBench::range).toList());
    }

    private static StatusRange range(String text) {
        int dash = text.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? text : text.substring(0, dash));
        return new StatusRange(first, dash < 0 ? first : Integer.parseInt(text.substring(dash + 1)));
    }

    /** One result decides; the next comes after a tenth of a second or after the time-out, whichever is longer. */
    static CheckTarget target(ServerAddress address, ProbeSpec probe, Duration timeout) {
        Duration interval = timeout.compareTo(CheckSpec.INTERVAL_MIN) < 0 ? CheckSpec.INTERVAL_MIN : timeout;
        return new CheckTarget(address, new CheckSpec(probe, interval, timeout, 1, 1));
    }

    HealthChecker checker() {
        return checker;
    }

    /** Checks {@code target} alone and returns its first verdict. */
    CheckResult firstResult(CheckTarget target) throws InterruptedException {
        checker.update(TargetChange.begin(Set.of(target)));
        Change change = nextChange();
        assertThat(change.target()).isEqualTo(target);
        return change.now().lastResult().orElseThrow();
    }

    Change nextChange() throws InterruptedException {
        Change change = changes.poll(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(change).as("change of health within %s", LONG).isNotNull();
        return Objects.requireNonNull(change);
    }

    @Override
    public void close() {
        checker.close();
    }
}
