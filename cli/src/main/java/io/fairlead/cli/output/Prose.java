package io.fairlead.cli.output;

/** Lays out lines of words for a display: what is too long goes on below, further in. Pure. */
public final class Prose {

    private static final String GOES_ON = " \\";

    private Prose() {}

    /**
     * Returns the line, broken at blanks so that no part is wider than the display; a single word may be.
     *
     * @param indent how far in what goes on below begins
     */
    public static String fold(String line, int indent, Display display) {
        return fold(line, indent, display, "");
    }

    /** Returns a command for a shell, broken so that it can be pasted into one: not in its comment. */
    public static String foldCommand(String command, Display display) {
        int comment = command.indexOf("  #");
        String itself = comment < 0 ? command : command.substring(0, comment);
        return fold(itself, 4, display, GOES_ON) + (comment < 0 ? "" : command.substring(comment));
    }

    private static String fold(String line, int indent, Display display, String goesOn) {
        StringBuilder text = new StringBuilder();
        String rest = Cell.printable(line);
        int room = display.columns();
        while (rest.length() > room) {
            int end = breakingPoint(rest, room - goesOn.length());
            if (end < 0) {
                break;
            }
            text.append(rest.substring(0, end).stripTrailing()).append(goesOn).append(System.lineSeparator());
            text.append(" ".repeat(indent));
            rest = rest.substring(end).stripLeading();
            room = Math.max(1, display.columns() - indent);
        }
        return text.append(rest).toString();
    }

    /** The last blank that leaves no more than there is room for; else the first one; not those that it begins with. */
    private static int breakingPoint(String rest, int room) {
        int start = rest.length() - rest.stripLeading().length();
        int last = rest.lastIndexOf(' ', Math.max(0, room));
        return last > start ? last : rest.indexOf(' ', start);
    }
}
