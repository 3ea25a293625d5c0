package io.fairlead.appliance.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.event.Level;
import org.slf4j.helpers.MessageFormatter;

/**
 * A log message with the values in it. Our messages name their values, as in {@code "Configuration applied operations={}"}, so
 * that a field can be made of each.
 *
 * @param logger the simple name of the class that logs
 * @param fields in the order of the message
 */
record LogRecord(
        Level level, String logger, String thread, String text, List<Field> fields, Optional<Throwable> cause) {

    /** A named value. */
    record Field(String name, String value) {}

    LogRecord {
        fields = List.copyOf(fields);
    }

    /** Returns the record of a call to a logger, with the values put into the pattern. */
    static LogRecord of(Level level, String loggerName, String pattern, Object[] values, Optional<Throwable> cause) {
        String text = String.valueOf(MessageFormatter.basicArrayFormat(
                pattern, values)); // a null pattern is somebody's bug, not ours to die of
        return new LogRecord(
                level,
                loggerName.substring(loggerName.lastIndexOf('.') + 1),
                Thread.currentThread().getName(),
                text,
                fields(pattern, values),
                cause);
    }

    private static List<Field> fields(String pattern, Object[] values) {
        List<Field> fields = new ArrayList<>();
        int value = 0;
        for (int at = pattern.indexOf("{}"); at >= 0 && value < values.length; at = pattern.indexOf("{}", at + 2)) {
            String name = nameBefore(pattern, at);
            if (!name.isEmpty()) {
                fields.add(new Field(name, String.valueOf(values[value])));
            }
            value++;
        }
        return fields;
    }

    /** Returns the name in {@code name={}} or {@code name="{}"}, or nothing. */
    private static String nameBefore(String pattern, int placeholder) {
        int end = placeholder > 0 && pattern.charAt(placeholder - 1) == '"' ? placeholder - 1 : placeholder;
        if (end == 0 || pattern.charAt(end - 1) != '=') {
            return "";
        }
        int start = end - 1;
        while (start > 0 && isNamePart(pattern.charAt(start - 1))) {
            start--;
        }
        return pattern.substring(start, end - 1).toLowerCase(Locale.ROOT);
    }

    private static boolean isNamePart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    }
}
