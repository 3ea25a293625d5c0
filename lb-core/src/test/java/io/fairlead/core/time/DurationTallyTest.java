package io.fairlead.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DurationTallyTest {

    private static final List<Duration> STEPS = List.of(Duration.ofMillis(1), Duration.ofMillis(10));

    @Test
    void countsByTheFirstStepThatIsLongEnough() {
        DurationTally tally = new DurationTally(STEPS);
        tally.add(Duration.ofMillis(-1));
        tally.add(Duration.ofMillis(1));
        tally.add(Duration.ofMillis(1).plusNanos(1));
        tally.add(Duration.ofSeconds(1));

        DurationCounts counts = tally.read();

        assertThat(counts.counts()).containsExactly(2L, 1L, 1L);
        assertThat(counts.count()).isEqualTo(4);
        assertThat(counts.longerThan(Duration.ofMillis(1))).isEqualTo(2);
        assertThat(counts.total()).isEqualTo(Duration.ofMillis(1002).plusNanos(1));
    }

    @Test
    void refusesCountsThatDoNotFitTheSteps() {
        assertThatThrownBy(() -> new DurationCounts(STEPS, List.of(1L), Duration.ZERO))
                .hasMessage("1 counts (expected: 3)");
    }
}
