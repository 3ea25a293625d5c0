package io.fairlead.kube.watch;

import io.fairlead.kube.watch.WatchInput.Bookmark;
import io.fairlead.kube.watch.WatchInput.Broken;
import io.fairlead.kube.watch.WatchInput.Changed;
import io.fairlead.kube.watch.WatchInput.Ended;
import io.fairlead.kube.watch.WatchInput.Page;
import io.fairlead.kube.watch.WatchInput.Refused;
import io.fairlead.kube.watch.WatchRequest.ListPage;
import io.fairlead.kube.watch.WatchRequest.Watch;
import io.fairlead.kube.watch.WatchRequest.WatchList;
import java.time.Duration;

/**
 * Decides how to go on. Pure: chance is an argument.
 *
 * <pre>
 * asked       came                        then
 * ----------  --------------------------  -----------------------------------------------------------
 * watch-list  object                      gather it
 *             bookmark with the end mark  the gathered are all there is; go on reading as a watch
 *             400 404 405 406 422         list by pages, and from now on: this API has no watch-list
 *             401 403 429 5xx, end        pause, again from the start
 *             broken                      pause, list by pages this time
 * list page   page, more to come          gather it, next page
 *             last page                   the gathered are all there is; watch from the first page's version
 *             410                         from the start; the second time in a row all at once
 *             anything else               pause, from the start
 * watch       object                      apply it
 *             410, also as an event       list again, which is compared with what is known
 *             504 too large a version     pause, list again: the version is of another history
 *             end, after a while          watch from the last version
 *             end, at once                pause, watch from the last version
 *             401 403 429 5xx, broken     pause, watch from the last version
 *             other refusals              pause, list again
 * </pre>
 *
 * <p>What was gathered has no effect until it is whole, and what is known keeps until then.
 */
final class WatchStep {

    static final int PAGE_LIMIT = 500;

    /** As client-go ({@code reflector.go}). */
    static final Duration PAUSE_MIN = Duration.ofMillis(800);

    static final Duration PAUSE_MAX = Duration.ofSeconds(30);

    /** A watch that ends sooner, without an event, was not served. */
    static final Duration LIFE_MIN = Duration.ofSeconds(1);

    private static final int DOUBLINGS_MAX = 6;

    private WatchStep() {}

    /** What happens to objects. */
    enum Effect {
        NONE,
        /** Those that came belong to a list that is not whole yet. */
        GATHER,
        /** Those that were gathered, with those that came, are all there is. */
        COMMIT,
        /** What was gathered is of no use. */
        DISCARD,
        /** The one that came is a change of what is known. */
        APPLY
    }

    /**
     * How to go on.
     *
     * @param asksAgain whether to send the state's request; otherwise the answer is read on
     * @param pause before it is sent
     */
    record Decision(WatchState state, Effect effect, boolean asksAgain, Duration pause) {}

    /** @param chance 0..1, drawn anew each time */
    static Decision step(WatchState state, WatchInput input, double chance) {
        return switch (state.request()) {
            case WatchList asked -> streaming(state, asked, input, chance);
            case ListPage asked -> listing(state, asked, input, chance);
            case Watch asked -> watching(state, asked, input, chance);
        };
    }

    private static Decision streaming(WatchState state, WatchList asked, WatchInput input, double chance) {
        return switch (input) {
            case Changed _ -> new Decision(state, Effect.GATHER, false, Duration.ZERO);
            case Bookmark(var version, var isEnd) ->
                isEnd
                        ? new Decision(
                                new WatchState(new Watch(version), version, true, 0),
                                Effect.COMMIT,
                                false,
                                Duration.ZERO)
                        : new Decision(state, Effect.NONE, false, Duration.ZERO);
            case Refused refused
            when !isPassing(refused.code()) && refused.code() != 410 ->
                new Decision(
                        new WatchState(FIRST_PAGE, "", false, state.failures()), Effect.DISCARD, true, Duration.ZERO);
            case Refused refused -> again(state, asked, pause(state, refused, chance), Effect.DISCARD);
            case Ended _ -> again(state, asked, pause(state, chance), Effect.DISCARD);
            case Broken _ -> again(state, FIRST_PAGE, pause(state, chance), Effect.DISCARD);
            case Page _ -> again(state, FIRST_PAGE, pause(state, chance), Effect.DISCARD);
        };
    }

    private static final ListPage FIRST_PAGE = new ListPage("", PAGE_LIMIT);

