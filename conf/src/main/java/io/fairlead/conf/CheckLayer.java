package io.fairlead.conf;

import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.ProbeSpec;
import io.fairlead.health.check.ProbeSpec.StatusRange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What one level says of the health check; the levels are laid over each other key by key. */
record CheckLayer(
        Optional<String> type,
        Optional<Duration> interval,
        Optional<Duration> timeout,
        Optional<Integer> rise,
        Optional<Integer> fall,
        Optional<String> method,
        Optional<String> path,
        Optional<String> host,
        Optional<List<StatusRange>> expectStatus) {

    static final CheckLayer EMPTY = new CheckLayer(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    private static final List<StatusRange> SUCCESS = List.of(new StatusRange(200, 299));

    /** Returns this level over {@code base}. */
    CheckLayer over(CheckLayer base) {
        return new CheckLayer(
                type.or(base::type),
                interval.or(base::interval),
                timeout.or(base::timeout),
                rise.or(base::rise),
                fall.or(base::fall),
                method.or(base::method),
                path.or(base::path),
                host.or(base::host),
                expectStatus.or(base::expectStatus));
    }

    /** Returns the check, or empty if the timeout is longer than the interval. Only for a layer over the defaults. */
    Optional<CheckSpec> spec() {
        Duration every = interval.orElseThrow();
        Duration within = timeout.orElseThrow();
        if (within.compareTo(every) > 0) {
            return Optional.empty();
        }
        return Optional.of(new CheckSpec(probe(), every, within, rise.orElseThrow(), fall.orElseThrow()));
    }

    private ProbeSpec probe() {
        return switch (type.orElseThrow()) {
            case HealthCheckReader.NONE -> new ProbeSpec.None();
            case HealthCheckReader.TCP -> new ProbeSpec.Tcp();
            case HealthCheckReader.HTTP ->
                new ProbeSpec.Http(method.orElse("GET"), path.orElse("/"), host, expectStatus.orElse(SUCCESS));
            default -> throw new IllegalStateException("health check of type " + type);
        };
    }
}
