package io.fairlead.appliance.admin;

import io.fairlead.appliance.admin.StatusReport.CertificateLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code POST /v1/check}: what the probes of one real server found that were made for this request alone.
 *
 * @param accepted whether there is such a real server
 * @param problems why not
 * @param passed whether all passed, or any where any is enough
 * @param probes one for each check
 */
public record CheckReport(boolean accepted, List<String> problems, boolean passed, List<ProbeLine> probes) {

    public CheckReport {
        problems = List.copyOf(problems);
        probes = List.copyOf(probes);
    }

    /** Returns the report of a request that was refused. */
    public static CheckReport refused(String problem) {
        return new CheckReport(false, List.of(problem), false, List.of());
    }

    /**
     * What one probe found.
     *
     * @param name of the check; empty where the only one was given none
     * @param reason what came back, in the words of the status
     * @param weight what it asks for in place of the configured weight; null for nothing
     * @param certificate what was shown; null if none was
     */
    public record ProbeLine(
            String name,
            String type,
            boolean passed,
            String reason,
            double millis,
            @Nullable Integer weight,
            @Nullable CertificateLine certificate) {}
}
