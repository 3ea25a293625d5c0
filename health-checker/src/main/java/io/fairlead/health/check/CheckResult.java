package io.fairlead.health.check;

import java.time.Duration;

/** What one probe found. */
public sealed interface CheckResult {

    /** Returns a phrase for the operator: {@code status 200}, {@code connection refused}, {@code no answer within 2 s}. */
    String detail();

    /** Returns the time from the start of the probe to its verdict; never the time it waited for its turn. */
    Duration elapsed();

    /** The real server answered as it should. */
    record Passed(Duration elapsed, String detail) implements CheckResult {}

    /** The real server did not answer as it should, or, if the reason says so, could not be asked. */
    record Failed(FailureReason reason, String detail, Duration elapsed) implements CheckResult {}
}
