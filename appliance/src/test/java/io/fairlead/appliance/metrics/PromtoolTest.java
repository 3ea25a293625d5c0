package io.fairlead.appliance.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The judgement of Prometheus' own tool about names, units and texts of help. */
class PromtoolTest {

    @Test
    void hasNothingToSayAboutOurMetrics(@TempDir Path directory) throws IOException, InterruptedException {
        assertThat(judge(Scrapes.text(Scrapes.typical()), directory)).isEmpty();
    }

    @Test
    void wouldSaySo(@TempDir Path directory) throws IOException, InterruptedException {
        String bad = "# HELP fairlead_wait_ms Wait.\n# TYPE fairlead_wait_ms counter\nfairlead_wait_ms 1\n";

        assertThat(judge(bad, directory)).contains("_total").contains("fairlead_wait_ms");
    }

    private static String judge(String text, Path directory) throws IOException, InterruptedException {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/promtool")),
                "needs promtool of Debian's package prometheus: build/install-tools --servers");
        Path metrics = Files.writeString(directory.resolve("metrics"), text);
        Path said = directory.resolve("said");
        Process promtool = new ProcessBuilder("/usr/bin/promtool", "check", "metrics")
                .redirectInput(metrics.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(promtool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(said);
    }
}
