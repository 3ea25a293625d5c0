package io.fairlead.kube.watch;

/** What to ask the API for one kind of object. */
sealed interface WatchRequest {

    /**
     * A page of all objects.
     *
     * @param continuation what the page before said; empty for the first
     * @param limit how many objects at most; 0 for all at once
     */
    record ListPage(String continuation, int limit) implements WatchRequest {}

    /** All objects one by one, a mark at their end, and then what changes ("watch-list", KEP 3157). */
    record WatchList() implements WatchRequest {}

    /** What has changed since {@code resourceVersion} and what changes. */
    record Watch(String resourceVersion) implements WatchRequest {}
}
