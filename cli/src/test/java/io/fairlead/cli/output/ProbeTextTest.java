package io.fairlead.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.admin.CheckReport;
import io.fairlead.appliance.admin.CheckReport.ProbeLine;
import io.fairlead.appliance.admin.StatusReport.CertificateLine;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbeTextTest {

    @Test
    void showsWhatEachProbeFound() {
        CheckReport report = new CheckReport(
                true,
                List.of(),
                false,
                List.of(
                        new ProbeLine("", "tcp", false, "connection refused", 0.25, null, null),
                        new ProbeLine(
                                "page",
                                "https",
                                true,
                                "status 200",
                                12.0,
                                null,
                                new CertificateLine("2026-02-02T03:04:05Z", 30))));

        assertThat(CheckText.of(report, Display.WHOLE)).isEqualToNormalizingNewlines("""
            failed  tcp  0.3 ms  connection refused
            passed  page (https)  12.0 ms  status 200
              certificate expires 2026-02-02T03:04:05Z, days left: 30
            """);
    }
}
