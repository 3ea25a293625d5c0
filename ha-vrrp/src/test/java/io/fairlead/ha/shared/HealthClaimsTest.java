package io.fairlead.ha.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.shared.HealthClaim.Health;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HealthClaimsTest {

    private static final PeerId A = new PeerId("edge-a");
    private static final PeerId B = new PeerId("edge-b");
    private static final HealthClaim UP = new HealthClaim(Health.HEALTHY, 100, OptionalLong.empty());
    private static final HealthClaim DOWN = new HealthClaim(Health.UNHEALTHY, 200, OptionalLong.empty());
    private static final HealthClaim UNKNOWN = new HealthClaim(Health.UNKNOWN, 0, OptionalLong.empty());

    @Test
    void showsWhatEachPeerSaysAndWhatIsDisputed() {
        HealthClaims claims = HealthClaims.NONE
                .withAll(A, Map.of("web-1", UP, "web-2", UP, "web-3", DOWN))
                .withAll(B, Map.of("web-1", DOWN, "web-2", UNKNOWN));

        assertThat(claims.of("web-1")).isEqualTo(Map.of(A, UP, B, DOWN));
        assertThat(claims.disputed()).containsExactly("web-1");
    }

    @Test
    void aChangeLeavesTheRestAndAllReplacesAll() {
        HealthClaims claims = HealthClaims.NONE.withAll(A, Map.of("web-1", UP, "web-2", UP));

        assertThat(claims.withChanged(A, Map.of("web-1", DOWN)).of("web-2")).hasSize(1);
        assertThat(claims.withAll(A, Map.of("web-1", DOWN)).of("web-2")).isEmpty();
    }

    @Test
    void forgetsWhoHasLeft() {
        HealthClaims claims = HealthClaims.NONE.withAll(A, Map.of("web-1", UP)).withAll(B, Map.of("web-1", DOWN));

        assertThat(claims.only(Set.of(A)).of("web-1")).isEqualTo(Map.of(A, UP));
    }

    @Test
    void keepsNoMoreThanItsBound() {
        Map<String, HealthClaim> many = new HashMap<>();
        for (int i = 0; i < HealthClaims.SUBJECT_COUNT_MAX + 10; i++) {
            many.put("real-server-" + i, UP);
        }

        assertThat(HealthClaims.NONE.withAll(A, many).byPeer().get(A)).hasSize(HealthClaims.SUBJECT_COUNT_MAX);
    }

    @Test
    void agesTravelAndClocksDoNot() {
        var claim = new HealthClaim(Health.HEALTHY, 1_000, OptionalLong.of(3_000));
        byte[] bytes = SharedCodec.encode(new SharedMessage.Health(true, Map.of("web-1", claim)), 5_000);

        assertThat(SharedCodec.decode(bytes, 1_005_000))
                .contains(new SharedMessage.Health(
                        true, Map.of("web-1", new HealthClaim(Health.HEALTHY, 1_001_000, OptionalLong.of(1_003_000)))));
    }

    @Test
    void noiseIsNoMessage() {
        var random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            byte[] noise = new byte[random.nextInt(80)];
            random.nextBytes(noise);
            if (noise.length > 4) {
                noise[0] = (byte) 0xFA;
                noise[1] = 0x57;
                noise[2] = 1;
                noise[3] = (byte) (1 + random.nextInt(3));
            }
            var _ = SharedCodec.decode(noise, 0); // whatever it is, it does not throw
        }

        assertThat(SharedCodec.decode(new byte[0], 0)).isEmpty();
    }
}
