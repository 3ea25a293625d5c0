package io.fairlead.cli.output;

import io.fairlead.appliance.admin.StatusReport.CertificateLine;
import io.fairlead.appliance.admin.StatusReport.CheckLine;
import io.fairlead.appliance.admin.StatusReport.ResultLine;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Renders one check of a real server for people: its verdict, the certificate that was shown, and its last results. */
final class CheckText {

    private CheckText() {}

    static String of(CheckLine check) {
        StringBuilder text = new StringBuilder();
        text.append("check %s: %s, %s in a row%n"
                .formatted(
                        check.name().isEmpty() ? check.type() : check.name() + " (" + check.type() + ")",
                        check.health(),
                        check.failures() > 0 ? check.failures() + " failed" : check.passes() + " passed"));
        @Nullable CertificateLine certificate = check.certificate();
        if (certificate != null) {
            text.append("  certificate expires %s, days left: %d%n"
                    .formatted(certificate.expires(), certificate.daysLeft()));
        }
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
