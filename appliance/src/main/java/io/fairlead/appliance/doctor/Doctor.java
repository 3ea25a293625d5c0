package io.fairlead.appliance.doctor;

import java.util.ArrayList;
import java.util.List;

/** Judges a host. Pure. */
public final class Doctor {

    private Doctor() {}

    /** Returns what each check found, in an order that does not change. */
    public static List<Finding> examine(HostFacts facts) {
        List<Finding> findings = new ArrayList<>(List.of(
                KernelChecks.ipvs(facts),
                KernelChecks.schedulers(facts),
                KernelChecks.modules(facts),
                KernelChecks.capabilities(facts)));
        findings.addAll(SysctlChecks.all(facts));
        findings.addAll(NetworkChecks.all(facts));
        findings.addAll(List.of(
                ElectionChecks.addresses(facts), ElectionChecks.peers(facts), ElectionChecks.maintenance(facts)));
        findings.addAll(RivalChecks.all(facts));
        findings.addAll(ServiceChecks.all(facts));
        return findings;
    }

    /** Returns the worst of them. */
    public static Severity worst(List<Finding> findings) {
        Severity worst = Severity.OK;
        for (Finding finding : findings) {
            if (finding.severity().compareTo(worst) > 0) {
                worst = finding.severity();
            }
        }
        return worst;
    }
}
