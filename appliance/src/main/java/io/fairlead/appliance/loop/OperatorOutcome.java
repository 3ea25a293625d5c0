package io.fairlead.appliance.loop;

import java.util.List;

/** What came of an operator's command. */
public sealed interface OperatorOutcome {

    /**
     * It is followed from now on.
     *
     * @param operations how many changes the kernel took at once
     */
    record Followed(int operations, List<String> failures) implements OperatorOutcome {
        public Followed {
            failures = List.copyOf(failures);
        }
    }

    /** It cannot be remembered, and is not followed. */
    record Refused(String reason) implements OperatorOutcome {}

    /** No such real server. */
    record NotFound(String what) implements OperatorOutcome {}
}
