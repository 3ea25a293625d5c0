package io.fairlead.health.netty;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.FailureReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that this host cannot ask, at most once in ten seconds: it changes no health, so nobody else would, and it comes to all
 * targets at once. Confined to the loop.
 */
final class OwnFaultLog {

    private static final Logger log = LoggerFactory.getLogger(OwnFaultLog.class);
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private long unsaid;
    private @Nullable MonotonicInstant saidAt;

    void note(CheckTarget target, CheckResult result, MonotonicInstant now) {
        if (!(result instanceof CheckResult.Failed failed) || failed.reason() != FailureReason.OWN_FAULT) {
            return;
        }
        MonotonicInstant last = saidAt;
        if (last != null && now.since(last).compareTo(SILENCE) < 0) {
            unsaid++;
            return;
        }
        log.warn("health check {} was {} ({} more like it since the last time)", target, failed.detail(), unsaid);
        saidAt = now;
        unsaid = 0;
    }
}
