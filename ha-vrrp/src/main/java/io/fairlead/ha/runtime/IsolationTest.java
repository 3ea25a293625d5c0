package io.fairlead.ha.runtime;

import io.fairlead.ha.election.IsolationVerdict;
import java.util.function.Consumer;

/** Asks on the link of a unit who is there. */
@FunctionalInterface
public interface IsolationTest {

    /** Asks nobody, for a unit that never wants to know. */
    IsolationTest NONE = _ -> {};

    /**
     * Begins to ask. Called by the election's thread: must not take time.
     *
     * @param then told, once and by another thread, what came of it; not at all if the link could not be asked
     */
    void begin(Consumer<IsolationVerdict> then);
}
