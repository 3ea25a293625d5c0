package io.fairlead.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code admin} and {@code events}. */
class OperatingKeysTest {

    @TempDir
    Path directory;

    private ConfigOutcome load(String text) throws IOException {
        return ConfigFile.load(Files.writeString(directory.resolve("fairlead.conf"), text));
    }

    private FairleadConfig accepted(String text) throws IOException {
        return Outcomes.accepted(load(text));
    }

    private List<String> refused(String text) throws IOException {
        return Outcomes.refused(load(text));
    }

    @Test
    void hasNoSocketForLookingAndNoProgramUnlessAsked() throws IOException {
        FairleadConfig config = accepted("");

        assertThat(config.admin()).isEqualTo(AdminConfig.of(Path.of("/run/fairlead/admin.sock")));
        assertThat(config.events()).isEqualTo(EventsConfig.NONE);
    }

    @Test
    void readsWhatIsAskedForAndShowsIt() throws IOException {
        FairleadConfig config = accepted("""
            fairlead {
              admin { read-only-socket = "/run/fairlead/look.sock", read-only-group = monitoring }
              events.notify { command = ["/bin/tell", "-v"], user = nobody, timeout = 5s, kinds = [role, health] }
            }
            """);

        assertThat(config.admin().readOnlySocket()).hasValue(Path.of("/run/fairlead/look.sock"));
        assertThat(config.admin().readOnlyGroup()).hasValue("monitoring");
        assertThat(config.events())
                .isEqualTo(new EventsConfig(
                        Optional.of(new NotifySpec(
                                List.of("/bin/tell", "-v"),
                                Optional.of("nobody"),
                                Optional.empty(),
                                Duration.ofSeconds(5))),
                        Set.of("health", "role")));
        assertThat(accepted(ConfigRenderer.render(config))).isEqualTo(config);
    }

    @Test
    void tellsAProgramOfEverythingUnlessItIsToldOtherwise() throws IOException {
        EventsConfig events =
                accepted("fairlead.events.notify.shell-command = \"logger\"").events();

        assertThat(events.kinds()).containsExactlyInAnyOrderElementsOf(EventsConfig.ALL_KINDS);
        assertThat(events.notification().orElseThrow().timeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "admin.read-only-socket = look.sock | \"look.sock\" (expected: an absolute path of at most 107 bytes,"
                        + " or none)",
                "admin.read-only-socket = /run/fairlead/admin.sock | \"/run/fairlead/admin.sock\" (expected: another"
                        + " than socket)",
                "admin.read-only-group = \"a b\" | \"a b\" (expected: a name such as nobody)",
                "events.notify.kinds = [helth] | \"helth\" (expected: one of appliance, configuration,",
                "events.notify { command = [\"/bin/tell\"], kinds = [] } | empty (expected: one or more of",
                "events.notify { timeout = 5s } | command",
                "events.notfy { command = [\"/bin/tell\"] } | notfy",
            })
    void saysWhatIsWrong(String line, String said) throws IOException {
        assertThat(refused("fairlead." + line))
                .anySatisfy(problem -> assertThat(problem).contains(said));
    }
}
