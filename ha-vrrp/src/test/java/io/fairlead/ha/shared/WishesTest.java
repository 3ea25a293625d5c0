package io.fairlead.ha.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.ha.shared.Wish.Service;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WishesTest {

    private static final int A = 1;
    private static final int B = 2;
    private static final String WEB = "web/web-1";
    private static final Wish DRAINED = wish(Service.DRAINED);
    private static final Wish DISABLED = wish(Service.DISABLED);
    private static final Wish ENABLED = wish(Service.ENABLED);

    private static final List<Service> SERVICES = List.of(Service.values());

    private static Wish wish(Service service) {
        return new Wish(service, OptionalInt.empty(), OptionalLong.empty());
    }

    private static Wish weight(int weight) {
        return new Wish(Service.ENABLED, OptionalInt.of(weight), OptionalLong.empty());
    }

    private static Wishes change(Wishes replica, int peer, Wish wish) {
        return replica.with(peer, 0, WEB, Optional.of(wish));
    }

    @Test
    void theLaterWishReplacesTheEarlierOne() {
        Wishes a = change(Wishes.NONE, A, DISABLED);
        Wishes b = change(Wishes.NONE.merge(a), B, weight(3));

        assertThat(a.merge(b).of(WEB)).contains(weight(3));
        assertThat(b.merge(a).of(WEB)).contains(weight(3));
    }

    @Test
    void aWithdrawnWishStaysAwayWhoeverStillHasIt() {
        Wishes a = change(Wishes.NONE, A, DRAINED);
        Wishes b = Wishes.NONE.merge(a).with(B, 0, WEB, Optional.empty());

        assertThat(a.merge(b).of(WEB)).isEmpty();
        assertThat(a.merge(b).wishes()).isEmpty();
    }

    @Test
    void theMoreCautiousWinsAConflict() {
        Wishes common = change(Wishes.NONE, A, ENABLED);
        Wishes a = change(change(common, A, DRAINED), A, ENABLED);
        Wishes b = change(common, B, DRAINED);
        Wishes c = change(common, 3, DISABLED);

        assertThat(a.merge(b).of(WEB)).contains(DRAINED);
        assertThat(a.merge(b).merge(c).of(WEB)).contains(DISABLED);
        assertThat(a.merge(b).merge(c).wishes().get(WEB)).hasSize(3);
    }

    @Test
    void aDrainWinsAgainstAWithdrawalThatDidNotKnowOfIt() {
        Wishes common = change(Wishes.NONE, A, DRAINED);
        Wishes withdrawn = common.with(A, 0, WEB, Optional.empty());
        Wishes again = change(common, B, DRAINED);

        assertThat(withdrawn.merge(again).of(WEB)).contains(DRAINED);
    }

    @Test
    void theSmallerWeightWinsAConflict() {
        Wishes a = change(Wishes.NONE, A, weight(7));
        Wishes b = change(Wishes.NONE, B, weight(3));

        assertThat(a.merge(b).of(WEB)).contains(weight(3));
    }

    @Test
    void aNewWishEndsAConflict() {
        Wishes both = change(Wishes.NONE, A, DRAINED).merge(change(Wishes.NONE, B, DISABLED));

        Wishes settled = change(both, A, ENABLED);

        assertThat(settled.merge(both).of(WEB)).contains(ENABLED);
        assertThat(settled.wishes().get(WEB)).hasSize(1);
    }

    @Test
    void aPeerThatLostItsMemoryGivesNoNameTwice() {
        Wishes before = Wishes.NONE.with(A, 1_000, WEB, Optional.of(DRAINED));
        Wishes others = Wishes.NONE.merge(before).with(B, 0, WEB, Optional.empty());

        Wishes reborn = Wishes.NONE.with(A, 2_000, WEB, Optional.of(DISABLED));

        assertThat(others.merge(reborn).of(WEB)).contains(DISABLED);
    }

    @Test
    void refusesAWishTooMany() {
        Wishes full = Wishes.NONE;
        var all = new TreeMap<String, List<Wishes.Dotted>>();
        for (int i = 0; i < Wishes.SUBJECT_COUNT_MAX; i++) {
            all.put("web/" + i, List.of(new Wishes.Dotted(new Dot(A, i + 1), DRAINED)));
        }
        Wishes many = full.merge(new Wishes(Map.of(A, 5_000L), all));

        assertThat(many.wishes()).hasSize(Wishes.SUBJECT_COUNT_MAX);
        assertThatThrownBy(() -> change(many, A, DRAINED)).hasMessage("wishes: 4096 already (expected: at most 4096)");
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void mergingIsCommutativeAssociativeAndIdempotent(long seed) {
        List<Wishes> replicas = histories(seed);
        Wishes a = replicas.get(0);
        Wishes b = replicas.get(1);
        Wishes c = replicas.get(2);

        assertThat(a.merge(b)).isEqualTo(b.merge(a));
        assertThat(a.merge(b).merge(c)).isEqualTo(a.merge(b.merge(c)));
        assertThat(a.merge(a)).isEqualTo(a);
        assertThat(a.merge(b).merge(b)).isEqualTo(a.merge(b));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void replicasThatHaveHeardAllAreEqualInWhateverOrder(long seed) {
        List<Wishes> replicas = histories(seed);
        Wishes expected = replicas.stream().reduce(Wishes.NONE, Wishes::merge);

        Collections.shuffle(replicas, new Random(seed));
        replicas.addAll(List.copyOf(replicas)); // each is heard twice

        assertThat(replicas.stream().reduce(Wishes.NONE, Wishes::merge)).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void bytesAndBackIsTheSame(long seed) {
        for (Wishes each : histories(seed)) {
            byte[] bytes = SharedCodec.encode(new SharedMessage.AllWishes(each), 0);

            assertThat(SharedCodec.decode(bytes, 0)).contains(new SharedMessage.AllWishes(each));
            byte[] cut = Arrays.copyOf(bytes, new Random(seed).nextInt(bytes.length));
            assertThat(SharedCodec.decode(cut, 0)).isEmpty();
        }
    }

    /** Four peers that change a few wishes and now and then hear of one another. */
    private static List<Wishes> histories(long seed) {
        var random = new Random(seed);
        List<Wishes> replicas = new ArrayList<>(Collections.nCopies(4, Wishes.NONE));
        for (int step = 0; step < 60; step++) {
            int peer = random.nextInt(4);
            Wishes own = replicas.get(peer);
            if (random.nextInt(3) == 0) {
                replicas.set(peer, own.merge(replicas.get(random.nextInt(4))));
            } else {
                String subject = "web/web-" + random.nextInt(5);
                Optional<Wish> wish = random.nextInt(4) == 0
                        ? Optional.empty()
                        : Optional.of(new Wish(
                                SERVICES.get(random.nextInt(SERVICES.size())),
                                random.nextBoolean() ? OptionalInt.of(random.nextInt(100)) : OptionalInt.empty(),
                                random.nextBoolean() ? OptionalLong.of(random.nextInt(60)) : OptionalLong.empty()));
                replicas.set(peer, own.with(peer + 1, random.nextInt(3) == 0 ? step * 10L : 0, subject, wish));
            }
        }
        return replicas;
    }
}
