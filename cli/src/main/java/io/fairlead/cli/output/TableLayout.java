package io.fairlead.cli.output;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Decides which columns of a table are shown, and how wide. Pure.
 *
 * <p>With room enough all are, each as wide as its widest cell. Otherwise columns leave in their order until the others have
 * room for their comfort, or none is left that may leave; what is left of the room goes to the columns that are shortened, the
 * narrowest first, so that a short name is whole before a long one gets longer.
 */
final class TableLayout {

    /** Between two columns. */
    static final String GAP = "  ";

    private TableLayout() {}

    /**
     * Returns the width of each column; 0 for those that are left out.
     *
     * @param natural how wide each would be with room enough, at least 1
     * @param room how wide a line may be
     */
    static int[] widths(List<Column> columns, int[] natural, int room) {
        List<Integer> shown =
                new ArrayList<>(IntStream.range(0, natural.length).boxed().toList());
        IntUnaryOperator comfort = comfort(columns, natural);
        while (lineWidth(shown, comfort) > room) {
            Optional<Integer> first = shown.stream()
                    .filter(i -> columns.get(i).mayLeave())
                    .min(Comparator.comparingInt(i -> columns.get(i).leaves()));
            if (first.isEmpty()) {
                break;
            }
            int leaving = first.get();
            shown.removeIf(i -> i == leaving);
        }
        boolean isComfortable = lineWidth(shown, comfort) <= room;
        int[] widths = new int[natural.length];
        for (int i : shown) {
            widths[i] = isComfortable
                    ? comfort.applyAsInt(i)
                    : Math.min(natural[i], columns.get(i).floor());
        }
        grow(shown, widths, natural, room - lineWidth(shown, i -> widths[i]));
        return widths;
    }

    /** Returns whether all columns have room for their comfort. */
    static boolean isComfortable(List<Column> columns, int[] natural, int room) {
        List<Integer> all = IntStream.range(0, natural.length).boxed().toList();
        return lineWidth(all, comfort(columns, natural)) <= room;
    }

    private static IntUnaryOperator comfort(List<Column> columns, int[] natural) {
        return i -> Math.min(natural[i], columns.get(i).comfort());
    }

    private static void grow(List<Integer> shown, int[] widths, int[] natural, long room) {
        for (long left = room; left > 0; left--) {
            Optional<Integer> narrowest =
                    shown.stream().filter(i -> widths[i] < natural[i]).min(Comparator.comparingInt(i -> widths[i]));
            if (narrowest.isEmpty()) {
                return;
            }
            widths[narrowest.get()]++;
        }
    }

    private static long lineWidth(List<Integer> shown, IntUnaryOperator width) {
        return shown.stream().mapToLong(width::applyAsInt).sum() + (long) GAP.length() * Math.max(0, shown.size() - 1);
    }

    /** Returns the text in at most {@code width} characters, with a mark where something is left out. */
    static String shorten(String text, int width, boolean keepsEnds, String mark) {
        if (text.length() <= width) {
            return text;
        }
        int kept = width - mark.length();
        if (kept < 1) {
            return text.substring(0, Math.max(0, width));
        }
        int end = keepsEnds ? kept / 2 : 0;
        return text.substring(0, kept - end) + mark + text.substring(text.length() - end);
    }
}
