package io.fairlead.conf;

import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.Scheduler;
import java.time.Duration;

/** What a virtual server takes where it says nothing itself. */
record Defaults(
        Scheduler scheduler,
        ForwardingMethod forwarding,
        HealthChecksReader.Level healthChecks,
        boolean inhibitOnFailure,
        Duration drainTimeout,
        Duration slowStart) {

    /** Returns the same with unhealthy real servers kept at weight 0. */
    Defaults inhibitingOnFailure() {
        return new Defaults(scheduler, forwarding, healthChecks, true, drainTimeout, slowStart);
    }
}
