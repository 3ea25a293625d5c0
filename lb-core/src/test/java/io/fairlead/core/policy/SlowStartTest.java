package io.fairlead.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlowStartTest {

    private static final MonotonicInstant SINCE = new MonotonicInstant(Long.MAX_VALUE - 7); // the clock may overflow

    private static int weight(int full, Duration duration, Duration elapsed) {
        return SlowStart.weight(full, duration, SINCE, SINCE.plus(elapsed));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "14, 1", "15, 2", "29, 2", "30, 3", "999, 3"})
    void holdsEachSmallWeightEquallyLong(int seconds, int expected) {
        assertThat(weight(3, Duration.ofSeconds(30), Duration.ofSeconds(seconds)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 5", "10, 50", "19, 95", "20, 100"})
    void growsInTwentySteps(int seconds, int expected) {
        assertThat(weight(100, Duration.ofSeconds(20), Duration.ofSeconds(seconds)))
                .isEqualTo(expected);
    }

    @Test
    void leavesAWeightOfOneAlone() {
        assertThat(weight(1, Duration.ofSeconds(30), Duration.ZERO)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void wakesForEveryStepAndIsNeverZeroNorMoreThanFull(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            int full = random.nextBoolean() ? random.nextInt(1, 40) : random.nextInt(1, 65536);
            Duration duration = Duration.ofNanos(random.nextLong(1, 3_600_000_000_000L));
            List<Integer> weights = new ArrayList<>();
            MonotonicInstant now = SINCE;
            while (!SlowStart.isOver(duration, SINCE, now)) {
                weights.add(SlowStart.weight(full, duration, SINCE, now));
                MonotonicInstant next = SlowStart.nextStepAt(full, duration, SINCE, now);
                assertThat(now.isBefore(next)).isTrue();
                now = next;
            }
            weights.add(SlowStart.weight(full, duration, SINCE, now));

            assertThat(weights).as("seed %s, full %s, %s", seed, full, duration).isSorted();
            assertThat(weights.getFirst()).isEqualTo(1);
            assertThat(weights.getLast()).isEqualTo(full);
            assertThat(weights).hasSizeLessThanOrEqualTo(SlowStart.STEPS_MAX + 1);
        }
    }
}
