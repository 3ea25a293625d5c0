package io.fairlead.system.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of cases in docs/internals/kubernetes.md names a test for each case that applies, and the test exists. */
class KubernetesCasesTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| [^|]+ \\| (.*) \\|");
    private static final Pattern TEST = Pattern.compile("`(\\w+)\\.(\\w+)`");
    private static final Pattern ANSWER = Pattern.compile("`KubeProxyAnswersTest` \"(.*)\"");
    private static final int CASES = 128;

    private record Row(int number, String heldBy) {}

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/internals/kubernetes.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.add(new Row(Integer.parseInt(row.group(1)), row.group(2)));
            }
        }
        return rows;
    }

    @Test
    void everyCaseHasARow() throws IOException {
        assertThat(rows())
                .extracting(Row::number)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, CASES).boxed().toList());
    }

    @Test
    void everyRowNamesATestThatExistsOrSaysWhyNot() throws IOException {
        Set<String> answers = answers();
        List<String> wrong = new ArrayList<>();

        for (Row row : rows()) {
            Matcher test = TEST.matcher(row.heldBy());
            Matcher answer = ANSWER.matcher(row.heldBy());
            boolean holds = test.matches()
                    ? test.group(2).matches(".*(case|And|Of|To)" + row.number() + "(\\D.*)?")
                            && exists(test.group(1), test.group(2))
                    : answer.matches()
                            ? answers.contains(answer.group(1))
                            : row.heldBy().startsWith("not applicable: ");
            if (!holds) {
                wrong.add(row.number() + ": " + row.heldBy());
            }
        }

        assertThat(wrong).isEmpty();
    }

    private static Set<String> answers() throws IOException {
        Set<String> names = new HashSet<>();
        for (String line :
                Files.readAllLines(ROOT.resolve("kube-sync/src/test/resources/kubernetes/endpoint-cases.jsonl"))) {
            names.add(JsonParser.parseString(line).getAsJsonObject().get("name").getAsString());
        }
        return names;
    }

    private static boolean exists(String testClass, String method) throws IOException {
        for (String module : List.of("kube-sync", "appliance", "system-tests")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module + "/src/test/java"))) {
                List<Path> found = files.filter(
                                file -> file.getFileName().toString().equals(testClass + ".java"))
                        .toList();
                if (!found.isEmpty()) {
                    return Files.readString(found.getFirst()).contains("void " + method + "(");
                }
            }
        }
        return false;
    }
}
