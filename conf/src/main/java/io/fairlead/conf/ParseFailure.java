package io.fairlead.conf;

import com.typesafe.config.ConfigException;
import java.nio.file.Path;

/** Turns what the library throws into a problem. */
final class ParseFailure {

    private static final int MESSAGE_LENGTH_MAX = 500;

    private ParseFailure() {}

    static void report(Problems problems, Path file, ConfigException e) {
        if (e.origin() == null) {
            problems.error(file, 0, shortened(String.valueOf(e.getMessage())));
            return;
        }
        String message = String.valueOf(e.getMessage());
        String place = e.origin().description() + ": ";
        problems.error(
                e.origin(), "", shortened(message.startsWith(place) ? message.substring(place.length()) : message));
    }

    /** The library quotes whole values and explains at length. */
    private static String shortened(String message) {
        String line = message.lines().findFirst().orElse("").strip();
        StringBuilder printable = new StringBuilder();
        for (int i = 0; i < Math.min(MESSAGE_LENGTH_MAX, line.length()); i++) {
            char c = line.charAt(i);
            printable.append(Character.isISOControl(c) ? '?' : c);
        }
        return printable.append(line.length() > MESSAGE_LENGTH_MAX ? "..." : "").toString();
    }
}
