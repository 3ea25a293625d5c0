package io.fairlead.health.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.FailureReason;

/** Claims about results. */
final class Results {

    private Results() {}

    static void assertFailed(CheckResult result, FailureReason reason, String detail) {
        assertThat(result).isInstanceOfSatisfying(CheckResult.Failed.class, failed -> {
            assertThat(failed.detail()).isEqualTo(detail);
            assertThat(failed.reason()).isEqualTo(reason);
            assertThat(failed.elapsed()).isPositive();
        });
    }

    static void assertPassed(CheckResult result, String detail) {
        assertThat(result)
                .isInstanceOfSatisfying(
                        CheckResult.Passed.class,
                        passed -> assertThat(passed.detail()).isEqualTo(detail));
    }
}
