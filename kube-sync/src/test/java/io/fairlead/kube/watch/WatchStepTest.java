package io.fairlead.kube.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.kube.watch.WatchInput.Bookmark;
import io.fairlead.kube.watch.WatchInput.Broken;
import io.fairlead.kube.watch.WatchInput.Changed;
import io.fairlead.kube.watch.WatchInput.Ended;
import io.fairlead.kube.watch.WatchInput.Page;
import io.fairlead.kube.watch.WatchInput.Refused;
import io.fairlead.kube.watch.WatchRequest.ListPage;
import io.fairlead.kube.watch.WatchRequest.Watch;
import io.fairlead.kube.watch.WatchRequest.WatchList;
import io.fairlead.kube.watch.WatchStep.Decision;
import io.fairlead.kube.watch.WatchStep.Effect;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The number in a name is that of the case. */
class WatchStepTest {

    private static final ListPage FIRST = new ListPage("", WatchStep.PAGE_LIMIT);
    private static final WatchState LISTING = new WatchState(FIRST, "", false, 0);
    private static final WatchState WATCHING = new WatchState(new Watch("7"), "5", true, 0);
    private static final Duration LONG = Duration.ofMinutes(1);

    private static Decision step(WatchState state, WatchInput input) {
        return WatchStep.step(state, input, 0);
    }

    private static Refused refused(int code) {
        return new Refused(code, "", Optional.empty());
    }

