package io.fairlead.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReferenceDocumentTest {

    @Test
    void documentsEveryKeyThatAReaderKnowsAndNoOther() throws IOException {
        List<String> known = FairleadReader.ALL_KEYS.stream()
                .flatMap(keys -> keys.names().stream().map(name -> keys.section() + "." + name))
                .toList();

        List<String> documented = ReferenceDocument.entries().stream()
                .map(ReferenceDocument.Entry::path)
                .filter(path -> path.contains("."))
                .toList();

        assertThat(documented).containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void givesTheDefaultOfEverySetting() throws IOException {
        for (ReferenceDocument.Entry entry : ReferenceDocument.entries()) {
            if (!entry.isSection()) {
                assertThat(entry.prose()).as(entry.path()).anyMatch(line -> line.startsWith("Default: "));
            }
        }
    }

    static Set<String> checkTypes() {
        return HealthCheckReader.keysByType().keySet();
    }

    /** The examples are those of every type of health check; each type gets those that its readers know. */
    @ParameterizedTest
    @MethodSource("checkTypes")
    void isValidWithEverySettingInForce(String type, @TempDir Path directory) throws IOException {
        Set<String> keys = Objects.requireNonNull(HealthCheckReader.keysByType().get(type));
        List<String> lines = new ArrayList<>();
        boolean inCheck = false;
        for (String line : Files.readAllLines(ReferenceDocument.REFERENCE)) {
            String setting = ReferenceDocument.uncommented(line);
            inCheck = setting.equals("health-check {") || (inCheck && !setting.equals("}"));
            String key = setting.split("[ ={]", 2)[0];
            boolean ofOtherType = inCheck && setting.contains(" = ") && !setting.startsWith("#") && !keys.contains(key);
            // A command, and what is sent, is written in one way or the other.
            boolean isOtherWay = key.equals("payload-hex") || key.equals("shell-command");
            lines.add(ofOtherType || isOtherWay ? "" : setting.replace("type = tcp", "type = " + type));
        }
        Path file = Files.writeString(directory.resolve("all.conf"), String.join("\n", lines));

        ConfigOutcome outcome = ConfigFile.load(file);

        assertThat(outcome).isInstanceOf(ConfigOutcome.Accepted.class);
    }

    @Test
    void isTheSourceOfThePage() throws IOException {
        String page = ReferenceDocument.page();
        if (Boolean.getBoolean("reference.write")) {
            Files.createDirectories(ReferenceDocument.PAGE.getParent());
            Files.writeString(ReferenceDocument.PAGE, page);
        }

        assertThat(ReferenceDocument.PAGE)
                .as("write it again with: mvn -pl conf -am test -Dtest=ReferenceDocumentTest -Dreference.write=true")
                .hasContent(page);
    }
}
