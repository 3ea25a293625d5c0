package io.fairlead.appliance.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code POST /v1/reload}.
 *
 * @param accepted whether the file is followed now; if not, nothing was changed
 * @param heldBack whether it was refused only because it would remove too much at once, and can be forced
 * @param problems why not, or what to look at although it was accepted
 * @param operations how many changes the kernel took at once
 * @param failing what the kernel refused and is tried again
 * @param confirmBy when it is taken back unless it is confirmed; null if it stays
 */
public record ReloadReport(
        boolean accepted,
        boolean heldBack,
        List<String> problems,
        int operations,
        List<String> failing,
        @Nullable String confirmBy) {

    public ReloadReport {
        problems = List.copyOf(problems);
        failing = List.copyOf(failing);
    }

    /** Returns the report of a file that was refused. */
    public static ReloadReport refused(List<String> problems) {
        return new ReloadReport(false, false, problems, 0, List.of(), null);
    }

    /** Returns the report of a change that the guard held back. */
    public static ReloadReport heldBack(List<String> reasons) {
        return new ReloadReport(false, true, reasons, 0, List.of(), null);
    }

    /** Returns the same of a reload that is to be confirmed. */
    public ReloadReport toBeConfirmed(String by) {
        return new ReloadReport(accepted, heldBack, problems, operations, failing, by);
    }
}
