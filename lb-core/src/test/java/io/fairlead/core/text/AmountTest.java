package io.fairlead.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AmountTest {

    @Test
    void ofOneIsInTheSingular() {
        assertThat(Amount.of(1, "real server")).isEqualTo("1 real server");
        assertThat(Amount.of(1, "address", "addresses")).isEqualTo("1 address");
    }

    @Test
    void ofNoneOrSeveralIsInThePlural() {
        assertThat(Amount.of(0, "real server")).isEqualTo("0 real servers");
        assertThat(Amount.of(2, "real server")).isEqualTo("2 real servers");
        assertThat(Amount.of(2, "address", "addresses")).isEqualTo("2 addresses");
    }
}
