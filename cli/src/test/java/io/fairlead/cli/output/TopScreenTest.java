package io.fairlead.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.PoolLine;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopScreenTest {

    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

    private static VirtualServerLine line(String name, long connections, long bytesOut) {
        return new VirtualServerLine(
                name,
                "TCP 192.0.2.10:80",
                "wrr",
                1,
                connections,
                0,
                0,
                bytesOut,
                List.of(),
                new PoolLine("held", null, false, List.of()));
    }

    private static StatusReport report(VirtualServerLine... lines) {
        return new StatusReport(
                1,
                "edge",
                "0.1",
                "2026-01-15T09:30:00Z",
                new StatusReport.Kernel("1.2.1", 4096),
                new StatusReport.Reconcile("in-sync", 0, 0, 0, null, null, List.of(), List.of()),
                new StatusReport.Checks(0, 0, 0, new TreeMap<>(), 0, 0, 0, 0, List.of()),
                StatusReport.PacketRules.NONE,
                List.of(lines),
                List.of(),
                StatusReport.Addresses.NONE,
                StatusReport.Host.NONE,
                List.of(),
                null);
    }

    private static List<String> draw(int rows, int columns, TopScreen.Order order, int skipped) {
        return TopScreen.draw(
                Optional.of(report(line("mail", 100, 0), line("web", 1000, 1_000_000))),
                report(line("mail", 140, 0), line("web", 1010, 5_000_000)),
                TWO_SECONDS,
                new TopScreen.View(rows, Display.WHOLE.ofWidth(columns), order, false, skipped));
    }

    @Test
    void showsRatesBetweenTwoReportsTheBusiestFirst() {
        List<String> lines = draw(24, 80, TopScreen.Order.CONNECTIONS, 0);

        assertThat(lines).hasSize(5);
        assertThat(lines.get(3)).startsWith("mail").contains("      20");
        assertThat(lines.get(4)).startsWith("web").contains("       5").endsWith("2.0M");
        assertThat(draw(24, 80, TopScreen.Order.OUT, 0).get(3)).startsWith("web");
    }

    @Test
    void keepsToTheSizeOfTheTerminal() {
        for (int columns : List.of(1, 20, 52, 80, 200)) {
            for (int rows : List.of(1, 3, 4, 24)) {
                List<String> lines = draw(rows, columns, TopScreen.Order.NAME, 0);

                assertThat(lines).hasSizeLessThanOrEqualTo(rows);
                assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
            }
        }
    }

    @Test
    void scrollsNoFurtherThanTheLastRow() {
        assertThat(draw(4, 80, TopScreen.Order.NAME, 1).getLast()).startsWith("web");
        assertThat(draw(4, 80, TopScreen.Order.NAME, 99).getLast()).startsWith("web");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "999, 999", "999.6, 1.0k", "1234, 1.2k", "34567, 35k", "5600000, 5.6M"})
    void writesAmountsInFewCharacters(double number, String text) {
        assertThat(TopScreen.amount(number)).isEqualTo(text);
    }
}
