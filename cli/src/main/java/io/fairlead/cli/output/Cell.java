package io.fairlead.cli.output;

import java.util.ArrayList;
import java.util.List;

/**
 * What stands in one place of a table.
 *
 * @param forms what to show, the fullest first; where there is no room for one, the next takes its place
 */
record Cell(List<String> forms, Tone tone) {

    Cell {
        forms = forms.stream().map(Cell::printable).toList();
    }

    static Cell of(String text) {
        return new Cell(List.of(text), Tone.PLAIN);
    }

    static Cell of(long number) {
        return of(Long.toString(number));
    }

    /** Returns the list in full, or as much of its beginning as there is room for and how many more there are. */
    static Cell list(List<String> items, String separator) {
        Cell cell = of(String.join(separator, items));
        for (int shown = items.size() - 1; shown > 0; shown--) {
            cell = cell.or(String.join(separator, items.subList(0, shown)) + " +" + (items.size() - shown));
        }
        return cell;
    }

    /** Returns the same with a form that is shorter than those it has. */
    Cell or(String shorter) {
        List<String> all = new ArrayList<>(forms);
        all.add(shorter);
        return new Cell(all, tone);
    }

    Cell in(Tone other) {
        return new Cell(forms, other);
    }

    /** Returns a form, from 0 for the fullest; the last one for those that there are not. */
    String form(int number) {
        return forms.get(Math.min(number, forms.size() - 1));
    }

    /** Returns the fullest form that is at most so long; if all are longer, the last one. */
    String fitting(int width) {
        return forms.stream().filter(form -> form.length() <= width).findFirst().orElse(forms.getLast());
    }

    /** What came from elsewhere must not command a terminal. */
    static String printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return text.replaceAll("\\p{Cntrl}|[\\x80-\\x9f]", "?");
            }
        }
        return text;
    }
}
