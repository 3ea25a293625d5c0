package io.fairlead.cli.output;

import io.fairlead.appliance.admin.CheckReport;
import io.fairlead.appliance.admin.StatusReport.CertificateLine;
import io.fairlead.appliance.admin.StatusReport.CheckLine;
import io.fairlead.appliance.admin.StatusReport.ResultLine;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Renders checks of a real server for people. */
public final class CheckText {

    private CheckText() {}

    /** Returns what the probes found that were asked for, one line for each. */
    public static String of(CheckReport report) {
        StringBuilder text = new StringBuilder();
        for (CheckReport.ProbeLine probe : report.probes()) {
            text.append("%s  %s  %s ms  %s%n"
                    .formatted(
                            probe.passed() ? "passed" : "failed",
                            title(probe.name(), probe.type()),
                            String.format(Locale.ROOT, "%.1f", probe.millis()),
                            probe.reason()));
            certificate(text, probe.certificate());
        }
        return text.toString();
    }

    private static String title(String name, String type) {
        return name.isEmpty() ? type : name + " (" + type + ")";
    }

    private static void certificate(StringBuilder text, @Nullable CertificateLine certificate) {
        if (certificate != null) {
            text.append("  certificate expires %s, days left: %d%n"
                    .formatted(certificate.expires(), certificate.daysLeft()));
        }
    }

    /** Returns one check: its verdict, the certificate that was shown last, and its last results. */
    static String of(CheckLine check) {
        StringBuilder text = new StringBuilder();
        text.append("check %s: %s, %s in a row%n"
                .formatted(
                        title(check.name(), check.type()),
                        check.health(),
                        check.failures() > 0 ? check.failures() + " failed" : check.passes() + " passed"));
        certificate(text, check.certificate());
        for (ResultLine result : check.recent()) {
            text.append("  %s  %s  %s ms  %s%n"
                    .formatted(
                            result.at(),
                            result.passed() ? "passed" : "failed",
                            String.format(Locale.ROOT, "%.1f", result.millis()),
                            result.reason()));
        }
        return text.toString();
    }
}
