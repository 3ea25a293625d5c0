package io.fairlead.kube.watch;

/**
 * Where the following of one kind of object stands.
 *
 * @param request what is being asked
 * @param listVersion the version of the first page, which is that of the list
 * @param mayStream whether the API is believed to send lists as a stream
 * @param failures how often in a row it did not work
 */
record WatchState(WatchRequest request, String listVersion, boolean mayStream, int failures) {

    /** How it begins. */
    static final WatchState START = new WatchState(new WatchRequest.WatchList(), "", true, 0);
}
