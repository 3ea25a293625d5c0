package io.fairlead.ha.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayWindowTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithASetThatForgetsNothing(long seed) {
        var random = new Random(seed);
        var window = new ReplayWindow();
        Set<Long> seen = new HashSet<>();
        long highest = -1;
        long centre = 0;
        for (int i = 0; i < 20_000; i++) {
            centre += random.nextInt(100) == 0 ? random.nextInt(5000) : random.nextInt(3);
            long counter = Math.max(0, centre - random.nextInt(1500));

            boolean expected = !seen.contains(counter) && counter > highest - ReplayWindow.SIZE;
            assertThat(window.isFresh(counter))
                    .as("step %d, counter %d", i, counter)
                    .isEqualTo(expected);
            if (expected) {
                window.mark(counter);
                seen.add(counter);
                highest = Math.max(highest, counter);
            }
        }
    }

    @Test
    void refusesNegativeCountersAndTakesTheLargest() {
        var window = new ReplayWindow();

        assertThat(window.isFresh(-1)).isFalse();
        assertThat(window.isFresh(Long.MAX_VALUE)).isTrue();
        window.mark(Long.MAX_VALUE);
        assertThat(window.isFresh(Long.MAX_VALUE)).isFalse();
        assertThat(window.isFresh(Long.MAX_VALUE - 1)).isTrue();
        assertThat(window.isFresh(0)).isFalse();
    }
}
