package io.fairlead.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void isValidWithEverySettingInForce(@TempDir Path directory) throws IOException {
        String text = Files.readAllLines(ReferenceDocument.REFERENCE).stream()
                .map(ReferenceDocument::uncommented)
                .collect(Collectors.joining("\n"))
                .replace("type = tcp", "type = http"); // the keys of http are examples that go with it
        Path file = Files.writeString(directory.resolve("all.conf"), text);

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
