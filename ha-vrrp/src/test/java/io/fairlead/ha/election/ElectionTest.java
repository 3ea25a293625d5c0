package io.fairlead.ha.election;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.time.MonotonicInstant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ElectionTest extends ElectionStory {

    private long sent = 1;

    ElectionTest() {
        super(unit(2, 0, false, new TrackSpec("uplink", 0), new TrackSpec("script", -60)));
    }

    private Transition hello(long millis, HelloRole role, long term, int priority, int flags, int target) {
        return at(
                millis,
                new ElectionEvent.HelloReceived(
                        1, 1, sent++, 0, new UnitHello(51, role, term, priority, flags, target, 0, 0, 100 * MILLI)));
    }

    private void becomeMaster() {
        at(0, new ElectionEvent.Started());
        at(0, new ElectionEvent.WarmChanged(true));
        quietUntil(330);
        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
    }

    @Test
    void listensBeforeItTakesOver() {
        at(0, new ElectionEvent.Started());

        quietUntil(324);
        assertThat(state.role()).isEqualTo(HelloRole.BACKUP);
        quietUntil(325);
        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
    }

    /** What a cut cable costs at most, but for what a takeover takes; with quiet hellos and the default interval. */
    @Test
    void theSilenceThatIsWaitedForGrowsOnlyAfterTheFourthTakeoverWithinAMinute() {
        List<Long> waits = new ArrayList<>();
        at(0, new ElectionEvent.Started());
        for (long heard = 1_000; heard <= 25_000; heard += 4_000) {
            quietUntil(heard - 1);
            UnitHello master = new UnitHello(51, HelloRole.MASTER, heard, 200, EVERYTHING, 0, 0, 0, 100 * MILLI);
            at(heard, new ElectionEvent.HelloReceived(1, 1, heard * MILLI, 0, master));
            long quiet = heard;
            while (state.role() != HelloRole.MASTER && quiet < heard + 1_000) {
                quietUntil(++quiet);
            }
            waits.add(quiet - heard);
        }
        assertThat(waits).containsExactly(325L, 325L, 325L, 350L, 400L, 400L, 400L);
    }

    /** A healed cable lets out at once what waited behind it. */
    @Test
    void whatComesAfterASilenceSaysNothingOfHowEvenlyHellosCome() {
        becomeMaster();
        quietUntil(999);
        heard(1_000, 1_000);
        quietUntil(1_899);
        for (long sentMillis = 1_100; sentMillis <= 1_900; sentMillis += 100) {
            heard(1_900, sentMillis);
        }
        heard(2_000, 2_000);
        heard(2_108, 2_100);

        assertThat(requireNonNull(state.peers().get(1)).deviationNanos()).isEqualTo(MILLI);
    }

    private void heard(long millis, long sentMillis) {
        UnitHello backup = new UnitHello(51, HelloRole.BACKUP, 1, 50, EVERYTHING, 0, 0, 0, 100 * MILLI);
        at(millis, new ElectionEvent.HelloReceived(1, 1, sentMillis * MILLI, 0, backup));
    }

    @Test
    void leavesTheAddressesToABetterOneThatStartedAtTheSameTime() {
        at(0, new ElectionEvent.Started());
        hello(10, HelloRole.BACKUP, 0, 200, EVERYTHING, 0);
        hello(110, HelloRole.BACKUP, 0, 200, EVERYTHING, 0);

        quietUntil(374);
        assertThat(state.role()).isEqualTo(HelloRole.BACKUP);
        quietUntil(375);
        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
    }

    @Test
    void doesNotWaitForABetterOneThatCannotTakeOver() {
        at(0, new ElectionEvent.Started());
        hello(10, HelloRole.BACKUP, 0, 200, UnitHello.PREEMPTS, 0);

        quietUntil(325);
        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
    }

    @Test
    void takesOverTellsFirstThenAddsThenAnnounces() {
        at(0, new ElectionEvent.Started());
        hello(10, HelloRole.MASTER, 4, 200, EVERYTHING, 0);

        Transition released = hello(20, HelloRole.LEFT, 4, 0, EVERYTHING, 0);

        assertThat(released.cause()).isEqualTo(Cause.MASTER_RELEASED);
        assertThat(released.next().term()).isEqualTo(5);
        assertThat(released.effects())
                .containsExactly(
                        new ElectionEffect.SendHello(),
                        new ElectionEffect.AddAddresses(new MonotonicInstant(3_020 * MILLI)),
                        new ElectionEffect.Announce(),
                        new ElectionEffect.RoleChanged(HelloRole.MASTER, 5));
    }

    @Test
    void stepsDownForABetterMasterAndTellsItAfterwards() {
        becomeMaster();

        Transition lost = hello(340, HelloRole.MASTER, 1, 200, EVERYTHING, 0);

        assertThat(lost.next().role()).isEqualTo(HelloRole.BACKUP);
        assertThat(lost.effects()).startsWith(new ElectionEffect.RemoveAddresses(), new ElectionEffect.SendHello());
    }

    @Test
    void theHigherAddressWinsBetweenEquals() {
        becomeMaster();

        assertThat(hello(340, HelloRole.MASTER, 1, 100, EVERYTHING, 0).next().role())
                .isEqualTo(HelloRole.BACKUP);
    }

    @Test
    void announcesAgainWhenAPeerWasMasterUnheard() {
        becomeMaster();
        quietUntil(8_000); // all announcements of the takeover are made

        Transition learned = hello(8_001, HelloRole.BACKUP, 7, 50, EVERYTHING, 0);
        Transition known = hello(8_050, HelloRole.BACKUP, 8, 50, EVERYTHING, 0);

        assertThat(learned.cause()).isEqualTo(Cause.RIVAL_GONE);
        assertThat(learned.effects()).contains(new ElectionEffect.SendHello(), new ElectionEffect.Announce());
        assertThat(learned.next().term()).isEqualTo(8);
        assertThat(known.effects()).doesNotContain(new ElectionEffect.Announce());
    }

    @Test
    void announcesAgainOnceTheLoserHasLetGo() {
        becomeMaster();

        Transition won = hello(340, HelloRole.MASTER, 1, 50, EVERYTHING, 0);
        assertThat(won.cause()).isEqualTo(Cause.CONFLICT_WON);
        assertThat(won.effects()).doesNotContain(new ElectionEffect.Announce());

        Transition gone = hello(341, HelloRole.BACKUP, 2, 50, EVERYTHING, 0);
        assertThat(gone.cause()).isEqualTo(Cause.RIVAL_GONE);
        assertThat(gone.effects()).contains(new ElectionEffect.Announce());
    }

    @Test
    void preemptsOnlyWhenWarm() {
        at(0, new ElectionEvent.Started());
        hello(10, HelloRole.MASTER, 4, 50, EVERYTHING, 0);
        assertThat(state.hello(spec).has(UnitHello.WANTS)).isFalse();

        at(11, new ElectionEvent.WarmChanged(true));
        hello(110, HelloRole.MASTER, 4, 50, EVERYTHING, 0);
        assertThat(state.hello(spec).has(UnitHello.WANTS)).isTrue();
    }

    @Test
    void whatWasGivenAwayByCommandIsNotAskedBackUntilItHasComeBack() {
        becomeMaster();
        hello(340, HelloRole.BACKUP, 1, 50, EVERYTHING, 0);
        at(350, new ElectionEvent.HandOverRequested());
        hello(351, HelloRole.BACKUP, 1, 50, EVERYTHING | UnitHello.READY, 0);
        hello(352, HelloRole.MASTER, 2, 50, EVERYTHING, 0);
        hello(452, HelloRole.MASTER, 2, 50, EVERYTHING, 0);
        assertThat(state.hello(spec).has(UnitHello.WANTS)).isFalse();

        hello(500, HelloRole.LEFT, 2, 0, EVERYTHING, 0);
        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
        hello(510, HelloRole.MASTER, 4, 200, EVERYTHING, 0);
        hello(610, HelloRole.MASTER, 4, 50, EVERYTHING, 0);
        assertThat(state.hello(spec).has(UnitHello.WANTS)).isTrue();
    }

    @Test
    void handsOverOnlyToWhoIsReadyAndRemovesFirst() {
        becomeMaster();

        Transition asked = hello(340, HelloRole.BACKUP, 1, 200, EVERYTHING | UnitHello.WANTS, 0);
        assertThat(asked.next().role()).isEqualTo(HelloRole.HANDING_OVER);
        assertThat(asked.effects()).containsExactly(new ElectionEffect.SendHello());

        Transition ready = hello(341, HelloRole.BACKUP, 1, 200, EVERYTHING | UnitHello.READY, 0);
        assertThat(ready.next().role()).isEqualTo(HelloRole.RELEASED);
        assertThat(ready.next().hello(spec).target()).isEqualTo(2);
        assertThat(ready.effects()).startsWith(new ElectionEffect.RemoveAddresses(), new ElectionEffect.SendHello());
    }

    @Test
    void keepsTheAddressesIfTheTargetNeverAnswers() {
        becomeMaster();
        hello(340, HelloRole.BACKUP, 1, 200, EVERYTHING | UnitHello.WANTS, 0);

        quietUntil(1_341);

        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
    }

    @Test
    void isSilentAfterAStallUntilAllWasRead() {
        becomeMaster();

        Transition late = at(2_000, new ElectionEvent.Tick());
        assertThat(late.cause()).isEqualTo(Cause.STALLED);
        assertThat(late.effects()).isEmpty();

        assertThat(at(2_200, new ElectionEvent.Tick()).effects()).isEmpty();
        Transition resumed = at(2_200, new ElectionEvent.Drained());
        assertThat(resumed.cause()).isEqualTo(Cause.RESUMED);
        assertThat(resumed.effects().getFirst()).isInstanceOf(ElectionEffect.AddAddresses.class);
    }

    @Test
    void stepsDownAfterAStallInWhichAPeerTookOver() {
        becomeMaster();

        at(2_000, new ElectionEvent.Tick());
        Transition lost = hello(2_000, HelloRole.MASTER, state.term() + 1, 50, EVERYTHING, 0);

        assertThat(lost.cause()).isEqualTo(Cause.BETTER_MASTER);
        assertThat(lost.effects()).startsWith(new ElectionEffect.RemoveAddresses(), new ElectionEffect.SendHello());
    }

    @Test
    void aFaultRemovesAndAWeightLowersThePriority() {
        becomeMaster();

        at(340, new ElectionEvent.TrackChanged(1, true));
        assertThat(state.hello(spec).priority()).isEqualTo(40);

        Transition fault = at(341, new ElectionEvent.TrackChanged(0, true));
        assertThat(fault.next().role()).isEqualTo(HelloRole.FAULT);
        assertThat(fault.effects()).startsWith(new ElectionEffect.RemoveAddresses());
    }

    @Test
    void addressesThatCannotBeAddedAreAFaultThatIsTriedAgain() {
        becomeMaster();

        assertThat(at(331, new ElectionEvent.AddressesFailed()).next().role()).isEqualTo(HelloRole.FAULT);
        quietUntil(2_000);
        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
    }

    @Test
    void leavesOnceSomebodyTookOver() {
        becomeMaster();
        hello(340, HelloRole.BACKUP, 1, 50, EVERYTHING, 0);

        assertThat(at(350, new ElectionEvent.ShutdownRequested()).next().role()).isEqualTo(HelloRole.HANDING_OVER);
        Transition left = hello(351, HelloRole.BACKUP, 1, 50, EVERYTHING | UnitHello.READY, 0);
        assertThat(left.next().hello(spec).priority()).isZero();
        assertThat(left.effects()).startsWith(new ElectionEffect.RemoveAddresses());
        quietUntil(400);
        assertThat(state.wakes()).isFalse();
    }

    @Test
    void doubtShortensTheWaitAndAHelloEndsIt() {
        at(0, new ElectionEvent.Started());
        hello(10, HelloRole.MASTER, 4, 200, EVERYTHING, 0);

        at(20, new ElectionEvent.Suspected(1));
        assertThat(state.hello(spec).has(UnitHello.QUERY)).isTrue();
        hello(30, HelloRole.MASTER, 4, 200, EVERYTHING, 0);
        quietUntil(130);
        assertThat(state.role()).isEqualTo(HelloRole.BACKUP);

        at(131, new ElectionEvent.Suspected(1));
        quietUntil(231);
        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
    }
}
