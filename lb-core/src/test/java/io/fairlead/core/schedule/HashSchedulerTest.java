package io.fairlead.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.ServerAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What follows from how the schedulers are made; that the kernel does the same is shown in the lab. */
class HashSchedulerTest {

    private static final IpAddress VIP = IpAddress.parse("192.0.2.10");
    private static final int CLIENTS = 2_000;

    private static Candidate candidate(int number, int weight, int lastWeight) {
        return new Candidate(
                new RealServerKey(ServerAddress.parse("198.51.100." + number + ":80")), weight, lastWeight, false);
    }

    private static List<Candidate> pool(int... weights) {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            candidates.add(candidate(i + 1, weights[i], weights[i]));
        }
        return candidates;
    }

    private static IpAddress client(int number) {
        return new IpAddress(IpFamily.IPV4, 0, 0xcb007100L + number * 7919L);
    }

    /** How many of the clients each gets; under -1 how many are turned away. */
    private static Map<Integer, Integer> shares(HashScheduler scheduler, List<Candidate> candidates) {
        Map<Integer, Integer> shares = new HashMap<>();
        for (int i = 0; i < CLIENTS; i++) {
            Optional<Candidate> chosen = scheduler.choose(client(i), 1024 + i, VIP);
            shares.merge(chosen.map(candidates::indexOf).orElse(-1), 1, Integer::sum);
        }
        return shares;
    }

    private static HashScheduler maglev(List<Candidate> candidates, boolean fallback) {
        return new MaglevHashing(IpFamily.IPV4, candidates, false, fallback, MaglevTable.slots(12));
    }

    @Test
    void sharesFollowTheWeights() {
        List<Candidate> candidates = pool(1, 3);
        for (HashScheduler scheduler :
                List.of(maglev(candidates, false), new SourceHashing(IpFamily.IPV4, candidates, false, false))) {
            assertThat(shares(scheduler, candidates).get(1)).isBetween(CLIENTS * 65 / 100, CLIENTS * 85 / 100);
        }
    }

    @Test
    void aDrainedOneTurnsItsClientsAwayUnlessToldToLookFurther() {
        List<Candidate> candidates = List.of(candidate(1, 5, 5), candidate(2, 0, 5));

        assertThat(shares(maglev(candidates, false), candidates))
                .containsKeys(0, -1)
                .doesNotContainKey(1);
        assertThat(shares(maglev(candidates, true), candidates)).containsOnlyKeys(0);
        assertThat(shares(new SourceHashing(IpFamily.IPV4, candidates, false, false), candidates))
                .containsKeys(0, -1)
                .doesNotContainKey(1);
        assertThat(shares(new SourceHashing(IpFamily.IPV4, candidates, false, true), candidates))
                .containsOnlyKeys(0);
    }

    @Test
    void maglevMovesFewClientsWhenOneIsAdded() {
        HashScheduler before = maglev(pool(1, 1, 1, 1), false);
        HashScheduler after = maglev(pool(1, 1, 1, 1, 1), false);
        int moved = 0;
        for (int i = 0; i < CLIENTS; i++) {
            if (!before.choose(client(i), 0, VIP).equals(after.choose(client(i), 0, VIP))) {
                moved++;
            }
        }

        assertThat(moved).isLessThan(CLIENTS * 35 / 100);
    }

    @Test
    void destinationHashingIsTheSameForEverybody() {
        List<Candidate> candidates = pool(1, 1, 1);

        assertThat(shares(new DestinationHashing(IpFamily.IPV4, candidates), candidates))
                .hasSize(1);
    }

    @Test
    void nobodyIsChosenFromNobody() {
        for (HashScheduler scheduler : List.of(
                maglev(List.of(), true),
                maglev(pool(0, 0), true),
                new SourceHashing(IpFamily.IPV4, List.of(), false, true),
                new SourceHashing(IpFamily.IPV4, pool(0, 0), false, true),
                new DestinationHashing(IpFamily.IPV4, List.of()))) {
            assertThat(scheduler.choose(client(1), 0, VIP)).isEmpty();
        }
    }
}