    private static Decision listing(WatchState state, ListPage asked, WatchInput input, double chance) {
        return switch (input) {
            case Page(var version, var continuation) -> {
                String first = asked.continuation().isEmpty() ? version : state.listVersion();
                yield continuation.isEmpty()
                        ? new Decision(
                                new WatchState(new Watch(first), first, state.mayStream(), 0),
                                Effect.COMMIT,
                                true,
                                Duration.ZERO)
                        : new Decision(
                                new WatchState(
                                        new ListPage(continuation, asked.limit()),
                                        first,
                                        state.mayStream(),
                                        state.failures()),
                                Effect.GATHER,
                                true,
                                Duration.ZERO);
            }
            case Refused refused
            when refused.code() == 410 ->
                new Decision(
                        new WatchState(
                                new ListPage("", state.failures() == 0 ? PAGE_LIMIT : 0),
                                "",
                                state.mayStream(),
                                state.failures() + 1),
                        Effect.DISCARD,
                        true,
                        state.failures() == 0 ? Duration.ZERO : pause(state, chance));
            case Refused refused ->
                again(state, new ListPage("", asked.limit()), pause(state, refused, chance), Effect.DISCARD);
            case Ended _, Broken _, Changed _, Bookmark _ ->
                again(state, new ListPage("", asked.limit()), pause(state, chance), Effect.DISCARD);
        };
    }

    private static Decision watching(WatchState state, Watch asked, WatchInput input, double chance) {
        return switch (input) {
            case Changed(var version) -> new Decision(at(state, asked, version), Effect.APPLY, false, Duration.ZERO);
            case Bookmark(var version, var _) ->
                new Decision(at(state, asked, version), Effect.NONE, false, Duration.ZERO);
            case Ended(var lived) ->
                lived.compareTo(LIFE_MIN) >= 0
                        ? new Decision(
                                new WatchState(asked, state.listVersion(), state.mayStream(), 0),
                                Effect.NONE,
                                true,
                                Duration.ZERO)
                        : again(state, asked, pause(state, chance), Effect.NONE);
            case Refused refused
            when refused.code() == 410 ->
                // The first time at once: with every restart of the API comes one.
                again(state, list(state), state.failures() == 0 ? Duration.ZERO : pause(state, chance), Effect.NONE);
            case Refused refused
            when refused.code() == 504 && refused.reason().contains("ResourceVersionTooLarge") ->
                again(state, list(state), pause(state, refused, chance), Effect.NONE);
            case Refused refused
            when isPassing(refused.code()) -> again(state, asked, pause(state, refused, chance), Effect.NONE);
            case Refused refused -> again(state, list(state), pause(state, refused, chance), Effect.NONE);
            case Broken _ -> again(state, asked, pause(state, chance), Effect.NONE);
            case Page _ -> again(state, list(state), pause(state, chance), Effect.NONE);
        };
    }

    private static WatchState at(WatchState state, Watch asked, String version) {
        return new WatchState(
                version.isEmpty() ? asked : new Watch(version), state.listVersion(), state.mayStream(), 0);
    }

    private static WatchRequest list(WatchState state) {
        return state.mayStream() ? new WatchList() : FIRST_PAGE;
    }

    private static Decision again(WatchState state, WatchRequest request, Duration pause, Effect effect) {
        return new Decision(
                new WatchState(request, state.listVersion(), state.mayStream(), state.failures() + 1),
                effect,
                true,
                pause);
    }

    /** What goes away without our doing anything else: rights, credentials, load, the server's own trouble. */
    private static boolean isPassing(int code) {
        return code == 401 || code == 403 || code == 429 || code >= 500;
    }

    /** Doubles with every failure, and is stretched by chance up to twice, so that not all come back at once. */
    private static Duration pause(WatchState state, double chance) {
        Duration grown = PAUSE_MIN.multipliedBy(1L << Math.min(state.failures(), DOUBLINGS_MAX));
        Duration bounded = grown.compareTo(PAUSE_MAX) < 0 ? grown : PAUSE_MAX;
        return bounded.plus(Duration.ofNanos((long) (bounded.toNanos() * chance)));
    }

    private static Duration pause(WatchState state, Refused refused, double chance) {
        Duration own = pause(state, chance);
        Duration asked = refused.retryAfter().orElse(Duration.ZERO);
        return asked.compareTo(own) > 0 ? asked : own;
    }
}