    @Test
    void case127AppliesAStreamedListOnlyAtItsEnd() {
        Decision object = step(WatchState.START, new Changed("3"));
        Decision passing = step(object.state(), new Bookmark("4", false));
        Decision end = step(passing.state(), new Bookmark("9", true));
        Decision live = step(end.state(), new Changed("10"));

        assertThat(object.effect()).isEqualTo(Effect.GATHER);
        assertThat(passing.effect()).isEqualTo(Effect.NONE);
        assertThat(end.effect()).isEqualTo(Effect.COMMIT);
        assertThat(end.asksAgain()).isFalse();
        assertThat(live.effect()).isEqualTo(Effect.APPLY);
        assertThat(live.state().request()).isEqualTo(new Watch("10"));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 405, 406, 422})
    void listsByPagesWhereTheApiCannotStreamLists(int code) {
        Decision decision = step(WatchState.START, refused(code));

        assertThat(decision.state().request()).isEqualTo(FIRST);
        assertThat(decision.state().mayStream()).isFalse();
        assertThat(decision.effect()).isEqualTo(Effect.DISCARD);
        assertThat(decision.pause()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 429, 500, 503})
    void triesTheStreamAgainWhereTheTroublePasses(int code) {
        Decision decision = step(WatchState.START, refused(code));

        assertThat(decision.state().request()).isEqualTo(new WatchList());
        assertThat(decision.pause()).isEqualTo(WatchStep.PAUSE_MIN);
    }

    @Test
    void aStreamThatBreaksOffHasNoEffectAndThePagesAreTriedNext() {
        Decision decision = step(WatchState.START, new Broken("reset"));

        assertThat(decision.effect()).isEqualTo(Effect.DISCARD);
        assertThat(decision.state().request()).isEqualTo(FIRST);
        assertThat(decision.state().mayStream()).isTrue();
    }

    @Test
    void watchesFromTheVersionOfTheFirstPage() {
        Decision first = step(LISTING, new Page("100", "next"));
        Decision last = step(first.state(), new Page("104", ""));

        assertThat(first.effect()).isEqualTo(Effect.GATHER);
        assertThat(first.state().request()).isEqualTo(new ListPage("next", WatchStep.PAGE_LIMIT));
        assertThat(last.effect()).isEqualTo(Effect.COMMIT);
        assertThat(last.state().request()).isEqualTo(new Watch("100"));
    }

    @Test
    void case120ListsAgainAfterA410OfAWatch() {
        Decision decision = step(WATCHING, refused(410));

        assertThat(decision.state().request()).isEqualTo(new WatchList());
        assertThat(decision.effect()).isEqualTo(Effect.NONE);
        assertThat(decision.pause()).isZero();
        assertThat(step(decision.state(), new Broken("reset")).pause()).isPositive();
    }

    @Test
    void case121StartsAgainAfterA410OfAPageAndThenAsksForAllAtOnce() {
        Decision first = step(new WatchState(new ListPage("next", 500), "100", false, 0), refused(410));
        Decision second = step(first.state(), refused(410));

        assertThat(first.effect()).isEqualTo(Effect.DISCARD);
        assertThat(first.state().request()).isEqualTo(FIRST);
        assertThat(second.state().request()).isEqualTo(new ListPage("", 0));
        assertThat(second.pause()).isPositive();
    }

    @Test
    void case122ListsAgainWhenTheVersionIsOfAnotherHistory() {
        Decision decision =
                step(WATCHING, new Refused(504, "Timeout ResourceVersionTooLarge", Optional.of(Duration.ofSeconds(1))));

        assertThat(decision.state().request()).isEqualTo(new WatchList());
        assertThat(decision.pause()).isEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 429, 500, 504})
    void case123KeepsItsPlaceWhileTheApiHasTrouble(int code) {
        Decision decision = step(WATCHING, refused(code));

        assertThat(decision.state().request()).isEqualTo(new Watch("7"));
        assertThat(decision.effect()).isEqualTo(Effect.NONE);
        assertThat(decision.pause()).isPositive();
    }

    @Test
    void case123KeepsItsPlaceWhenTheConnectionBreaks() {
        Decision decision = step(WATCHING, new Broken("refused"));

        assertThat(decision.state().request()).isEqualTo(new Watch("7"));
        assertThat(decision.pause()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 500})
    void aWatchOfAVersionThatIsRefusedOtherwiseListsAgain(int code) {
        Decision decision = step(WATCHING, refused(code));

        assertThat(decision.state().request()).isEqualTo(code == 500 ? new Watch("7") : new WatchList());
        assertThat(decision.effect()).as("nothing is flushed").isEqualTo(Effect.NONE);
        assertThat(decision.pause()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 429, 500, 504})
    void aPageThatIsRefusedIsTheEndOfItsListAndOfNothingElse(int code) {
        WatchState second = new WatchState(new ListPage("next", WatchStep.PAGE_LIMIT), "100", false, 0);

        Decision decision = step(second, new Refused(code, "", Optional.of(Duration.ofSeconds(20))));

        assertThat(decision.state().request()).isEqualTo(FIRST);
        assertThat(decision.effect()).isEqualTo(Effect.DISCARD);
        assertThat(decision.pause()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void case120AStreamedListIsAskedForAgainAfterA410() {
        Decision decision = step(WatchState.START, refused(410));

        assertThat(decision.state().request()).isEqualTo(new WatchList());
        assertThat(decision.effect()).isEqualTo(Effect.DISCARD);
        assertThat(decision.pause()).isPositive();
    }

    @Test
    void case127AStreamedListThatEndsBeforeItsMarkHasNoEffect() {
        Decision object = step(WatchState.START, new Changed("3"));
        Decision ended = step(object.state(), new Ended(LONG));

        assertThat(ended.effect()).isEqualTo(Effect.DISCARD);
        assertThat(ended.state().request()).isEqualTo(new WatchList());
        assertThat(ended.pause()).isPositive();
    }

    @Test
    void listsByPagesFromNowOnWhereTheApiCouldNotStream() {
        WatchState watching = new WatchState(new Watch("7"), "5", false, 0);

        assertThat(step(watching, refused(410)).state().request()).isEqualTo(FIRST);
    }

    @Test
    void waitsAsLongAsItIsAskedTo() {
        Decision decision = step(WATCHING, new Refused(429, "", Optional.of(Duration.ofSeconds(20))));

        assertThat(decision.pause()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void case124WatchesOnFromTheLastVersionAlsoOfABookmark() {
        Decision bookmark = step(WATCHING, new Bookmark("42", false));
        Decision ended = step(bookmark.state(), new Ended(LONG));

        assertThat(ended.state().request()).isEqualTo(new Watch("42"));
        assertThat(ended.asksAgain()).isTrue();
        assertThat(ended.pause()).isZero();
    }

    @Test
    void aWatchThatEndsAtOnceWasNotServed() {
        Decision ended = step(WATCHING, new Ended(Duration.ofMillis(10)));

        assertThat(ended.state().request()).isEqualTo(new Watch("7"));
        assertThat(ended.pause()).isPositive();
    }

    @Test
    void pausesGrowAndAreStretchedByChanceAndEndWithSuccess() {
        WatchState state = WATCHING;
        Duration before = Duration.ZERO;
        for (int i = 0; i < 4; i++) {
            Decision decision = step(state, new Broken("refused"));
            assertThat(decision.pause()).isGreaterThan(before);
            before = decision.pause();
            state = decision.state();
        }
        for (int i = 0; i < 100; i++) {
            state = step(state, new Broken("refused")).state();
        }

        assertThat(step(state, new Broken("refused")).pause()).isEqualTo(WatchStep.PAUSE_MAX);
        assertThat(WatchStep.step(state, new Broken("refused"), 1).pause())
                .isEqualTo(WatchStep.PAUSE_MAX.multipliedBy(2));
        assertThat(step(step(state, new Changed("8")).state(), new Broken("refused"))
                        .pause())
                .isEqualTo(WatchStep.PAUSE_MIN);
    }
}
