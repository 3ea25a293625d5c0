package io.fairlead.system.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every document has one heading of the first level, and every relative link leads somewhere. */
class DocumentsTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(#[^)]*)?\\)");

    static List<Path> documents() throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            Stream.concat(top, docs)
                    .filter(path -> path.toString().endsWith(".md"))
                    .map(ROOT::relativize)
                    .sorted()
                    .forEach(found::add);
        }
        return found;
    }

    @ParameterizedTest
    @MethodSource("documents")
    void hasOneHeadingOfTheFirstLevel(Path document) throws IOException {
        boolean[] code = new boolean[1];
        long headings = Files.readAllLines(ROOT.resolve(document)).stream()
                .filter(line -> {
                    code[0] ^= line.startsWith("```");
                    return !code[0] && line.startsWith("# ");
                })
                .count();

        assertThat(headings).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void linksOnlyToWhatExists(Path document) throws IOException {
        Path file = ROOT.resolve(document);
        List<String> broken = new ArrayList<>();

        for (Matcher link = LINK.matcher(Files.readString(file)); link.find(); ) {
            if (!Files.exists(file.resolveSibling(link.group(1)))) {
                broken.add(link.group(1));
            }
        }

        assertThat(broken).isEmpty();
    }
}
