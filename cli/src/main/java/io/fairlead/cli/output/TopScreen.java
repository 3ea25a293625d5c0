package io.fairlead.cli.output;

import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.RealServerLine;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
import io.fairlead.core.text.Amount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One picture of {@code top}: rates between two reports, sorted, cut to the size of a terminal. Pure. */
public final class TopScreen {

    private static final List<String> UNITS = List.of("", "k", "M", "G", "T", "P");

    /** What the rows are ordered by, and the key that asks for it. */
    public enum Order {
        NAME('n'),
        CONNECTIONS('c'),
        ACTIVE('a'),
        IN('i'),
        OUT('o');

        private final char key;

        Order(char key) {
            this.key = key;
        }

        /** Returns the order that a key asks for. */
        public static Optional<Order> of(char key) {
            for (Order order : values()) {
                if (order.key == key) {
                    return Optional.of(order);
                }
            }
            return Optional.empty();
        }

        /** Returns how it is written on a command line, and shown. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How to draw.
     *
     * @param rows of the terminal, from 1
     * @param skipped how many rows of the table are above the screen
     */
    public record View(int rows, Display display, Order order, boolean reversed, int skipped) {}

    private record Row(VirtualServerLine line, double connections, long active, double in, double out) {

        String name() {
            return line.name();
        }
    }

    private TopScreen() {}

    /**
     * Returns the lines of the screen, at most as many as it has rows and none longer than its columns.
     *
     * @param before an earlier report; empty at the start, when there are no rates yet
     * @param passed between the two
     */
    public static List<String> draw(Optional<StatusReport> before, StatusReport now, Duration passed, View view) {
        List<Row> rows = rows(before, now, passed);
        Comparator<Row> comparator = comparator(view.order());
        rows.sort(view.reversed() ? comparator.reversed() : comparator);
        List<String> table = table(rows).lines(view.display());
        List<String> lines = new ArrayList<>();
        lines.add(cut(head(now), view.display()));
        lines.add(cut(help(view), view.display()));
        lines.add(table.getFirst());
        int room = Math.max(0, view.rows() - lines.size());
        table.stream()
                .skip(1L + Math.min(view.skipped(), Math.max(0, rows.size() - room)))
                .limit(room)
                .forEach(lines::add);
        return lines.stream().limit(view.rows()).toList();
    }

    private static String head(StatusReport now) {
        return "%s  %s  kernel table %s  %s, %s"
                .formatted(
                        now.node(),
                        now.version(),
                        now.reconcile().state(),
                        Amount.of(now.virtualServers().size(), "virtual server"),
                        Amount.of(
                                now.virtualServers().stream()
                                        .mapToInt(line -> line.realServers().size())
                                        .sum(),
                                "real server"));
    }

    private static String help(View view) {
        return "sorted by %s%s   q quit  n c a i o sort  r reverse  j k scroll"
                .formatted(view.order(), view.reversed() ? " (reversed)" : "");
    }

    private static String cut(String text, Display display) {
        return TableLayout.shorten(text, display.columns(), false, display.cutMark());
    }

    /** Numbers have room to change in, so that the columns stay where they are. */
    private static TextTable table(List<Row> rows) {
        TextTable table = new TextTable(
                Column.left("NAME").shrinkingInside(8, 24),
                Column.left("SERVICE").shrinkingInside(21, 28).leaving(3),
                Column.left("STATE").shrinking(7, 14).atLeast(9),
                Column.right("CONN/S").atLeast(6),
                Column.right("ACTIVE").atLeast(6),
                Column.right("INACT").atLeast(6).leaving(2),
                Column.right("IN B/S").atLeast(6),
                Column.right("OUT B/S").atLeast(7),
                Column.right("TOTAL").atLeast(6).leaving(1));
        for (Row row : rows) {
            VirtualServerLine line = row.line();
            table.row(
                    Cell.of(line.name()),
                    Cell.of(line.service()),
                    state(line),
                    Cell.of(amount(row.connections())),
                    Cell.of(amount((double) row.active())),
                    Cell.of(amount((double) line.realServers().stream()
                            .mapToLong(RealServerLine::inactiveConnections)
                            .sum())),
                    Cell.of(amount(row.in())),
                    Cell.of(amount(row.out())),
                    Cell.of(amount((double) line.connections())));
        }
        return table;
    }

    private static Cell state(VirtualServerLine line) {
        String quorum = line.pool().quorum();
        boolean isWhole = line.healthy() == line.realServers().size();
        return Cell.of(line.healthy() + "/" + line.realServers().size() + " " + quorum)
                .in(StateCells.pool(isWhole, quorum));
    }

    /** Returns a number in at most five characters: 999, 1.2k, 34k, 5.6M. */
    static String amount(double number) {
        double left = number;
        int unit = 0;
        while (left >= 999.5 && unit < UNITS.size() - 1) {
            left /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit > 0 && left < 9.95 ? "%.1f%s" : "%.0f%s", left, UNITS.get(unit));
    }

    private static Comparator<Row> comparator(Order order) {
        Comparator<Row> byName = Comparator.comparing(Row::name);
        return switch (order) {
            case NAME -> byName;
            case CONNECTIONS ->
                Comparator.comparingDouble(Row::connections).reversed().thenComparing(byName);
            case ACTIVE -> Comparator.comparingLong(Row::active).reversed().thenComparing(byName);
            case IN -> Comparator.comparingDouble(Row::in).reversed().thenComparing(byName);
            case OUT -> Comparator.comparingDouble(Row::out).reversed().thenComparing(byName);
        };
    }

    private static List<Row> rows(Optional<StatusReport> before, StatusReport now, Duration passed) {
        Map<String, VirtualServerLine> earlier = new HashMap<>();
        before.ifPresent(report -> report.virtualServers().forEach(line -> earlier.put(line.name(), line)));
        double seconds = Math.max(0.001, passed.toMillis() / 1000.0);
        List<Row> rows = new ArrayList<>();
        for (VirtualServerLine line : now.virtualServers()) {
            Optional<VirtualServerLine> old = Optional.ofNullable(earlier.get(line.name()));
            long active = line.realServers().stream()
                    .mapToLong(RealServerLine::activeConnections)
                    .sum();
            rows.add(new Row(
                    line,
                    rate(old.map(VirtualServerLine::connections), line.connections(), seconds),
                    active,
                    rate(old.map(VirtualServerLine::bytesIn), line.bytesIn(), seconds),
                    rate(old.map(VirtualServerLine::bytesOut), line.bytesOut(), seconds)));
        }
        return rows;
    }

    /** A counter that became less was set back: its virtual server was made anew. */
    private static double rate(Optional<Long> before, long now, double seconds) {
        return before.filter(earlier -> earlier <= now)
                .map(earlier -> (now - earlier) / seconds)
                .orElse(0.0);
    }
}
