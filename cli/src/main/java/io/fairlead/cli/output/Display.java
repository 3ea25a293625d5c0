package io.fairlead.cli.output;

import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;

/**
 * What the output of a command may look like.
 *
 * @param columns how wide lines may be, from 1
 * @param isColoured whether colours may underline what words say
 * @param cutMark what stands where something was left out
 */
public record Display(int columns, boolean isColoured, String cutMark) {

    private static final String ELLIPSIS = "…";
    private static final String PLAIN_MARK = "~";

    /** Nothing is shortened, left out or coloured. */
    public static final Display WHOLE = new Display(Integer.MAX_VALUE, false, ELLIPSIS);

    /** Returns what suits the terminal that {@code out} writes to; {@link #WHOLE} if it is none. */
    public static Display of(PrintWriter out) {
        return out instanceof CheckedOutput.StandardWriter writer
                ? of(System.getenv(), Terminal.ofStandardOutput(), writer.canEncode(ELLIPSIS))
                : WHOLE;
    }

    /**
     * The rule. {@code COLUMNS} goes before what the terminal says of itself; without either there is room for everything.
     * Colours are for terminals that have them, and {@code NO_COLOR} forbids them (no-color.org).
     *
     * @param terminal its size; empty if the output is none
     */
    static Display of(Map<String, String> environment, Optional<Terminal.Size> terminal, boolean hasEllipsis) {
        String asked = environment.getOrDefault("COLUMNS", "");
        int columns = asked.matches("[1-9][0-9]{0,4}")
                ? Integer.parseInt(asked)
                : terminal.map(Terminal.Size::columns).orElse(Integer.MAX_VALUE);
        boolean isColoured = terminal.isPresent()
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new Display(columns, isColoured, hasEllipsis ? ELLIPSIS : PLAIN_MARK);
    }

    /** Returns the same with room for everything. */
    public Display wide() {
        return new Display(Integer.MAX_VALUE, isColoured, cutMark);
    }

    /** Returns the same for a terminal of so many columns. */
    public Display ofWidth(int other) {
        return new Display(other, isColoured, cutMark);
    }
}
