package io.fairlead.ha.election;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** An appliance that hears no peer asks its link before it takes the addresses, and while it holds them. */
class IsolationTest extends ElectionStory {

    IsolationTest() {
        super(unit(3, 0, true));
    }

    private Transition hello(long millis, int peer, HelloRole role) {
        return at(
                millis,
                new ElectionEvent.HelloReceived(
                        peer, 1, millis * MILLI, 0, new UnitHello(51, role, 4, 200, EVERYTHING, 0, 0, 0, 100 * MILLI)));
    }

    private Transition says(long millis, IsolationVerdict verdict) {
        return at(millis, new ElectionEvent.IsolationTested(verdict));
    }

    /** Ticks as a shell would, and returns when the link was asked, in milliseconds. */
    private List<Long> asked(long untilMillis) {
        return quietUntil(untilMillis).stream()
                .filter(step -> step.transition().effects().contains(new ElectionEffect.TestIsolation()))
                .map(Step::millis)
                .toList();
    }

    private void follow() {
        at(0, new ElectionEvent.Started());
        hello(10, 1, HelloRole.MASTER);
    }

    private void becomeMaster() {
        follow();
        asked(300);
        says(301, IsolationVerdict.FREE);
        asked(340);
        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
    }

    @Test
    void asksAnIntervalBeforeItWouldTakeOverSoThatTheAnswerCostsNoTime() {
        follow();

        assertThat(asked(300)).containsExactly(235L);
        assertThat(says(240, IsolationVerdict.FREE).effects()).isEmpty();
        asked(334);
        assertThat(state.role()).isEqualTo(HelloRole.BACKUP);
        asked(335);
        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
    }

    @Test
    void aSlowAnswerIsWaitedFor() {
        follow();
        asked(500);
        assertThat(state.role()).isEqualTo(HelloRole.BACKUP);

        assertThat(says(510, IsolationVerdict.FREE).next().role()).isEqualTo(HelloRole.MASTER);
    }

    @Test
    void takesNothingWhileItIsCutOffAndAsksAgainEachSecond() {
        follow();
        asked(300);
        says(300, IsolationVerdict.CUT_OFF);

        assertThat(asked(1_500)).containsExactly(1_300L);
        says(1_600, IsolationVerdict.CUT_OFF);
        assertThat(asked(2_600)).containsExactly(2_600L);
        assertThat(state.role()).isEqualTo(HelloRole.BACKUP);
        assertThat(causes.stream().filter(Cause.ISOLATED::equals))
                .as("told once")
                .hasSize(1);

        says(2_610, IsolationVerdict.FREE);
        asked(2_700);
        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
    }

    @Test
    void leavesTheAddressesToWhoeverAnswersForThemAndAsksOftenAsLongAsThatMayEnd() {
        follow();
        asked(300);
        says(300, IsolationVerdict.TAKEN);

        assertThat(asked(450)).containsExactly(400L);
        assertThat(state.role()).isEqualTo(HelloRole.BACKUP);
        assertThat(state.isolationVerdict()).isEqualTo(IsolationVerdict.TAKEN);

        says(460, IsolationVerdict.FREE);
        asked(500);
        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
    }

    @Test
    void onceNoDeadProcessCanBeTheReasonThePathToThePeerIsBroken() {
        follow();
        for (long now = 300; now < 8_000; now += 100) {
            asked(now);
            says(now, IsolationVerdict.TAKEN);
        }

        assertThat(state.role()).isEqualTo(HelloRole.BACKUP);
        assertThat(causes).containsSubsequence(Cause.ADDRESSES_TAKEN, Cause.PEER_PATH_BROKEN);
        assertThat(causes.stream().filter(Cause.PEER_PATH_BROKEN::equals)).hasSize(1);
        assertThat(asked(20_000)).as("asked no more often than needed").hasSizeLessThan(15);

        hello(20_010, 1, HelloRole.MASTER);
        assertThat(state.isolationVerdict()).isEqualTo(IsolationVerdict.UNKNOWN);
    }

    @Test
    void aLinkThatCannotBeAskedChangesNothing() {
        follow();

        assertThat(asked(5_000)).hasSizeBetween(4, 6);
        assertThat(state.role()).isEqualTo(HelloRole.BACKUP);
    }

    @Test
    void aHelloMakesTheAnswerWorthless() {
        follow();
        asked(300);
        hello(310, 1, HelloRole.MASTER);

        says(311, IsolationVerdict.FREE);
        assertThat(asked(534)).isEmpty();
        assertThat(asked(600)).containsExactly(535L);
        asked(700);
        assertThat(state.role()).isEqualTo(HelloRole.BACKUP);
    }

    @Test
    void whoHearsAThirdOneIsNotCutOffAndNeedNotAsk() {
        follow();
        for (long now = 20; now < 330; now += 50) {
            asked(now);
            hello(now, 2, HelloRole.BACKUP);
        }

        assertThat(asked(400)).isEmpty();
        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
    }

    @Test
    void whatIsHandedOverIsTakenWithoutAQuestion() {
        follow();

        Transition released = hello(20, 1, HelloRole.LEFT);

        assertThat(released.next().role()).isEqualTo(HelloRole.MASTER);
        assertThat(released.effects()).doesNotContain(new ElectionEffect.TestIsolation());
    }

    @Test
    void aMasterThatIsCutOffLetsGoAndComesBackWhenANeighborAnswers() {
        becomeMaster();

        assertThat(asked(3_600)).containsExactly(1_335L, 2_335L, 3_335L);
        Transition cut = says(3_650, IsolationVerdict.CUT_OFF);

        assertThat(cut.cause()).isEqualTo(Cause.ISOLATED);
        assertThat(cut.next().role()).isEqualTo(HelloRole.FAULT);
        assertThat(cut.effects()).startsWith(new ElectionEffect.RemoveAddresses());
        assertThat(asked(4_700)).containsExactly(4_650L);
        assertThat(says(4_710, IsolationVerdict.FREE).next().role()).isEqualTo(HelloRole.BACKUP);
        assertThat(asked(5_000)).hasSize(1);
        says(5_000, IsolationVerdict.FREE);
        asked(5_100);
        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
    }

    @Test
    void aMasterThatHearsAPeerDoesNotAsk() {
        becomeMaster();

        for (long now = 350; now < 4_000; now += 100) {
            assertThat(asked(now)).isEmpty();
            hello(now, 2, HelloRole.BACKUP);
        }
        assertThat(says(4_001, IsolationVerdict.CUT_OFF).next().role()).isEqualTo(HelloRole.MASTER);
    }

    @Test
    void aPeerThatIsHeardEndsTheIsolationThoughNoNeighborAnswers() {
        becomeMaster();
        asked(1_500);
        says(1_500, IsolationVerdict.CUT_OFF);

        assertThat(hello(1_600, 2, HelloRole.FAULT).next().role()).isEqualTo(HelloRole.BACKUP);
    }

    @Test
    void aReloadThatAsksNoMoreEndsTheIsolation() {
        becomeMaster();
        asked(1_500);
        says(1_500, IsolationVerdict.CUT_OFF);

        spec = unit(3, 0, false);
        asked(1_700);

        assertThat(state.role()).isEqualTo(HelloRole.BACKUP);
    }
}
