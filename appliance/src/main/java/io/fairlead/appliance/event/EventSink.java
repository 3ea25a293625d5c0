package io.fairlead.appliance.event;

import java.util.function.Supplier;

/** Where a change of state is told. Any thread; never waits. */
@FunctionalInterface
public interface EventSink {

    /** Tells nobody. */
    EventSink NOWHERE = (_, _, _, _) -> {};

    /**
     * Records a change of state.
     *
     * @param subject asked once, later and on another thread, where finding out takes a while
     * @param change what it is now
     * @param cause why
     */
    void record(EventKind kind, Supplier<EventSubject> subject, String change, String cause);

    /** Records a change of state. */
    default void record(EventKind kind, EventSubject subject, String change, String cause) {
        record(kind, () -> subject, change, cause);
    }
}
