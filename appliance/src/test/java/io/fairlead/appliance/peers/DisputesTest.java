package io.fairlead.appliance.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DisputesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static Disputes after(Disputes before, long seconds, String... disputed) {
        return before.next(
                new TreeSet<>(List.of(disputed)),
                _ -> PATIENCE,
                Duration.ofSeconds(seconds).toNanos());
    }

    @Test
    void countsOnceItHasLasted() {
        Disputes begun = after(Disputes.NONE, 10, "web/web-1");
        Disputes waiting = after(begun, 12, "web/web-1");
        Disputes lasting = after(waiting, 13, "web/web-1");

        assertThat(begun.lasting()).isEmpty();
        assertThat(begun.isWaiting()).isTrue();
        assertThat(waiting.lasting()).isEmpty();
        assertThat(lasting.lasting()).containsExactly("web/web-1");
        assertThat(lasting.isWaiting()).isFalse();
        assertThat(lasting.begunSince(waiting)).containsExactly("web/web-1");
        assertThat(after(lasting, 14, "web/web-1").begunSince(lasting)).isEmpty();
    }

    @Test
    void oneThatEndsInTimeIsNone() {
        Disputes begun = after(Disputes.NONE, 10, "web/web-1");
        Disputes over = after(begun, 11);
        Disputes again = after(over, 13, "web/web-1");

        assertThat(over.endedSince(begun)).isEmpty();
        assertThat(again.lasting()).isEmpty();
    }

    @Test
    void itsEndIsTold() {
        Disputes lasting = after(after(Disputes.NONE, 10, "web/web-1", "web/web-2"), 13, "web/web-1", "web/web-2");

        assertThat(after(lasting, 14, "web/web-2").endedSince(lasting)).containsExactly("web/web-1");
    }
}
