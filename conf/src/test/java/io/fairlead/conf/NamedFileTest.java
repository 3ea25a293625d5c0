package io.fairlead.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.ha.channel.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a check of a configuration says of the files that it names. */
class NamedFileTest {

    @TempDir
    Path directory;

    private Path file;
    private Path keys;

    @BeforeEach
    void aPair() throws IOException {
        keys = directory.resolve("cluster.key");
        file = Files.writeString(directory.resolve("fairlead.conf"), """
            fairlead.high-availability {
              interface = eth0, bind-address = "192.0.2.2", peers = ["192.0.2.3"]
              secret-file = "%s"
              virtual-routers.outside { id = 51, addresses = ["192.0.2.10"] }
            }
            """.formatted(keys));
    }

    private List<String> warnings() {
        return ((ConfigOutcome.Accepted) ConfigFile.loadWithFiles(file))
                .warnings().stream().map(Problem::toString).toList();
    }

    private void writeKeys(String text, String mode) throws IOException {
        Files.writeString(keys, text);
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString(mode));
    }

    @Test
    void saysWhereKeysAreNamedThatAreNotThere() {
        assertThat(warnings())
                .containsExactly(file + ":3: fairlead.high-availability.secret-file: " + keys
                        + ": no such file (expected: keys, one a line: fairlead ha key)");
    }

    @Test
    void hasNothingToSayOfGoodKeys() throws IOException {
        writeKeys(KeyFile.newKey() + "\n", "rw-r-----");

        assertThat(warnings()).isEmpty();
    }

    @Test
    void warnsOfKeysThatOthersMayRead() throws IOException {
        writeKeys(KeyFile.newKey() + "\n", "rw-r--r--");

        assertThat(warnings())
                .containsExactly(file + ":3: fairlead.high-availability.secret-file: " + keys
                        + ": mode rw-r--r-- (expected: rw-r----- or less; run chmod o-rwx,g-w)");
    }

    @Test
    void doesNotQuoteWhatIsNoKey() throws IOException {
        writeKeys("hunter2\n", "rw-r-----");

        assertThat(warnings())
                .singleElement()
                .asString()
                .contains("line 1 is no key")
                .doesNotContain("hunter2");
    }

    @Test
    void warnsOfADirectoryInPlaceOfKeys() throws IOException {
        Files.createDirectory(keys);

        assertThat(warnings()).singleElement().asString().contains(keys + ": not a regular file");
    }

    @Test
    void asksForNoKeysWithoutPeers() throws IOException {
        Files.writeString(file, Files.readString(file).replace("[\"192.0.2.3\"]", "[]"));

        assertThat(warnings()).isEmpty();
    }

    @Test
    void warnsOnceOfAProgramAndOfAKubeconfigOnlyWhereOneIsUsed() throws IOException {
        Path kubeconfig = directory.resolve("kubeconfig");
        String text = """
            fairlead.defaults.health-check { type = script, command = ["%1$s/probe", now] }
            fairlead.virtual-servers.web {
              address = "192.0.2.10", port = 80
              real-servers = [{ address = "198.51.100.11" }, { address = "198.51.100.12" }]
            }
            fairlead.kubernetes {
              kubeconfig = "%2$s"
              address-pools.public.addresses = ["203.0.113.0/24"]
            }
            """.formatted(directory, kubeconfig);
        Files.writeString(file, text);

        String program = file + ":1: fairlead.defaults.health-check.command: " + directory
                + "/probe: no such file (expected: a program)";
        assertThat(warnings()).containsExactly(program);

        Files.writeString(file, text + "fairlead.kubernetes.enabled = true\n");

        assertThat(warnings())
                .containsExactly(
                        program,
                        file + ":7: fairlead.kubernetes.kubeconfig: " + kubeconfig
                                + ": no such file (expected: the kubeconfig of an account that may read the cluster)");
    }

    /** The appliance itself says so when it opens them, and a reload compares configurations, not hosts. */
    @Test
    void aLoadDoesNotLookAtThem() {
        assertThat(((ConfigOutcome.Accepted) ConfigFile.load(file)).warnings()).isEmpty();
    }
}
