package io.fairlead.kube.json;

import io.fairlead.kube.model.ClusterObject;
import java.time.Duration;
import java.util.Optional;

/** One event of a watch. */
public sealed interface WatchEvent {

    /** An object is new, has changed, or is gone; of the latter it is the last state. */
    record ObjectEvent(boolean isDeleted, ClusterObject object) implements WatchEvent {}

    /** @param endsInitialEvents marks the end of a list that is sent as a stream */
    record BookmarkEvent(String resourceVersion, boolean endsInitialEvents) implements WatchEvent {}

    /** The API says that it cannot go on. */
    record ErrorEvent(ApiStatus status) implements WatchEvent {}

    /** A type that is not known, which is no reason to stop. */
    record UnknownEvent(String type) implements WatchEvent {}

    /**
     * What the API says of a request that failed.
     *
     * @param code as in HTTP; 0 if it does not say
     * @param reasons its own and those of its causes, separated by blanks
     */
    record ApiStatus(int code, String reasons, String message, Optional<Duration> retryAfter) {}
}
