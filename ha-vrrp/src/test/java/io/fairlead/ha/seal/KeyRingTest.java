package io.fairlead.ha.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {

    private static final String ONE = ClusterKey.generate(new Random(1));
    private static final String TWO = ClusterKey.generate(new Random(2));

    @Test
    void sendsWithTheFirstKeyOfAFileAndKnowsAll() {
        KeyRing ring = KeyRing.parse("# since May\n" + ONE + "\n\n  " + TWO + "  \n");

        assertThat(ring.sending()).hasToString(KeyRing.parse(ONE).sending().toString());
        assertThat(ring.keys()).hasSize(2);
    }

    @Test
    void makesAnotherKeyEachTime() {
        var random = new SecureRandom();

        assertThat(ClusterKey.generate(random)).hasSize(44).isNotEqualTo(ClusterKey.generate(random));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "secret", "AAAA", "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldCE=x"})
    void refusesWhatIsNoKeyWithoutQuotingIt(String text) {
        assertThatThrownBy(() -> KeyRing.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("44 characters")
                .hasMessageNotContaining("c2VjcmV0")
                .hasMessageNotContaining("secret");
    }

    @Test
    void refusesAKeyThatStandsTwiceAndMoreThanFour() {
        assertThatThrownBy(() -> KeyRing.parse(ONE + "\n" + ONE)).hasMessageContaining("one of them twice");
        StringBuilder five = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            five.append(ClusterKey.generate(new Random(i))).append('\n');
        }
        assertThatThrownBy(() -> KeyRing.parse(five.toString())).hasMessage("keys: 5 (expected: 1..4)");
    }

    @Test
    void showsNoSecretInAnyText() {
        KeyRing ring = KeyRing.parse(ONE);

        assertThat(ring.toString()).doesNotContain(ONE.substring(0, 8));
    }
}
