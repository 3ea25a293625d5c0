package io.fairlead.cli.command;

import io.fairlead.cli.output.Display;
import java.io.PrintWriter;
import java.util.Locale;

/** How a command prints what it found. */
enum OutputFormat {
    /** As wide as the terminal is. */
    TABLE,
    /** All of it, however wide that is. */
    WIDE,
    JSON;

    /** Returns how it is written on a command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns what text that is written there may look like. */
    Display display(PrintWriter out) {
        Display display = Display.of(out);
        return this == WIDE ? display.wide() : display;
    }
}
