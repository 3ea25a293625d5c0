package io.fairlead.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.admin.StatusReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that commands show for people, with long names and addresses, on terminals of every width. */
class NarrowTerminalsTest {

    private static final StatusReport STATUS = LongReports.status();

    private static Arguments shown(String command, Function<Display, String> text) {
        return Arguments.of(command, text);
    }

    static Stream<Arguments> everything() {
        return Stream.of(
                shown("status", display -> StatusTable.render(STATUS, display)),
                shown("vs list", display -> PoolTables.virtualServers(STATUS, display)),
                shown(
                        "vs show",
                        display ->
                                PoolTables.virtualServer(STATUS.virtualServers().getFirst(), display)),
                shown("rs list", display -> PoolTables.realServers(STATUS.virtualServers(), display)),
                shown(
                        "rs show",
                        display -> PoolTables.realServer(
                                "shop",
                                STATUS.virtualServers().getFirst().realServers().getLast(),
                                display)),
                shown("ha status", display -> HaTable.render(LongReports.ha(), display)),
                shown("kubernetes status", display -> KubernetesTables.status(LongReports.kubernetes(), display)),
                shown("explain", display -> ExplainText.of(LongReports.explanation(), display)),
                shown("doctor", display -> DoctorText.of(LongReports.findings(), true, display)),
                shown("top", NarrowTerminalsTest::top));
    }

    private static String top(Display display) {
        return String.join(
                "\n",
                TopScreen.draw(
                        Optional.of(STATUS),
                        STATUS,
                        Duration.ofSeconds(2),
                        new TopScreen.View(24, display, TopScreen.Order.CONNECTIONS, false, 0)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everything")
    void nothingIsWiderThanTheTerminal(String command, Function<Display, String> text) {
        for (int columns = 72; columns <= 250; columns++) {
            int width = columns;
            assertThat(text.apply(Display.WHOLE.ofWidth(columns)).lines())
                    .as(command + " on " + columns)
                    .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(width));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everything")
    void coloursAreNeverTheOnlySignal(String command, Function<Display, String> text) {
        for (int columns : List.of(80, 120, 1000)) {
            String coloured = text.apply(new Display(columns, true, "…"));

            assertThat(coloured.replaceAll("\033\\[\\d+m", ""))
                    .as(command)
                    .isEqualTo(text.apply(new Display(columns, false, "…")));
        }
    }

    @Test
    void aWiderTerminalShowsMore() {
        Function<Integer, String> heading =
                columns -> PoolTables.realServers(STATUS.virtualServers(), Display.WHOLE.ofWidth(columns))
                        .lines()
                        .findFirst()
                        .orElseThrow();

        assertThat(heading.apply(80)).doesNotContain("INACT", "SINCE", "CERT-DAYS");
        assertThat(heading.apply(120)).contains("REASON");
        assertThat(heading.apply(140)).contains("INACT", "REASON");
        assertThat(heading.apply(300)).contains("FORWARDING", "TOTAL", "SINCE", "CERT-DAYS", "REASON");
    }
}
