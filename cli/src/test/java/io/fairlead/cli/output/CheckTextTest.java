package io.fairlead.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.admin.StatusReport.CertificateLine;
import io.fairlead.appliance.admin.StatusReport.CheckLine;
import io.fairlead.appliance.admin.StatusReport.ResultLine;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckTextTest {

    @Test
    void showsTheCertificateAndTheLastResults() {
        CheckLine check = new CheckLine(
                "page",
                "https",
                "unhealthy",
                "status 503 (expected 200-299)",
                null,
                null,
                null,
                0,
                2,
                0,
                new CertificateLine("2026-02-02T03:04:05Z", 30),
                List.of(
                        new ResultLine("2026-01-02T03:04:06.500Z", false, "status 503 (expected 200-299)", 1.25),
                        new ResultLine("2026-01-02T03:04:05.400Z", true, "status 200", 0.04)));

        assertThat(CheckText.of(check, Display.WHOLE)).isEqualToNormalizingNewlines("""
            check page (https): unhealthy, 2 failed in a row
              certificate expires 2026-02-02T03:04:05Z, days left: 30
              2026-01-02T03:04:06.500Z  failed  1.3 ms  status 503 (expected 200-299)
              2026-01-02T03:04:05.400Z  passed  0.0 ms  status 200
            """);
    }

    @Test
    void namesTheTypeOfACheckWithoutAName() {
        CheckLine check = new CheckLine("", "tcp", "healthy", "", null, null, null, 3, 0, 0, null, List.of());

        assertThat(CheckText.of(check, Display.WHOLE))
                .isEqualToNormalizingNewlines("check tcp: healthy, 3 passed in a row\n");
    }
}
