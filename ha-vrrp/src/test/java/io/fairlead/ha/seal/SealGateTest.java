package io.fairlead.ha.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.ha.seal.Verdict.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealGateTest {

    private static final long NOW = 5_000_000_000L;
    private static final long LATER = NOW + 2_000_000_000L;
    private static final String OLD = ClusterKey.generate(new Random(1));
    private static final String NEW = ClusterKey.generate(new Random(2));
    private static final KeyRing RING = KeyRing.parse(OLD);

    private final SealedNode a = SealedNode.of("edge-a", 1, RING, "edge-b", "edge-c");
    private final SealedNode b = SealedNode.of("edge-b", 2, RING, "edge-a", "edge-c");

    @Nested
    class OfAProvenBoot {

        private final Verdict proven = b.accept(a, NOW);

        @Test
        void deliversWhatWasSealed() {
            assertThat(proven).isInstanceOf(Verdict.Proven.class);
            assertThat(b.gate.isProven(a.id)).isTrue();

            assertThat(b.receive(a.hello(b, "I live"), NOW)).isEqualTo(new Verdict.Content(a.id, 1, SealKind.HELLO));
            assertThat(b.text()).isEqualTo("I live");
        }

        @Test
        void deliversEachDatagramOnceInWhateverOrder() {
            byte[] first = a.hello(b, "first");
            byte[] second = a.hello(b, "second");

            assertThat(b.receive(second, NOW)).isInstanceOf(Verdict.Content.class);
            assertThat(b.receive(first, NOW)).isInstanceOf(Verdict.Content.class);
            assertRefused(first, Reason.REPLAYED);
            assertRefused(second, Reason.REPLAYED);
        }

        @Test
        void refusesWhatLagsTooFarBehind() {
            byte[] late = a.hello(b, "late");
            for (int i = 0; i < ReplayWindow.SIZE; i++) {
                b.receive(a.hello(b, "in time"), NOW);
            }

            assertRefused(late, Reason.REPLAYED);
        }

        @Test
        void refusesEveryChangedBit() {
            byte[] sealed = a.hello(b, "weight 0");
            for (int bit = 0; bit < sealed.length * 8; bit++) {
                byte[] changed = sealed.clone();
                changed[bit / 8] ^= (byte) (1 << bit % 8);
                assertThat(b.receive(changed, NOW)).as("bit %d", bit).isInstanceOf(Verdict.Refused.class);
            }

            assertThat(b.receive(sealed, NOW)).as("itself, after all that").isInstanceOf(Verdict.Content.class);
        }

        @Test
        void refusesEveryLengthButItsOwn() {
            byte[] sealed = a.hello(b, "I live");
            for (int length = 0; length < sealed.length; length++) {
                assertThat(b.receive(Arrays.copyOf(sealed, length), NOW))
                        .as("%d bytes", length)
                        .isInstanceOf(Verdict.Refused.class);
            }
            assertRefused(Arrays.copyOf(sealed, sealed.length + 1), Reason.FORGED);

            assertThat(b.receive(sealed, NOW)).isInstanceOf(Verdict.Content.class);
        }

        @Test
        void refusesAProofThatNobodyAskedFor() {
            byte[] proof = a.proof(b, a.receive(b.challenge(a, LATER), LATER));

            assertRefused(proof, Reason.NOT_ASKED);
        }

        @Test
        void answersAChallengeWithoutAskingBack() {
            a.accept(b, NOW);

            assertThat(b.receive(a.challenge(b, LATER), LATER))
                    .isInstanceOfSatisfying(
                            Verdict.Challenged.class,
                            challenged -> assertThat(challenged.known()).isTrue());
        }

        @Test
        void isLeftByAGoodbye() {
            assertThat(b.receive(a.seal(SealKind.GOODBYE, 0, ByteBuffer.allocate(0)), NOW))
                    .isEqualTo(new Verdict.Content(a.id, 1, SealKind.GOODBYE));
        }
    }

    @Nested
    class OfAnotherBoot {

        private final SealedNode restarted = SealedNode.of("edge-a", 3, RING, "edge-b");

        @Test
        void challengesWhoHasProvenNothing() {
            assertThat(b.receive(a.hello(b, "I live"), NOW)).isEqualTo(new Verdict.Doubted(a.id));
            assertThat(b.gate.isProven(a.id)).isFalse();
        }

        @Test
        void challengesNoFasterThanEvery20Milliseconds() {
            b.receive(a.hello(b, "1"), NOW);

            assertRefused(a.hello(b, "2"), Reason.UNPROVEN);
            assertThat(b.receive(a.hello(b, "3"), NOW + 20_000_000)).isInstanceOf(Verdict.Doubted.class);
        }

        @Test
        void believesTheNewBootAndNoMoreTheOldOne() {
            b.accept(a, NOW);
            byte[] recorded = a.hello(b, "of yesterday");

            b.accept(restarted, LATER);

            assertThat(b.receive(restarted.hello(b, "back"), LATER)).isInstanceOf(Verdict.Content.class);
            assertRefused(recorded, Reason.STALE);
            assertRefused(a.challenge(b, LATER), Reason.STALE);
        }

        @Test
        void takesTheRecordedProofOfAnEarlierBootForNothing() {
            byte[] recorded = a.proof(b, a.receive(b.challenge(a, NOW), NOW));
            b.accept(restarted, NOW);

            assertRefused(recorded, Reason.NOT_ASKED);
            assertThat(b.receive(restarted.hello(b, "still here"), NOW)).isInstanceOf(Verdict.Content.class);
        }

        @Test
        void takesAnAnswerThatCameTooLateForNothing() {
            byte[] proof = a.proof(b, a.receive(b.challenge(a, NOW), NOW));

            assertThat(b.receive(proof, NOW + Question.LIFETIME_NANOS + 1))
                    .isEqualTo(new Verdict.Refused(Reason.NOT_ASKED));
        }

        @Test
        void keepsThePresentBootUntilTheNewOneIsProven() {
            b.accept(a, NOW);

            b.receive(restarted.hello(b, "perhaps a replay"), NOW);

            assertThat(b.receive(a.hello(b, "I live"), NOW)).isInstanceOf(Verdict.Content.class);
        }

        @Test
        void asksBackWhenItIsChallenged() {
            assertThat(b.receive(a.challenge(b, NOW), NOW))
                    .isInstanceOfSatisfying(
                            Verdict.Challenged.class,
                            challenged -> assertThat(challenged.known()).isFalse());
        }
    }

    @Nested
    class OfSomebodyElse {

        @Test
        void refusesAnotherCluster() {
            SealedNode other = SealedNode.inCluster("core", "edge-a", RING, "edge-b");

            assertRefused(other.hello(b, "I live"), Reason.CLUSTER);
        }

        @Test
        void refusesAnotherKey() {
            SealedNode other = SealedNode.of("edge-a", 1, KeyRing.parse(NEW), "edge-b");

            assertRefused(other.hello(b, "I live"), Reason.KEY);
        }

        @Test
        void refusesWhoIsNotConfigured() {
            SealedNode stranger = SealedNode.of("edge-x", 1, RING, "edge-b");

            assertRefused(stranger.hello(b, "I live"), Reason.UNKNOWN_PEER);
            assertRefused(stranger.challenge(b, NOW), Reason.UNKNOWN_PEER);
        }

        @Test
        void refusesWhatWasMeantForAnother() {
            SealedNode c = SealedNode.of("edge-c", 4, RING, "edge-a", "edge-b");
            c.accept(a, NOW);

            assertThat(c.receive(a.hello(b, "hand over"), NOW)).isEqualTo(new Verdict.Refused(Reason.NOT_FOR_US));
        }

        @Test
        void refusesItsOwnReflection() {
            assertRefused(b.seal(SealKind.HELLO, 0, ByteBuffer.allocate(3)), Reason.OWN);
        }

        @Test
        void namesAnotherApplianceOfItsOwnName() {
            SealedNode twin = SealedNode.of("edge-b", 77, RING, "edge-a");

            assertRefused(twin.seal(SealKind.HELLO, 0, ByteBuffer.allocate(3)), Reason.SAME_NAME);
        }

        @Test
        void refusesAnIntroductionThatCannotBeRead() {
            ByteBuffer tooShort = ByteBuffer.allocate(7);

            assertRefused(a.seal(SealKind.CHALLENGE, 0, tooShort), Reason.MALFORMED);
        }

        @Test
        void refusesAnIntroductionUnderAnotherName() {
            ByteBuffer ofC = SealedNode.of("edge-c", 4, RING, "edge-b").introduction(new Introduction.Nonce(1, 2));

            assertRefused(a.seal(SealKind.CHALLENGE, 0, ofC), Reason.MALFORMED);
        }

        @Test
        void answersNoMoreThanOneChallengeAMillisecond() {
            assertThat(b.receive(a.challenge(b, NOW), NOW)).isInstanceOf(Verdict.Challenged.class);

            assertRefused(a.challenge(b, NOW), Reason.NOT_ASKED);
            assertThat(b.receive(a.challenge(b, NOW), NOW + 1_000_000)).isInstanceOf(Verdict.Challenged.class);
        }

        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3, 4})
        void survivesNoise(long seed) {
            b.accept(a, NOW);
            var random = new Random(seed);
            for (int i = 0; i < 2_000; i++) {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                if (random.nextBoolean()) {
                    byte[] real = a.hello(b, "I live");
                    System.arraycopy(real, 0, noise, 0, Math.min(noise.length, random.nextInt(40)));
                }
                assertThat(b.receive(noise, NOW)).isInstanceOf(Verdict.Refused.class);
            }

            assertThat(b.receive(a.hello(b, "I live"), NOW)).isInstanceOf(Verdict.Content.class);
        }
    }

    @Nested
    class Keys {

        @Test
        void changeWithoutALostDatagram() {
            b.accept(a, NOW);
            a.accept(b, NOW);
            List<String> files = List.of(OLD, OLD + "\n" + NEW, NEW + "\n" + OLD, NEW);
            for (String file : files) {
                a.use(KeyRing.parse(file));
                assertBothHear();
                b.use(KeyRing.parse(file));
                assertBothHear();
            }
        }

        private void assertBothHear() {
            assertThat(b.receive(a.hello(b, "hear me"), NOW)).isInstanceOf(Verdict.Content.class);
            assertThat(a.receive(b.hello(a, "hear me"), NOW)).isInstanceOf(Verdict.Content.class);
        }

        @Test
        void openNothingOnceTheyHaveLeft() {
            b.accept(a, NOW);

            b.use(KeyRing.parse(NEW));

            assertRefused(a.hello(b, "I live"), Reason.KEY);
        }

        @Test
        void doNotMakeASecondDatagramOfAReplayedOne() {
            b.accept(a, NOW);
            byte[] seen = a.hello(b, "once");
            b.receive(seen, NOW);

            b.use(KeyRing.parse(NEW + "\n" + OLD));

            assertRefused(seen, Reason.REPLAYED);
        }
    }

    @Nested
    class WherePeersAreFound {

        private final SealedNode x = SealedNode.finding("edge-x", 11, RING);
        private final SealedNode y = SealedNode.finding("edge-y", 12, RING);

        @Test
        void findsWhoAnswersAChallengeToAll() {
            Verdict challenged = y.receive(x.challengeToAll(NOW), NOW);

            Verdict proven = x.receive(y.proof(x, challenged), NOW);

            assertThat(proven).isInstanceOfSatisfying(Verdict.Proven.class, found -> {
                assertThat(found.found()).isTrue();
                assertThat(found.by().peer()).isEqualTo(y.id);
                assertThat(found.by().port()).isEqualTo(7447);
            });
            assertThat(x.receive(y.hello(x, "I live"), NOW)).isInstanceOf(Verdict.Content.class);
        }

        @Test
        void findsNobodyByARecordedProof() {
            byte[] recorded = y.proof(x, y.receive(x.challengeToAll(NOW), NOW));

            assertThat(x.receive(recorded, NOW + Question.LIFETIME_NANOS + 1))
                    .isEqualTo(new Verdict.Refused(Reason.NOT_ASKED));
        }

        @Test
        void keepsTheNumberOfPeersWithinItsBound() {
            for (int i = 0; i < SealGate.PEER_COUNT_MAX; i++) {
                SealedNode each = SealedNode.finding("peer-" + i, 100 + i, RING);
                Verdict challenged = each.receive(x.challengeToAll(NOW), NOW);
                assertThat(x.receive(each.proof(x, challenged), NOW)).isInstanceOf(Verdict.Proven.class);
            }

            assertThat(x.receive(y.challengeToAll(NOW), NOW)).isEqualTo(new Verdict.Refused(Reason.UNKNOWN_PEER));
        }
    }

    @Test
    void refusesTwoPeersOfOneName() {
        assertThatThrownBy(() -> SealedNode.of("edge-a", 1, RING, "edge-a"))
                .hasMessage("peers edge-a and edge-a have the same number on the wire"
                        + " (expected: each name once; rename one)");
    }

    @Test
    void sealsTheSameOtherwiseAfterEachStart() {
        List<String> ciphertexts = new ArrayList<>();
        for (long boot = 1; boot <= 3; boot++) { // the counter, and so the nonce, begins anew each time
            byte[] sealed = SealedNode.of("edge-a", boot, RING, "edge-b").hello(b, "the same text");
            ciphertexts.add(Arrays.toString(
                    Arrays.copyOfRange(sealed, SealHeader.LENGTH, sealed.length - SealHeader.TAG_LENGTH)));
        }

        assertThat(ciphertexts).doesNotHaveDuplicates();
    }

    private void assertRefused(byte[] datagram, Reason reason) {
        assertThat(b.receive(datagram, NOW)).isEqualTo(new Verdict.Refused(reason));
    }
}
