package io.fairlead.appliance.admin;

import java.util.List;

/**
 * The answer to {@code POST /v1/real-server}.
 *
 * @param accepted whether it is followed now
 * @param problems why not, or what to look at although it was accepted
 * @param operations how many changes the kernel took at once
 */
public record OperatorReport(boolean accepted, List<String> problems, int operations) {

    public OperatorReport {
        problems = List.copyOf(problems);
    }

    /** Returns the report of a request that was refused. */
    public static OperatorReport refused(String problem) {
        return new OperatorReport(false, List.of(problem), 0);
    }
}
