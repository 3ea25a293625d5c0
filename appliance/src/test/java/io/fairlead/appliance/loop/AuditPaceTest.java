package io.fairlead.appliance.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AuditPaceTest {

    private static final Duration INTERVAL = Duration.ofSeconds(30);

    @Test
    void aQuickAuditComesAgainAfterTheInterval() {
        assertThat(AuditPace.pause(INTERVAL, Duration.ZERO)).isEqualTo(INTERVAL);
        assertThat(AuditPace.pause(INTERVAL, Duration.ofSeconds(3))).isEqualTo(INTERVAL);
    }

    @Test
    void aLongOneTakesATenthOfTheTimeAtMost() {
        assertThat(AuditPace.pause(INTERVAL, Duration.ofSeconds(8))).isEqualTo(Duration.ofSeconds(72));
    }
}
