package io.fairlead.appliance.admin;

import java.util.List;

/**
 * The answer to {@code POST /v1/reload}.
 *
 * @param accepted whether the file is followed now; if not, nothing was changed
 * @param heldBack whether it was refused only because it would remove too much at once, and can be forced
 * @param problems why not, or what to look at although it was accepted
 * @param operations how many changes the kernel took at once
 * @param failing what the kernel refused and is tried again
 */
public record ReloadReport(
        boolean accepted, boolean heldBack, List<String> problems, int operations, List<String> failing) {

    public ReloadReport {
        problems = List.copyOf(problems);
        failing = List.copyOf(failing);
    }

    /** Returns the report of a file that was refused. */
    public static ReloadReport refused(List<String> problems) {
        return new ReloadReport(false, false, problems, 0, List.of());
    }

    /** Returns the report of a change that the guard held back. */
    public static ReloadReport heldBack(List<String> reasons) {
        return new ReloadReport(false, true, reasons, 0, List.of());
    }
}
