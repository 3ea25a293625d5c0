package io.fairlead.health.netty;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.CheckTarget;
import java.time.Duration;

/** Who has a probe made and hears of its end. Confined to the loop. */
interface Asker {

    CheckTarget target();

    MonotonicInstant now();

    /** Has {@code expiry} run after {@code timeout}, unless the probe ends before. Replaces what was arranged so earlier. */
    void expectWithin(Duration timeout, Runnable expiry);

    /** The open probe has ended, its channel is closed. */
    void ended(CheckResult result, MonotonicInstant now);
}
