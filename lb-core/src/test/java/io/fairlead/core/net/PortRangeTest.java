package io.fairlead.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortRangeTest {

    @Test
    void readsAPortAndARange() {
        assertThat(PortRange.parse("80")).isEqualTo(PortRange.single(80)).hasToString("80");
        assertThat(PortRange.parse("8000-8099"))
                .isEqualTo(new PortRange(8000, 8099))
                .hasToString("8000-8099");
        assertThat(PortRange.parse("7-7").isSingle()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "65536", "080", "80-", "-80", "90-80", "80 - 90", "http", "1-99999", "99999999999"})
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> PortRange.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    @Test
    void overlapsWhereAPortIsInBoth() {
        PortRange range = new PortRange(80, 90);

        assertThat(range.overlaps(PortRange.single(80))).isTrue();
        assertThat(range.overlaps(PortRange.single(90))).isTrue();
        assertThat(range.overlaps(new PortRange(1, 65535))).isTrue();
        assertThat(range.overlaps(PortRange.single(79))).isFalse();
        assertThat(range.overlaps(new PortRange(91, 95))).isFalse();
    }
}
