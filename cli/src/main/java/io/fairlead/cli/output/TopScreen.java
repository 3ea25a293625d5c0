package io.fairlead.cli.output;

import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.RealServerLine;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
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
    }

    /**
     * How to draw.
     *
     * @param rows of the terminal, from 1
     * @param columns of the terminal, from 1
     * @param skipped how many rows of the table are above the screen
     */
    public record View(int rows, int columns, Order order, boolean reversed, int skipped) {}

    private record Row(String name, String state, double connections, long active, double in, double out) {}

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
        List<String> lines = new ArrayList<>();
        lines.add("%s  %s  kernel table %s  %d virtual servers, %d real servers"
                .formatted(
                        now.node(),
                        now.version(),
                        now.reconcile().state(),
                        now.virtualServers().size(),
                        now.virtualServers().stream()
                                .mapToInt(line -> line.realServers().size())
                                .sum()));
        lines.add("sorted by %s%s   q quit  n c a i o sort  r reverse  j k scroll"
                .formatted(view.order().name().toLowerCase(Locale.ROOT), view.reversed() ? " (reversed)" : ""));
        int nameWidth = Math.max(4, Math.min(view.columns() - 48, longestName(rows)));
        lines.add(line(nameWidth, "NAME", "STATE", "CONN/S", "ACTIVE", "IN B/S", "OUT B/S"));
        int room = Math.max(0, view.rows() - lines.size());
        rows.stream()
                .skip(Math.min(view.skipped(), Math.max(0, rows.size() - room)))
                .limit(room)
                .map(row -> line(
                        nameWidth,
                        row.name(),
                        row.state(),
                        amount(row.connections()),
                        amount((double) row.active()),
                        amount(row.in()),
                        amount(row.out())))
                .forEach(lines::add);
        return lines.stream()
                .limit(view.rows())
                .map(line -> cut(line, view.columns()).stripTrailing())
                .toList();
    }

    private static int longestName(List<Row> rows) {
        return rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    }

    private static String line(int nameWidth, String name, String state, String... numbers) {
        StringBuilder text = new StringBuilder();
        text.append(pad(cut(name, nameWidth), nameWidth)).append("  ").append(pad(cut(state, 12), 12));
        for (String number : numbers) {
            text.append(" ".repeat(Math.max(1, 8 - number.length()))).append(number);
        }
        return text.toString();
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String cut(String text, int width) {
        if (text.length() <= width) {
            return text;
        }
        return width < 2 ? text.substring(0, Math.max(0, width)) : text.substring(0, width - 1) + "…";
    }

    /** Returns a number in at most five characters: 999, 1.2k, 34k, 5.6M. */
    static String amount(double number) {
        double left = number;
        int unit = 0;
        while (left >= 999.5 && unit < UNITS.size() - 1) {
            left /= 1000;
            unit++;
        }
        return unit > 0 && left < 9.95
                ? "%.1f%s".formatted(left, UNITS.get(unit))
                : "%.0f%s".formatted(left, UNITS.get(unit));
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
                    line.name(),
                    line.healthy() + "/" + line.realServers().size() + " "
                            + line.pool().quorum(),
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
