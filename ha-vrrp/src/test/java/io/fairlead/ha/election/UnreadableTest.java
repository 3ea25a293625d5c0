package io.fairlead.ha.election;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The second of three appliances hears peers of a release whose hellos it cannot read: the first, or the third. */
class UnreadableTest extends ElectionStory {

    private static final int FIRST = 0;
    private static final int THIRD = 2;

    UnreadableTest() {
        super(unit(3, 1, false));
    }

    private Transition unreadable(long millis, int peer, Holding holding, long term) {
        return at(millis, new ElectionEvent.UnreadableReceived(peer, 1, millis * MILLI, holding, term, 100 * MILLI));
    }

    private Transition readable(long millis, int peer, HelloRole role, int priority) {
        UnitHello hello = new UnitHello(51, role, 4, priority, UnitHello.ELIGIBLE, 0, 0, 0, 100 * MILLI);
        return at(millis, new ElectionEvent.HelloReceived(peer, 1, millis * MILLI, 0, hello));
    }

    private void becomeMaster() {
        at(0, new ElectionEvent.Started());
        quietUntil(330);
        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
    }

    @ParameterizedTest
    @EnumSource(names = {"YES", "UNKNOWN"})
    void takesNothingFromAPeerThatLivesAndAllFromOneThatIsSilent(Holding holding) {
        at(0, new ElectionEvent.Started());
        for (long millis = 100; millis <= 2_000; millis += 100) {
            quietUntil(millis);
            unreadable(millis, FIRST, holding, 3);
            assertThat(state.role()).isEqualTo(HelloRole.BACKUP);
            assertThat(state.master()).isEqualTo(FIRST);
        }

        quietUntil(2_324);
        assertThat(state.role()).isEqualTo(HelloRole.BACKUP);
        quietUntil(2_325);
        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
    }

    @Test
    void doesNotFollowASilentMasterWhileAnotherMayHoldTheAddresses() {
        at(0, new ElectionEvent.Started());
        readable(10, FIRST, HelloRole.MASTER, 200);
        for (long millis = 100; millis <= 1_000; millis += 100) {
            quietUntil(millis);
            unreadable(millis, THIRD, Holding.UNKNOWN, 0);
        }

        quietUntil(1_324);
        assertThat(state.role()).isEqualTo(HelloRole.BACKUP);
        quietUntil(1_325);
        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
    }

    @Test
    void followsItNoLongerOnceItSaysThatItHasLetGo() {
        at(0, new ElectionEvent.Started());
        unreadable(100, FIRST, Holding.YES, 3);

        Transition released = unreadable(110, FIRST, Holding.NO, 3);

        assertThat(released.cause()).isEqualTo(Cause.MASTER_RELEASED);
        assertThat(released.next().role()).isEqualTo(HelloRole.MASTER);
        assertThat(released.next().term()).isEqualTo(4);
    }

    @Test
    void ofTwoThatStartTheHigherAddressTakesOver() {
        at(0, new ElectionEvent.Started());
        unreadable(10, THIRD, Holding.NO, 0);
        unreadable(110, THIRD, Holding.NO, 0);
        unreadable(210, FIRST, Holding.NO, 0);

        quietUntil(374);
        assertThat(state.role()).isEqualTo(HelloRole.BACKUP);
        quietUntil(375);
        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
    }

    @Test
    void doesNotWaitForALowerAddress() {
        at(0, new ElectionEvent.Started());
        unreadable(10, FIRST, Holding.NO, 0);

        quietUntil(325);
        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
    }

    @ParameterizedTest
    @EnumSource(names = {"NO", "UNKNOWN"})
    void aMasterKeepsWhatItHasWhateverItHears(Holding holding) {
        becomeMaster();
        long term = state.term();

        for (long millis = 400; millis <= 1_000; millis += 100) {
            unreadable(millis, THIRD, holding, 0);
        }

        assertThat(state.role()).isEqualTo(HelloRole.MASTER);
        assertThat(state.term()).isEqualTo(term);
        assertThat(causes.stream().filter(Cause.PEER_UNREADABLE::equals)).hasSize(1);
    }

    @Test
    void ofTwoMastersTheHigherAddressStays() {
        becomeMaster();
        quietUntil(8_000);

        Transition won = unreadable(8_001, FIRST, Holding.YES, 9);
        assertThat(won.cause()).isEqualTo(Cause.CONFLICT_WON);
        assertThat(unreadable(8_101, FIRST, Holding.YES, 9).cause())
                .as("told once")
                .isEqualTo(Cause.NONE);
        assertThat(unreadable(8_201, FIRST, Holding.NO, 10).effects()).contains(new ElectionEffect.Announce());

        Transition lost = unreadable(8_301, THIRD, Holding.YES, 1);
        assertThat(lost.next().role()).isEqualTo(HelloRole.BACKUP);
        assertThat(lost.effects()).startsWith(new ElectionEffect.RemoveAddresses(), new ElectionEffect.SendHello());
    }

    @Test
    void handsNothingOverToIt() {
        becomeMaster();
        unreadable(400, THIRD, Holding.NO, 0);

        assertThat(at(410, new ElectionEvent.HandOverRequested()).cause()).isEqualTo(Cause.IGNORED_IN_THIS_STATE);
        assertThat(at(420, new ElectionEvent.ShutdownRequested()).next().role()).isEqualTo(HelloRole.LEFT);
    }

    /** Else a suspicion shortens the wait to an interval, in which a question is answered; this one is not understood. */
    @Test
    void aSuspicionDoesNotShortenTheWait() {
        at(0, new ElectionEvent.Started());
        unreadable(100, FIRST, Holding.YES, 3);

        at(110, new ElectionEvent.Suspected(FIRST));

        quietUntil(424);
        assertThat(state.role()).isEqualTo(HelloRole.BACKUP);
    }

    @Test
    void isReadAgainThoughNothingWasLegibleBefore() {
        at(0, new ElectionEvent.Started());
        at(10, new ElectionEvent.UnreadableReceived(FIRST, 1, 0, Holding.UNKNOWN, 0, 100 * MILLI));
        UnitHello hello = new UnitHello(51, HelloRole.MASTER, 4, 200, UnitHello.ELIGIBLE, 0, 0, 0, 100 * MILLI);

        Transition read = at(20, new ElectionEvent.HelloReceived(FIRST, 1, -7 * MILLI, 0, hello));

        assertThat(read.cause()).isNotEqualTo(Cause.IGNORED_STALE);
        assertThat(read.next().peers().get(FIRST)).matches(view -> view != null && view.isReadable());
    }

    @Test
    void whatWasOvertakenOnTheWayIsIgnored() {
        becomeMaster();
        unreadable(400, THIRD, Holding.NO, 0);

        Transition late =
                at(410, new ElectionEvent.UnreadableReceived(THIRD, 1, 399 * MILLI, Holding.YES, 0, 100 * MILLI));

        assertThat(late.cause()).isEqualTo(Cause.IGNORED_STALE);
        assertThat(late.next().role()).isEqualTo(HelloRole.MASTER);
    }
}
