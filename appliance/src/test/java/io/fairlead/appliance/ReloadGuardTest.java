package io.fairlead.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.state.ReloadGuardFile;
import io.fairlead.appliance.state.ReloadGuardFile.Phase;
import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.FairleadConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a later process makes of a reload that nobody has confirmed. Each guard here is a process of its own. */
@Timeout(60)
class ReloadGuardTest {

    private static final Duration AN_HOUR = Duration.ofHours(1);

    @TempDir
    Path directory;

    private ReloadGuardFile file() {
        return new ReloadGuardFile(directory);
    }

    private ConfigOutcome named(String node) throws IOException {
        return ConfigFile.load(
                Files.writeString(directory.resolve(node + ".conf"), "fairlead.node-name = " + node + "\n"));
    }

    private static FairleadConfig config(ConfigOutcome outcome) {
        return ((ConfigOutcome.Accepted) outcome).config();
    }

    private static String node(ConfigOutcome outcome) {
        return config(outcome).nodeName();
    }

    private void begin(Duration within) throws IOException {
        try (ReloadGuard guard = new ReloadGuard(file())) {
            guard.begin(within, config(named("old")), config(named("new")));
        }
    }

    private String nodeAfterStart(String inFile) throws IOException {
        try (ReloadGuard guard = new ReloadGuard(file())) {
            return node(guard.atStart(named(inFile)));
        }
    }

    @Test
    void aStartBeforeTheDeadlineGoesOnAndAfterItGoesBack() throws IOException {
        begin(AN_HOUR);
        assertThat(nodeAfterStart("new")).isEqualTo("new");

        begin(Duration.ZERO);
        assertThat(nodeAfterStart("new")).isEqualTo("old");
    }

    @Test
    void staysTakenBackUntilTheFileChanges() throws IOException {
        begin(Duration.ZERO);

        assertThat(nodeAfterStart("new")).isEqualTo("old");
        assertThat(nodeAfterStart("new")).isEqualTo("old");
        assertThat(nodeAfterStart("mended")).isEqualTo("mended");
        assertThat(nodeAfterStart("new")).isEqualTo("new");
    }

    @Test
    void whatIsConfirmedStays() throws IOException {
        begin(Duration.ZERO);
        try (ReloadGuard guard = new ReloadGuard(file())) {
            guard.forget();
        }

        assertThat(nodeAfterStart("new")).isEqualTo("new");
    }

    @Test
    void aSecondReloadThatWaitsGoesBackToTheFirstOneBefore() throws IOException {
        try (ReloadGuard guard = new ReloadGuard(file())) {
            guard.begin(AN_HOUR, config(named("old")), config(named("new")));
            guard.begin(Duration.ZERO, config(named("new")), config(named("newer")));

            assertThat(node(guard.before())).isEqualTo("old");
        }
        assertThat(nodeAfterStart("newer")).isEqualTo("old");
    }

    @Test
    void wakesAtTheDeadline() throws IOException, InterruptedException {
        CountDownLatch woken = new CountDownLatch(1);
        try (ReloadGuard guard = new ReloadGuard(file())) {
            guard.begin(Duration.ofMillis(50), config(named("old")), config(named("new")));
            guard.arm(woken::countDown);

            assertThat(woken.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aDamagedFileIsNoGuard() throws IOException {
        Files.writeString(file().file(), "# fairlead reload guard: phase=pending deadline=soon fingerprint=x\n");

        assertThat(nodeAfterStart("new")).isEqualTo("new");
    }

    @Test
    void keepsTheDeadlineToTheMillisecond() throws IOException {
        Instant deadline = Instant.parse("2026-01-15T09:41:12.004Z");
        ReloadGuardFile.Guard guard = new ReloadGuardFile.Guard(Phase.PENDING, deadline, "0".repeat(64));

        file().write(guard, "fairlead {}\n");

        assertThat(file().read()).isEqualTo(Optional.of(guard));
    }
}
