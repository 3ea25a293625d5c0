package io.fairlead.system.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.system.topology.Execution;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What commands write to a terminal, which {@code script} of util-linux makes, and to a pipe. */
@Tag("namespace")
class CommandsOnATerminalTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int COLUMNS = 64;
    private static final String CONFIGURATION = """
        fairlead {
          node-name = edge-of-the-network-with-a-long-name.example.net
          high-availability {
            interface = eth0, bind-address = "192.0.2.1", peers = []
            virtual-routers.outside-addresses-of-the-shop { id = 51, addresses = ["192.0.2.10", "192.0.2.11", "192.0.2.12"] }
          }
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

    private static String fairlead(String line) {
        return lone.command(line.split(" ", -1)).stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
    }

    /** Runs it on a terminal and returns what that was sent. */
    private static String onTerminal(String environment, String line) {
        Execution script = lone.host()
                .run(
                        PATIENCE,
                        "script",
                        "-qec",
                        "stty rows 12 cols " + COLUMNS + "; " + environment + " exec " + fairlead(line),
                        "/dev/null");
        return script.orThrow().out();
    }

    private static Stream<String> lines(String sent) {
        return sent.replaceAll("\033\\[[0-9;?]*[a-zA-Z]", "").lines().map(String::stripTrailing);
    }

    @Test
    void keepToItsWidthAndUseColours() {
        String status = onTerminal("TERM=xterm", "ha status");

        assertThat(lines(status)).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(COLUMNS));
        assertThat(status).contains("\033[32mmaster", "…");
    }

    @Test
    void useNoColourWhereNobodyWantsIt() {
        assertThat(onTerminal("TERM=xterm NO_COLOR=1", "ha status")).doesNotContain("\033[");
    }

    @Test
    void showEverythingInAPipe() {
        String status = lone.host()
                .run(PATIENCE, "bash", "-c", fairlead("ha status"))
                .orThrow()
                .out();

        assertThat(status)
                .contains("outside-addresses-of-the-shop", "192.0.2.10/32 192.0.2.11/32 192.0.2.12/32")
                .doesNotContain("\033[", "…");
    }

    @Test
    void drawOverTheWholeScreenAndLeaveTheTerminalAsItWas() {
        String top = onTerminal("TERM=xterm", "top -d 1 -n 2");

        assertThat(top.strip()).startsWith("\033[?1049h").endsWith("\033[?1049l");
        for (String picture : top.split("\033\\[H", -1)) {
            assertThat(lines(picture))
                    .hasSizeLessThanOrEqualTo(12)
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(COLUMNS));
        }
    }
}
