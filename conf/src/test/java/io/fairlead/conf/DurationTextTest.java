package io.fairlead.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "5s,PT5S",
        "500ms,PT0.5S",
        "1.5 minutes,PT1M30S",
        "2h,PT2H",
        "1 day,PT24H",
        "10us,PT0.00001S",
        "7 ns,PT0.000000007S"
    })
    void readsHoconUnits(String text, Duration expected) {
        assertThat(DurationText.parse(text)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "5", "-5s", "5 parsecs", "1..5s", ".s", "99999999999999999999d", "5s5s"})
    void readsNothingElse(String text) {
        assertThat(DurationText.parse(text)).isEmpty();
    }

    @Test
    void writesTheLargestUnitThatDivides() {
        assertThat(DurationText.of(Duration.ofSeconds(90))).isEqualTo("90s");
        assertThat(DurationText.of(Duration.ofHours(2))).isEqualTo("2h");
        assertThat(DurationText.of(Duration.ZERO)).isEqualTo("0s");
        assertThat(DurationText.of(Duration.ofNanos(1))).isEqualTo("1ns");
    }
}
