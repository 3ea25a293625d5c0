package io.fairlead.conf;

import io.fairlead.core.model.ConnectionThresholds;
import io.fairlead.core.model.Scheduler;
import io.fairlead.health.check.CheckSpec;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the readers of one load share: the problems found so far, and one instance of each value that thousands of real
 * servers have in common.
 */
final class Reading {

    private final Problems problems;
    private final Optional<Map<String, String>> origins;
    private final Set<NamedFile> files = new LinkedHashSet<>();
    private final Map<String, Scheduler> schedulers = new HashMap<>();
    private final Map<ConnectionThresholds, ConnectionThresholds> thresholds = new HashMap<>();
    private final Map<CheckSpec, CheckSpec> checks = new HashMap<>();

    /** @param origins where to note the place of every key that is read; empty to save the time */
    Reading(Problems problems, Optional<Map<String, String>> origins) {
        this.problems = problems;
        this.origins = origins;
    }

    Problems problems() {
        return problems;
    }

    Optional<Map<String, String>> origins() {
        return origins;
    }

    /** Notes a file that the configuration names. */
    void named(NamedFile file) {
        files.add(file);
    }

    /** Returns the files that the configuration names, each once for each place that names it. */
    Set<NamedFile> files() {
        return files;
    }

    /** @throws IllegalArgumentException if no kernel could have a scheduler of that name */
    Scheduler scheduler(String name) {
        return schedulers.computeIfAbsent(name, Scheduler::new);
    }

    ConnectionThresholds shared(ConnectionThresholds value) {
        return thresholds.computeIfAbsent(value, same -> same);
    }

    CheckSpec shared(CheckSpec value) {
        return checks.computeIfAbsent(value, same -> same);
    }
}
