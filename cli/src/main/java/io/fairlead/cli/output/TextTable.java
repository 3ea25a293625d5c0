package io.fairlead.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Columns of text, as wide as their cells want to be and the display allows, two spaces apart. */
final class TextTable {

    /** How many forms of cells are tried before columns are left out. */
    private static final int FORMS_MAX = 4;

    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    TextTable(Column... columns) {
        this.columns = List.of(columns);
        rows.add(this.columns.stream().map(Column::heading).map(Cell::of).toList());
    }

    /** Adds a row of as many cells as there are columns. */
    void row(Cell... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        rows.add(List.of(cells));
    }

    /** Returns the heading and the rows as text. */
    String render(Display display) {
        StringBuilder text = new StringBuilder();
        lines(display).forEach(line -> text.append(line).append(System.lineSeparator()));
        return text.toString();
    }

    /** Returns the heading and the rows, without trailing blanks. Fewer words come before fewer columns. */
    List<String> lines(Display display) {
        int[] natural = naturalWidths(0);
        for (int form = 1;
                form < FORMS_MAX && !TableLayout.isComfortable(columns, natural, display.columns());
                form++) {
            natural = naturalWidths(form);
        }
        int[] widths = TableLayout.widths(columns, natural, display.columns());
        return rows.stream().map(row -> line(row, widths, display)).toList();
    }

    /** @param form which of the forms of cells, from 0 */
    private int[] naturalWidths(int form) {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(1, columns.get(i).least());
            for (List<Cell> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).form(form).length());
            }
        }
        return widths;
    }

    /** Blanks are owed until something follows them; what a narrow terminal has no room for at all is cut off. */
    private String line(List<Cell> row, int[] widths, Display display) {
        StringBuilder line = new StringBuilder();
        int owed = 0;
        int used = 0;
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] == 0) {
                continue;
            }
            Column column = columns.get(i);
            String text = TableLayout.shorten(
                    row.get(i).fitting(widths[i]), widths[i], column.keepsEnds(), display.cutMark());
            int padding = widths[i] - text.length();
            int before = owed + (column.leansRight() ? padding : 0);
            if (!text.isBlank()) {
                String fitting = TableLayout.shorten(text, display.columns() - used - before, false, display.cutMark());
                if (!fitting.isEmpty()) {
                    line.append(" ".repeat(before)).append(row.get(i).tone().paint(fitting, display));
                    used += before + fitting.length();
                }
                before = 0;
            } else {
                before += text.length();
            }
            owed = before + (column.leansRight() ? 0 : padding) + TableLayout.GAP.length();
        }
        return line.toString();
    }
}
