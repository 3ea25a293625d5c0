package io.fairlead.core.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.core.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnnouncementStateTest {

    private static final MonotonicInstant START = new MonotonicInstant(Long.MAX_VALUE - 5); // overflows on the way
    private static final AnnouncementSpec TWICE =
            new AnnouncementSpec(List.of(Duration.ofSeconds(1), Duration.ofSeconds(3)), Optional.empty());
    private static final AnnouncementSpec REFRESHED =
            new AnnouncementSpec(List.of(Duration.ofSeconds(1)), Optional.of(Duration.ofSeconds(60)));

    private static MonotonicInstant at(double seconds) {
        return START.plus(Duration.ofMillis((long) (seconds * 1000)));
    }

    /** Looks every tenth of a second; returns when it sent. */
    private static List<Long> times(AnnouncementSpec spec, Duration until) {
        AnnouncementState state = AnnouncementState.begun(START);
        List<Long> times = new ArrayList<>();
        for (Duration passed = Duration.ZERO; passed.compareTo(until) <= 0; passed = passed.plusMillis(100)) {
            MonotonicInstant now = START.plus(passed);
            if (state.isDue(now)) {
                times.add(passed.toMillis());
                state = state.sent(spec, now);
            }
        }
        return times;
    }

    @Test
    void announcesAtOnceAndAtEachRepeat() {
        assertThat(times(TWICE, Duration.ofMinutes(5))).containsExactly(0L, 1_000L, 3_000L);
        assertThat(times(AnnouncementSpec.DEFAULT, Duration.ofMinutes(5)))
                .containsExactly(0L, 100L, 500L, 1_000L, 2_000L, 5_000L);
    }

    @Test
    void refreshesForEver() {
        assertThat(times(REFRESHED, Duration.ofSeconds(150))).containsExactly(0L, 1_000L, 61_000L, 121_000L);
    }

    @Test
    void isNotDueBeforeItsTime() {
        AnnouncementState state = AnnouncementState.begun(START).sent(TWICE, at(0.01));

        assertThat(state.isDue(at(0.999))).isFalse();
        assertThat(state.isDue(at(1))).isTrue();
    }

    @Test
    void aStallEndsInOneAnnouncementAndNotInABurst() {
        AnnouncementState state = AnnouncementState.begun(START).sent(AnnouncementSpec.DEFAULT, START);

        state = state.sent(AnnouncementSpec.DEFAULT, at(1.5));
        assertThat(state.next()).contains(at(2));
        state = state.sent(AnnouncementSpec.DEFAULT, at(100));
        assertThat(state.next()).isEmpty();
    }

    @Test
    void refusesRepeatsThatDoNotRise() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() ->
                        new AnnouncementSpec(List.of(Duration.ofSeconds(2), Duration.ofSeconds(2)), Optional.empty()))
                .withMessageContaining("expected: rising");
    }
}
