package io.fairlead.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.policy.RemovalGuard.Removal;
import org.junit.jupiter.api.Test;

class RemovalGuardTest {

    private static final RemovalGuard HALF = new RemovalGuard(50, 50);

    @Test
    void letsAShareUpToTheLimitPass() {
        assertThat(HALF.objections(new Removal(1, 2), new Removal(5, 10))).isEmpty();
        assertThat(HALF.objections(new Removal(0, 0), new Removal(0, 0))).isEmpty();
    }

    @Test
    void objectsToMoreOfEither() {
        assertThat(HALF.objections(new Removal(2, 3), new Removal(6, 10)))
                .containsExactly(
                        "would remove 2 of 3 virtual servers at once (expected: at most 50 % unless forced)",
                        "would remove 6 of 10 real servers at once (expected: at most 50 % unless forced)");
    }

    @Test
    void letsEverythingPassWhenItIsOff() {
        assertThat(RemovalGuard.OFF.objections(new Removal(9, 9), new Removal(9, 9)))
                .isEmpty();
    }

    @Test
    void canForbidEveryRemoval() {
        assertThat(new RemovalGuard(0, 0).objections(new Removal(1, 1000), new Removal(0, 9)))
                .hasSize(1);
    }
}
