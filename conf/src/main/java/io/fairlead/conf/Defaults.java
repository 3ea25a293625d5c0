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
        Duration slowStart) {}
