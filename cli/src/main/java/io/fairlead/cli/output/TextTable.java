package io.fairlead.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Columns of text, each as wide as its widest cell, two spaces apart. */
public final class TextTable {

    /** A column: its heading and the side that its cells lean to. */
    public record Column(String heading, boolean leansRight) {}

    /** Returns a column whose cells lean to the left. */
    public static Column left(String heading) {
        return new Column(heading, false);
    }

    /** Returns a column whose cells lean to the right. */
    public static Column right(String heading) {
        return new Column(heading, true);
    }

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    public TextTable(Column... columns) {
        this.columns = List.of(columns);
        rows.add(this.columns.stream().map(Column::heading).toList());
    }

    /** Adds a row of as many cells as there are columns. */
    public void row(List<String> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(cells.size() + " cells for " + columns.size() + " columns");
        }
        rows.add(List.copyOf(cells));
    }

    /** Returns the heading and the rows, without trailing blanks. */
    public String render() {
        int[] widths = new int[columns.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                line.append(columns.get(i).leansRight() ? padding + row.get(i) : row.get(i) + padding);
                line.append("  ");
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }
}
