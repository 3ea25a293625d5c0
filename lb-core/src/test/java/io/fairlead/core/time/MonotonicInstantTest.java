package io.fairlead.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MonotonicInstantTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1_000, Long.MAX_VALUE, Long.MAX_VALUE - 10, Long.MIN_VALUE})
    void orderSurvivesTheOverflowOfTheClock(long nanos) {
        MonotonicInstant earlier = new MonotonicInstant(nanos);
        MonotonicInstant later = earlier.plus(SECOND);

        assertThat(earlier.isBefore(later)).isTrue();
        assertThat(later.isBefore(earlier)).isFalse();
        assertThat(earlier.isBefore(earlier)).isFalse();
        assertThat(earlier).isLessThan(later);
        assertThat(later).isGreaterThan(earlier);
        assertThat(later).isEqualByComparingTo(new MonotonicInstant(nanos + SECOND.toNanos()));
        assertThat(later.since(earlier)).isEqualTo(SECOND);
        assertThat(earlier.since(later)).isEqualTo(SECOND.negated());
        assertThat(later.plus(SECOND.negated())).isEqualTo(earlier);
    }

    @Test
    void theTickerOfTheProcessNeverGoesBack() {
        Ticker ticker = Ticker.system();
        MonotonicInstant before = ticker.now();

        for (int i = 0; i < 1_000; i++) {
            MonotonicInstant now = ticker.now();
            assertThat(now.isBefore(before)).isFalse();
            before = now;
        }
    }
}
