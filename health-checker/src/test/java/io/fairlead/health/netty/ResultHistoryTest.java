package io.fairlead.health.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.FailureReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultHistoryTest {

    @Test
    void keepsTheLastResultsTheNewestFirst() {
        ResultHistory history = new ResultHistory();
        for (int i = 0; i < 2 * ResultHistory.LENGTH; i++) {
            history.add(new CheckResult.Passed(Duration.ofMillis(i), "status " + i), i);
        }
        history.add(new CheckResult.Failed(FailureReason.REFUSED, "connection refused", Duration.ofNanos(1500)), 99);

        List<PastResult> results = history.newestFirst();

        assertThat(results).hasSize(ResultHistory.LENGTH);
        assertThat(results.getFirst())
                .isEqualTo(
                        new PastResult(Instant.ofEpochMilli(99), false, "connection refused", Duration.ofNanos(1000)));
        assertThat(results.get(1))
                .isEqualTo(new PastResult(Instant.ofEpochMilli(15), true, "status 15", Duration.ofMillis(15)));
        assertThat(results.getLast().detail()).isEqualTo("status 9");
    }

    @Test
    void isEmptyBeforeTheFirst() {
        assertThat(new ResultHistory().newestFirst()).isEmpty();
    }

    @Test
    void lateIsWhatBeganMoreThanATenthOfASecondAfterItsTime() {
        CheckTally tally = new CheckTally();
        tally.begun(Duration.ofMillis(-1));
        tally.begun(Duration.ofMillis(100));
        tally.begun(Duration.ofMillis(100).plusNanos(1));
        tally.begun(Duration.ofMinutes(1));

        Lateness lateness = tally.read(0).lateness();

        assertThat(lateness.begun()).isEqualTo(4);
        assertThat(lateness.late()).isEqualTo(2);
        assertThat(lateness.counts().counts()).containsExactly(1L, 0L, 0L, 0L, 0L, 1L, 1L, 0L, 0L, 1L);
    }
}
