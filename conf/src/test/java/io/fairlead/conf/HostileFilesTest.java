package io.fairlead.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HostileFilesTest {

    @TempDir
    Path directory;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static List<String> problems(Path file) {
        return switch (ConfigFile.load(file)) {
            case ConfigOutcome.Accepted accepted -> throw new AssertionError("accepted: " + accepted.warnings());
            case ConfigOutcome.Refused refused -> refused.report();
        };
    }

    @Test
    void refusesAFileThatIsMissing() {
        Path file = directory.resolve("gone.conf");

        assertThat(problems(file)).containsExactly(file + ": no such file");
    }

    @Test
    void refusesADirectory() {
        assertThat(problems(directory)).containsExactly(directory + ": a directory (expected: a file)");
    }

    @Test
    void refusesADevice() {
        assertThat(problems(Path.of("/dev/zero"))).containsExactly("/dev/zero: a special file (expected: a file)");
    }

    @Test
    void refusesNulBytes() throws IOException {
        Path file = file("nul.conf", "fairlead {\n\0}");

        assertThat(problems(file)).containsExactly(file + ":2: NUL byte (expected: text in UTF-8)");
    }

    @Test
    void refusesOtherEncodings() throws IOException {
        Path file = Files.write(
                directory.resolve("latin.conf"), "\n\nfairlead.node-name = é".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(problems(file)).containsExactly(file + ":3: not UTF-8 (expected: text in UTF-8)");
    }

    @Test
    void refusesAFileLargerThanTheLimit() throws IOException {
        Path file = directory.resolve("large.conf");
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(SourceFiles.TOTAL_BYTES_MAX + 1);
        }

        assertThat(problems(file))
                .containsExactly(file + ": too large (expected: at most 64 MiB with all included files)");
    }

    @Test
    void refusesDeepNesting() throws IOException {
        Path file = file("deep.conf", "a = " + "[".repeat(100_000));

        assertThat(problems(file)).containsExactly(file + ":1: nested too deeply (expected: at most 100 levels)");
    }

    @Test
    void refusesAKeyOfManyParts() throws IOException {
        assertThat(problems(file("dots.conf", "fairlead" + ".a".repeat(200_000) + " = 1")))
                .hasSize(1);
    }

    @Test
    void refusesTextThatGrowsWithoutBound() throws IOException {
        StringBuilder text = new StringBuilder("a0 = xxxxxxxxxx\n");
        for (int i = 1; i < 40; i++) {
            text.append("a%d = ${a%d}${a%d}%n".formatted(i, i - 1, i - 1));
        }
        Path file = file("laughs.conf", text + "fairlead.node-name = ${a39}\n");

        assertThat(problems(file))
                .containsExactly(file + ": substitutions may grow too large (expected: at most 64 MiB)");
    }

    @Test
    void refusesAValueThatDoublesItself() throws IOException {
        Path file = file("self.conf", "a = xxxxxxxxxx\n" + "a = ${a}${a}\n".repeat(40));

        assertThat(problems(file))
                .containsExactly(file + ": substitutions may grow too large (expected: at most 64 MiB)");
    }

    @Test
    void survivesObjectsThatShareThemselves() throws IOException {
        StringBuilder text = new StringBuilder("a0 { k = 1 }\n");
        for (int i = 1; i < 25; i++) {
            text.append("a%d { x = ${a%d}, y = ${a%d} }%n".formatted(i, i - 1, i - 1));
        }

        assertThat(problems(file("shared.conf", text.toString()))).isNotEmpty();
    }

    @Test
    void refusesSubstitutionsInACircle() throws IOException {
        assertThat(problems(file("circle.conf", "fairlead.node-name = ${a}\na = ${b}\nb = ${a}\n")))
                .hasSize(1);
    }

    @Test
    void refusesIncludesInACircle() throws IOException {
        Path file = file("a.conf", "include \"b.conf\"");
        Path other = file("b.conf", "\ninclude \"a.conf\"");

        assertThat(problems(file)).containsExactly(other + ":2: include " + file + ": the file includes itself");
    }

    @Test
    void refusesIncludesThatMultiply() throws IOException {
        for (int i = 0; i < 15; i++) {
            file("f" + i + ".conf", ("include \"f" + (i + 1) + ".conf\"\n").repeat(4));
        }
        file("f15.conf", "");

        assertThat(problems(directory.resolve("f0.conf"))).isNotEmpty();
    }

    @Test
    void printsTheFirstHundredProblems() throws IOException {
        StringBuilder text = new StringBuilder("fairlead {\n");
        for (int i = 0; i < 150; i++) {
            text.append("  key-").append(i).append(" = 1\n");
        }

        List<String> report = problems(file("many.conf", text + "}\n"));

        assertThat(report).hasSize(101).last().isEqualTo("and 50 more");
    }
}
