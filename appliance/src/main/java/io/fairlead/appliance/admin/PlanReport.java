package io.fairlead.appliance.admin;

import java.util.List;

/**
 * The answer to {@code POST /v1/plan}.
 *
 * @param accepted whether a reload would accept the file
 * @param problems why not, or what to look at and what the lines do not tell
 * @param commands what a reload would do at once, as {@code nft}, {@code ipvsadm}, {@code sysctl} and {@code ip} lines
 */
public record PlanReport(boolean accepted, List<String> problems, List<String> commands) {

    public PlanReport {
        problems = List.copyOf(problems);
        commands = List.copyOf(commands);
    }
}
