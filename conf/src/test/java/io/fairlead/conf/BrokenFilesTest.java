package io.fairlead.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of {@code broken/} is refused for exactly the problems that stand beside it in {@code *.problems}. */
class BrokenFilesTest {

    private static final Path FOLDER = Path.of("src/test/resources/broken");

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".conf"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void reportsEveryProblemWithItsLine(Path file) throws IOException {
        Path expected = Path.of(file.toString().replace(".conf", ".problems"));

        ConfigOutcome outcome = ConfigFile.load(file);

        assertThat(outcome).isInstanceOfSatisfying(ConfigOutcome.Refused.class, refused -> {
            String report = String.join("\n", refused.report()).replace(FOLDER + "/", "") + "\n";
            assertThat(expected).content().isEqualTo(report);
        });
    }
}
