package io.fairlead.cli.command;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time on the command line: {@code 90}, {@code 90s}, {@code 5m}, {@code 1h}. */
final class Seconds implements ITypeConverter<Long> {

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})(s|m|h|d)?");

    @Override
    public Long convert(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' (expected: a time such as 90s, 5m or 1h)");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2) == null ? "s" : matcher.group(2)) {
            case "d" -> number * 86_400;
            case "h" -> number * 3_600;
            case "m" -> number * 60;
            default -> number;
        };
    }
}
