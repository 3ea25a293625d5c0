package io.fairlead.appliance.log;

import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** One line a record, with the time and the level, for people at a terminal. */
final class StandardErrorSink implements LogSink {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ISO_OFFSET_DATE_TIME.withZone(ZoneId.systemDefault());

    private final PrintStream out;

    StandardErrorSink(PrintStream out) {
        this.out = out;
    }

    @Override
    public void write(LogRecord entry) {
        synchronized (out) {
            out.println(TIME.format(Instant.now().truncatedTo(ChronoUnit.MILLIS)) + " " + entry.level() + " "
                    + entry.logger() + " - " + entry.text());
            entry.cause().ifPresent(cause -> cause.printStackTrace(out));
        }
    }
}
