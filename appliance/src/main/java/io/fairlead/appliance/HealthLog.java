package io.fairlead.appliance;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.HealthState;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each change of health, but no more than a reader can take: ten thousand real servers that come up or go down
 * at once say so in a hundred lines and a count. Used by the thread of the checks.
 */
final class HealthLog {

    private static final Logger LOG = LoggerFactory.getLogger(HealthLog.class);
    private static final int LINES_MAX = 100;
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private MonotonicInstant windowEnd;
    private int lines;
    private int unwritten;

    HealthLog(MonotonicInstant now) {
        this.windowEnd = now.plus(WINDOW);
    }

    private static String weight(HealthState state) {
        return state.weight().isPresent() ? Integer.toString(state.weight().getAsInt()) : "configured";
    }

    void changed(CheckTarget target, HealthState before, HealthState after, MonotonicInstant now) {
        if (!now.isBefore(windowEnd)) {
            if (unwritten > 0) {
                LOG.info(
                        "Real servers changed their health, not named one by one count={} within={}",
                        unwritten,
                        WINDOW);
            }
            windowEnd = now.plus(WINDOW);
            lines = 0;
            unwritten = 0;
        }
        if (lines == LINES_MAX) {
            unwritten++;
            return;
        }
        lines++;
        if (before.health() == after.health()) {
            LOG.info(
                    "Real server asks for another weight target=\"{}\" weight={} from={}",
                    target,
                    weight(after),
                    weight(before));
            return;
        }
        LOG.info(
                "Real server became {} target=\"{}\" from={} cause=\"{}\"",
                after.health(),
                target,
                before.health(),
                after.lastResult().map(CheckResult::detail).orElse("not checked"));
    }
}
