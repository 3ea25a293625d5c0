package io.fairlead.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {

    private static final List<String> KEYS = List.of("port", "protocol", "persistence", "real-servers");

    @Test
    void findsSwappedMissingAndWrongLetters() {
        assertThat(Spelling.closest("prot", KEYS)).contains("port");
        assertThat(Spelling.closest("protcol", KEYS)).contains("protocol");
        assertThat(Spelling.closest("persistance", KEYS)).contains("persistence");
        assertThat(Spelling.closest("realservers", KEYS)).contains("real-servers");
    }

    @Test
    void saysNothingRatherThanSomethingFarFetched() {
        assertThat(Spelling.closest("colour", KEYS)).isEmpty();
        assertThat(Spelling.closest("p".repeat(1000), KEYS)).isEmpty();
    }
}
