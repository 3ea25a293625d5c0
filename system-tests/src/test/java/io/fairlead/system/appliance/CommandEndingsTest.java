package io.fairlead.system.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.ExitCode;
import io.fairlead.system.topology.Execution;
import io.fairlead.system.topology.RunningProcess;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** How commands end when their reader goes, the disk is full, or the appliance vanishes: with a line and the right exit code. */
@Tag("namespace")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CommandEndingsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String CONFIGURATION = """
        fairlead.high-availability {
          interface = eth0, bind-address = "192.0.2.1", peers = []
          virtual-routers.blue { id = 51, addresses = ["192.0.2.10"] }
        }
        """;

    private static LoneAppliance lone;

    @BeforeAll
    static void start() {
        lone = LoneAppliance.start(CONFIGURATION);
    }

    @AfterAll
    static void stop() {
        if (lone != null) {
            lone.close();
        }
    }

    private static String[] fairlead(String... words) {
        return lone.command(words).toArray(String[]::new);
    }

    /** Runs it in a shell, with what follows it there; the last line that is written is its exit code. */
    private static String[] inShell(String following, String... words) {
        String line =
                List.of(fairlead(words)).stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        return new String[] {"bash", "-c", line + following};
    }

    @Test
    @Order(1)
    void aFullDiskIsAFailure() {
        Execution show = lone.host().run(PATIENCE, inShell(" > /dev/full; echo $?", "events"));

        assertThat(show.out().strip()).isEqualTo(Integer.toString(ExitCode.FAILED));
        assertThat(show.err().strip()).isEqualTo("fairlead: output cannot be written: No space left on device");
    }

    @Test
    @Order(2)
    void aReaderThatGoesEndsWhatFollows() {
        RunningProcess events = lone.host()
                .start(inShell(" | { head -n 1; echo gone; }; echo ${PIPESTATUS[0]}", "events", "-f", "-n", "1"));
        events.awaitLine("gone", PATIENCE);

        lone.host().run(PATIENCE, fairlead("ha", "maintenance", "on")).orThrow(); // something to write
        lone.host().run(PATIENCE, fairlead("ha", "maintenance", "off")).orThrow();

        events.awaitLine("^" + ExitCode.FAILED + "$", PATIENCE);
        events.awaitExit(PATIENCE);
        assertThat(events.err().strip()).isEqualTo("fairlead: output cannot be written: Broken pipe");
    }

    @Test
    @Order(3)
    void aReaderThatGoesEndsTop() {
        Execution top = lone.host()
                .run(PATIENCE, inShell(" | head -n 1; echo ${PIPESTATUS[0]}", "top", "-d", "1", "-n", "1000"));

        assertThat(top.out().lines().toList()).endsWith(Integer.toString(ExitCode.FAILED));
        assertThat(top.err().strip()).isEqualTo("fairlead: output cannot be written: Broken pipe");
    }

    @Test
    @Order(4)
    void anApplianceThatVanishesEndsWhatFollowsIt() {
        RunningProcess events = lone.host().start(fairlead("events", "-f", "-n", "1"));
        RunningProcess top = lone.host().start(fairlead("top", "-d", "1", "-n", "1000"));
        events.awaitLine("blue|edge|appliance", PATIENCE);
        top.awaitLine("kernel table", PATIENCE);

        lone.appliance().kill();

        for (RunningProcess command : List.of(events, top)) {
            assertThat(command.awaitExit(PATIENCE)).isEqualTo(ExitCode.NOT_RUNNING);
            assertThat(command.err().lines().toList())
                    .hasSize(2)
                    .first()
                    .asString()
                    .startsWith("fairlead: no appliance answers on "
                            + lone.appliance().socket());
        }
    }
}
