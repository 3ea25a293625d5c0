package io.fairlead.system.packages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The life of the RPM in a root of its own, by the tools of rpm: installed as an older version, verified, upgraded, erased. A
 * story in order. No service manager runs there; the service itself is the same as the DEB's.
 */
@Tag("packages")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RpmLabTest {

    private static final String OWN_LINE = "# of the operator\n";

    @SuppressWarnings("NullAway.Init") // set before any test
    private OwnRoot root;

    @BeforeAll
    void makeRoot() {
        root = OwnRoot.create();
    }

    @AfterAll
    void removeRoot() {
        root.close();
    }

    private String rpm(String... words) {
        String[] whole = new String[words.length + 3];
        whole[0] = "rpm";
        whole[1] = "--root";
        whole[2] = root.text();
        System.arraycopy(words, 0, whole, 3, words.length);
        return Command.run(whole);
    }

    private Path configuration() {
        return root.path("etc/fairlead/fairlead.conf");
    }

    @Test
    @Order(1)
    void listsWhatBelongsToIt() {
        List<String> files =
                Command.run("rpm", "-qlp", BuiltPackages.rpm()).lines().toList();

        assertThat(files)
                .contains(
                        "/etc/fairlead/fairlead.conf",
                        "/usr/bin/fairlead",
                        "/usr/lib/fairlead/runtime/bin/java",
                        "/usr/lib/systemd/system/fairlead.service",
                        "/usr/lib/modules-load.d/fairlead.conf",
                        "/usr/lib/sysctl.d/50-fairlead.conf",
                        "/usr/share/man/man8/fairlead.8.gz",
                        "/usr/share/man/man5/fairlead.conf.5.gz",
                        "/usr/share/doc/fairlead/sbom.cdx.json",
                        "/usr/share/doc/fairlead/licenses/README")
                .allMatch(file -> file.contains("fairlead"), "has our name in it");
        assertThat(Command.run("rpm", "-qcp", BuiltPackages.rpm()).lines())
                .containsExactly("/etc/default/fairlead", "/etc/fairlead/fairlead.conf");
    }

    @Test
    @Order(2)
    void isInstalledAndVerified() throws IOException {
        // What it requires is here, but from packages of Debian, of which rpm does not know.
        rpm("-i", "--nodeps", BuiltPackages.olderRpm());

        assertThat(rpm("--verify", "--nodeps", "fairlead")).isEmpty();
        assertThat(root.run("fairlead", "--version")).startsWith("fairlead 0.");
        assertThat(root.run("fairlead", "config", "check")).contains("0 virtual servers");
        assertThat(Files.readString(root.path("etc/passwd"))).contains("fairlead:x:");
    }

    @Test
    @Order(3)
    void anUpgradeKeepsTheConfiguration() throws IOException {
        Files.writeString(configuration(), Files.readString(configuration()) + OWN_LINE);

        rpm("-U", "--nodeps", BuiltPackages.rpm());

        assertThat(rpm("-q", "fairlead").lines()).singleElement().asString().doesNotContain("0.0.1");
        assertThat(configuration()).content().endsWith(OWN_LINE);
        // Its size, digest and time (S, 5, T) differ from what was installed, and those of no other file do.
        assertThat(Command.attempt("rpm", "--root", root.text(), "--verify", "--nodeps", "fairlead")
                        .out()
                        .strip())
                .matches("S\\.5\\.+T\\.\\s+c /etc/fairlead/fairlead\\.conf");
    }

    @Test
    @Order(4)
    void anErasureKeepsTheConfigurationAsideAndNothingElse() {
        rpm("-e", "fairlead");

        assertThat(root.path("usr/lib/fairlead")).doesNotExist();
        assertThat(root.path("usr/bin/fairlead")).doesNotExist();
        assertThat(configuration()).doesNotExist();
        assertThat(root.path("etc/fairlead/fairlead.conf.rpmsave")).content().endsWith(OWN_LINE);
    }
}
