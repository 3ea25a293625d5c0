package io.fairlead.cli.command;

import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.appliance.admin.DoctorReport;
import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.doctor.Doctor;
import io.fairlead.appliance.doctor.Finding;
import io.fairlead.appliance.doctor.HostFactsReader;
import io.fairlead.appliance.doctor.Severity;
import io.fairlead.cli.ExitCode;
import io.fairlead.cli.output.DoctorText;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is wrong with this host. */
@Command(
        name = "doctor",
        description = {
            "Look for what keeps Fairlead from working on this host, and say how to mend it.",
            "Works with a running appliance and without; as root it sees more. Changes nothing.",
            "Exit code: 0 nothing to mend, 6 warnings, 1 errors.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  fairlead doctor",
            "  fairlead doctor --all",
            "  fairlead doctor -c /etc/fairlead/next.conf -o json",
        })
public final class DoctorCommand extends ApplianceCommand implements Callable<Integer> {

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Option(
            names = {"-a", "--all"},
            description = "Show also what is as it should be.")
    private boolean all;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TABLE;

    @Override
    public Integer call() {
        List<Finding> findings = Doctor.examine(HostFactsReader.read(
                config.file.toAbsolutePath(),
                answer(StatusReport.class, "/v1/status"),
                answer(HaReport.class, "/v1/ha")));
        Severity worst = Doctor.worst(findings);
        print(
                switch (format) {
                    case JSON -> json(findings, worst) + System.lineSeparator();
                    case TABLE, WIDE -> DoctorText.of(findings, all, display(format));
                });
        return switch (worst) {
            case OK, UNKNOWN -> ExitCode.OK;
            case WARNING -> ExitCode.WARNINGS;
            case ERROR -> ExitCode.FAILED;
        };
    }

    private <T extends Record> Optional<T> answer(Class<T> report, String path) {
        try {
            return Optional.of(ask(report, "GET", path, ""));
        } catch (CommandFailure e) {
            return Optional.empty(); // which is one of the findings
        }
    }

    private static String json(List<Finding> findings, Severity worst) {
        return AdminJson.write(new DoctorReport(
                StatusReport.SCHEMA_VERSION,
                worst.configName(),
                findings.stream()
                        .map(finding -> new DoctorReport.FindingLine(
                                finding.check(), finding.severity().configName(), finding.found(), finding.remedy()))
                        .toList()));
    }
}
