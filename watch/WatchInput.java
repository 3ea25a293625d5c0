package io.fairlead.kube.watch;

import java.time.Duration;
import java.util.Optional;

/** What came back. */
sealed interface WatchInput {

    /**
     * A page of a list.
     *
     * @param continuation how to ask for the next; empty at the end
     */
    record Page(String resourceVersion, String continuation) implements WatchInput {}

    /** An object that is new, has changed or is gone. */
    record Changed(String resourceVersion) implements WatchInput {}

    /**
     * Nothing happened up to here.
     *
     * @param endsInitialEvents all objects have been sent
     */
    record Bookmark(String resourceVersion, boolean endsInitialEvents) implements WatchInput {}

    /**
     * The answer ended.
     *
     * @param lived how long it took
     */
    record Ended(Duration lived) implements WatchInput {}

    /**
     * The API refused, by the status of its answer or by an event of type ERROR.
     *
     * @param code as in HTTP
     * @param reason as in {@code Status.reason}, and those of its causes
     * @param retryAfter how long it asks to be left alone
     */
    record Refused(int code, String reason, Optional<Duration> retryAfter) implements WatchInput {}

    /** The connection failed, or what came was not what the API says. */
    record Broken(String detail) implements WatchInput {}
}
