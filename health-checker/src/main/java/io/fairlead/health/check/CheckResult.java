package io.fairlead.health.check;

import java.time.Duration;
import java.util.Optional;

/** What one probe found. */
public sealed interface CheckResult {

    /** Returns a phrase for the operator: {@code status 200}, {@code connection refused}, {@code no answer within 2 s}. */
    String detail();

    /** Returns the time from the start of the probe to its verdict; never the time it waited for its turn. */
    Duration elapsed();

    /** Returns for how much longer the certificate that was shown is valid, negative if it has expired; empty without one. */
    Optional<Duration> certificateValidFor();

    /** The real server answered as it should. */
    record Passed(Duration elapsed, String detail, Optional<Duration> certificateValidFor) implements CheckResult {

        public Passed(Duration elapsed, String detail) {
            this(elapsed, detail, Optional.empty());
        }
    }

    /** The real server did not answer as it should, or, if the reason says so, could not be asked. */
    record Failed(FailureReason reason, String detail, Duration elapsed, Optional<Duration> certificateValidFor)
            implements CheckResult {

        public Failed(FailureReason reason, String detail, Duration elapsed) {
            this(reason, detail, elapsed, Optional.empty());
        }
    }
}
