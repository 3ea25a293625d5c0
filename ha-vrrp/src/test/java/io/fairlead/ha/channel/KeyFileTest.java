package io.fairlead.ha.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void aFile() throws IOException {
        file = Files.writeString(directory.resolve("cluster.key"), KeyFile.newKey() + "\n" + KeyFile.newKey() + "\n");
        mode("rw-r-----");
    }

    private void mode(String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void readsTheKeys() throws KeyFile.Unusable {
        assertThat(KeyFile.read(file).keys()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-rw----", "rw-----w-", "rwxr-x--x"})
    void refusesAFileThatOthersMayReadOrWrite(String permissions) throws IOException {
        mode(permissions);

        assertThatThrownBy(() -> KeyFile.read(file))
                .isInstanceOf(KeyFile.Unusable.class)
                .hasMessage(file + ": mode " + permissions + " (expected: rw-r----- or less; run chmod o-rwx,g-w)");
    }

    @Test
    void refusesWhatIsNoKeyWithoutQuotingIt() throws IOException {
        Files.writeString(file, "hunter2 hunter2\n");

        assertThatThrownBy(() -> KeyFile.read(file))
                .isInstanceOf(KeyFile.Unusable.class)
                .hasMessageStartingWith(file + ": line 1 is no key")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void saysThatThereIsNoFile() {
        Path missing = directory.resolve("missing.key");

        assertThatThrownBy(() -> KeyFile.read(missing))
                .hasMessage(missing + ": no such file (expected: keys, one a line)");
    }

    @Test
    void refusesAFileThatIsNoneOfKeys() throws IOException {
        Files.writeString(file, "x".repeat(20_000));

        assertThatThrownBy(() -> KeyFile.read(file)).hasMessageContaining("longer than 16384 bytes");
    }
}
