package io.fairlead.health.check;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** What one probe found. */
public sealed interface CheckResult {

    /** Returns a phrase for the operator: {@code status 200}, {@code connection refused}, {@code no answer within 2 s}. */
    String detail();

    /** Returns the time from the start of the probe to its verdict; never the time it waited for its turn. */
    Duration elapsed();

    /** Returns when the certificate that was shown expires, or has expired; empty without one. */
    Optional<Instant> certificateExpires();

    /**
     * The real server answered as it should.
     *
     * @param weight what the answer asks for in place of the configured weight, 0..65535; only of scripts and files
     */
    record Passed(Duration elapsed, String detail, Optional<Instant> certificateExpires, OptionalInt weight)
            implements CheckResult {

        public Passed(Duration elapsed, String detail) {
            this(elapsed, detail, Optional.empty(), OptionalInt.empty());
        }

        /** A pass that says nothing of the weight. */
        public Passed(Duration elapsed, String detail, Optional<Instant> certificateExpires) {
            this(elapsed, detail, certificateExpires, OptionalInt.empty());
        }

        /** A pass without a certificate. */
        public Passed(Duration elapsed, String detail, OptionalInt weight) {
            this(elapsed, detail, Optional.empty(), weight);
        }
    }

    /** The real server did not answer as it should, or, if the reason says so, could not be asked. */
    record Failed(FailureReason reason, String detail, Duration elapsed, Optional<Instant> certificateExpires)
            implements CheckResult {

        public Failed(FailureReason reason, String detail, Duration elapsed) {
            this(reason, detail, elapsed, Optional.empty());
        }
    }
}
