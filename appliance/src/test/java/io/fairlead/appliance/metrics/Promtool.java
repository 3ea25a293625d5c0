package io.fairlead.appliance.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Prometheus' own tool, where it is installed. */
final class Promtool {

    private static final Path PROGRAM = Path.of("/usr/bin/promtool");

    /** @param said everything that it wrote */
    record Verdict(int exitCode, String said) {}

    private Promtool() {}

    /** Runs it in {@code directory} with {@code input}; without it the test is skipped and says so. */
    static Verdict run(Path directory, String input, String... arguments) throws IOException, InterruptedException {
        assumeTrue(
                Files.isExecutable(PROGRAM),
                "needs promtool of Debian's package prometheus: build/install-tools --servers");
        Path given = Files.writeString(directory.resolve("input"), input);
        Path said = directory.resolve("said");
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
        command.addAll(List.of(arguments));
        Process promtool = new ProcessBuilder(command)
                .redirectInput(given.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(promtool.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Verdict(promtool.exitValue(), Files.readString(said));
    }
}
