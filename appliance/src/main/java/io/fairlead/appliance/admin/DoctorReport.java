package io.fairlead.appliance.admin;

import java.util.List;

/**
 * What {@code fairlead doctor -o json} prints.
 *
 * @param worst the worst severity: {@code ok}, {@code unknown}, {@code warning}, {@code error}
 */
public record DoctorReport(int schemaVersion, String worst, List<FindingLine> findings) {

    public DoctorReport {
        findings = List.copyOf(findings);
    }

    /**
     * What one check found.
     *
     * @param check its name, which does not change
     * @param remedy what to do; empty if nothing
     */
    public record FindingLine(String check, String severity, String found, String remedy) {}
}
