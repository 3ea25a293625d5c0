package io.fairlead.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class OwnerLockTest {

    @Test
    void isHeldByOneAtATimeAndFreeAgainAfterwards() throws IOException {
        try (OwnerLock lock = OwnerLock.take()) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(OwnerLock::take)
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll("another appliance manages IPVS", "@fairlead-ipvs-owner");
        }
        OwnerLock.take().close();
    }
}
