package io.fairlead.appliance.metrics;

import java.util.Optional;

/** What is served, by its path. */
@FunctionalInterface
public interface Site {

    /** Returns the page at {@code path} if there is one now. Never blocks. */
    Optional<Page> page(String path);

    /** A page, made anew for each request. */
    @FunctionalInterface
    interface Page {

        /**
         * Gathers what is to be shown; may block, and may fail in any way.
         *
         * @param accept which formats the asker can read: the header of that name
         */
        Content make(String accept) throws Exception;
    }
}
