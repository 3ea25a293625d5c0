package io.fairlead.appliance.admin;

import java.util.List;

/**
 * The answer to {@code POST /v1/confirm}.
 *
 * @param accepted whether a reload was waiting and stays now
 * @param problems why not
 */
public record ConfirmReport(boolean accepted, List<String> problems) {

    public ConfirmReport {
        problems = List.copyOf(problems);
    }
}
