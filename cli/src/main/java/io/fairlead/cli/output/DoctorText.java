package io.fairlead.cli.output;

import io.fairlead.appliance.doctor.Finding;
import io.fairlead.appliance.doctor.Severity;
import io.fairlead.core.text.Amount;
import java.util.List;
import java.util.Locale;

/** Renders for people what is wrong with a host. */
public final class DoctorText {

    private static final int INDENT = 9;

    private DoctorText() {}

    /**
     * Returns the findings, each with its remedy, and how many there were.
     *
     * @param all also those where all is well
     */
    public static String of(List<Finding> findings, boolean all, Display display) {
        List<Finding> shown = findings.stream()
                .filter(finding -> all || finding.severity() != Severity.OK)
                .toList();
        StringBuilder text = new StringBuilder();
        shown.forEach(finding -> text.append(finding(finding, display)));
        long well = findings.stream()
                .filter(finding -> finding.severity() == Severity.OK)
                .count();
        return text
                + (shown.isEmpty() ? "nothing to mend: " : "")
                + "%s, %d as they should be%n".formatted(Amount.of(findings.size(), "check"), well);
    }

    private static String finding(Finding finding, Display display) {
        String severity = finding.severity().configName().toUpperCase(Locale.ROOT);
        String found = Prose.fold("%-8s %s: %s".formatted(severity, finding.check(), finding.found()), INDENT, display);
        String remedy = finding.remedy().isEmpty()
                ? ""
                : Prose.fold(" ".repeat(INDENT) + "-> " + finding.remedy(), INDENT + 3, display)
                        + System.lineSeparator();
        return tone(finding.severity()).paint(severity, display)
                + found.substring(severity.length())
                + System.lineSeparator()
                + remedy;
    }

    private static Tone tone(Severity severity) {
        return switch (severity) {
            case OK -> Tone.GOOD;
            case UNKNOWN -> Tone.PLAIN;
            case WARNING -> Tone.ODD;
            case ERROR -> Tone.BAD;
        };
    }
}
