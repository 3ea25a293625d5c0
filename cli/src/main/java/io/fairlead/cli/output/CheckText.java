package io.fairlead.cli.output;

import io.fairlead.appliance.admin.CheckReport;
import io.fairlead.appliance.admin.StatusReport.CertificateLine;
import io.fairlead.appliance.admin.StatusReport.CheckLine;
import io.fairlead.appliance.admin.StatusReport.ResultLine;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Renders checks of a real server for people. */
public final class CheckText {

    private final Display display;
    private final StringBuilder text = new StringBuilder();

    private CheckText(Display display) {
        this.display = display;
    }

    /** Returns what the probes found that were asked for, one line for each. */
    public static String of(CheckReport report, Display display) {
        CheckText text = new CheckText(display);
        for (CheckReport.ProbeLine probe : report.probes()) {
            text.line(
                    "",
                    probe.passed(),
                    "%s  %s  %s".formatted(title(probe.name(), probe.type()), millis(probe.millis()), probe.reason()));
            text.certificate(probe.certificate());
        }
        return text.text.toString();
    }

    /** Returns one check: its verdict, the certificate that was shown last, and its last results. */
    static String of(CheckLine check, Display display) {
        CheckText text = new CheckText(display);
        text.line("check %s: %s, %s in a row"
                .formatted(
                        title(check.name(), check.type()),
                        check.health(),
                        check.failures() > 0 ? check.failures() + " failed" : check.passes() + " passed"));
        text.certificate(check.certificate());
        for (ResultLine result : check.recent()) {
            text.line(
                    "  " + result.at() + "  ",
                    result.passed(),
                    "%s  %s".formatted(millis(result.millis()), result.reason()));
        }
        return text.text.toString();
    }

    private static String title(String name, String type) {
        return name.isEmpty() ? type : name + " (" + type + ")";
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, "%.1f ms", millis);
    }

    private void line(String line) {
        text.append(Prose.fold(line, 4, display).stripTrailing()).append(System.lineSeparator());
    }

    private void line(String before, boolean passed, String after) {
        String verdict = passed ? "passed" : "failed";
        String folded = Prose.fold((before + verdict + "  " + after).stripTrailing(), 4, display);
        text.append(before)
                .append((passed ? Tone.GOOD : Tone.BAD).paint(verdict, display))
                .append(folded.substring(before.length() + verdict.length()))
                .append(System.lineSeparator());
    }

    private void certificate(@Nullable CertificateLine certificate) {
        if (certificate != null) {
            line("  certificate expires %s, days left: %d".formatted(certificate.expires(), certificate.daysLeft()));
        }
    }
}
