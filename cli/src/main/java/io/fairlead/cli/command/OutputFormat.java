package io.fairlead.cli.command;

import io.fairlead.cli.output.Display;
import java.io.PrintWriter;

/** How a command prints what it found. */
enum OutputFormat {
    /** As wide as the terminal is. */
    TABLE,
    /** All of it, however wide that is. */
    WIDE,
    JSON;

    /** Returns what text that is written there may look like. */
    Display display(PrintWriter out) {
        Display display = Display.of(out);
        return this == WIDE ? display.wide() : display;
    }
}
