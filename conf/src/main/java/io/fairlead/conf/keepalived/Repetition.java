package io.fairlead.conf.keepalived;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line that is taken several times: {@code ~SEQ(var, start, step, end)}, {@code ~SEQx} for hexadecimal, or {@code ~LST(var,
 * value, ...)}, also with several variables.
 *
 * @param values of the variables, each time; not empty
 * @param remainder the line without the repetition
 */
record Repetition(List<Map<String, String>> values, String remainder) {

    private static final int TIMES_MAX = 1_000_000;
    private static final Pattern HEAD = Pattern.compile("~(SEQx?|LST)\\(");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    Repetition {
        values = List.copyOf(values);
    }

    static Optional<Repetition> parse(String line) {
        Matcher head = HEAD.matcher(line);
        int end = line.indexOf(')');
        if (!head.lookingAt() || end < 0) {
            return Optional.empty();
        }
        List<String> arguments = arguments(line.substring(head.end(), end));
        String remainder = line.substring(end + 1).strip();
        List<Map<String, String>> values = switch (head.group(1)) {
            case "LST" -> list(arguments);
            case "SEQ" -> sequence(arguments, 10);
            default -> sequence(arguments, 16);
        };
        return values.isEmpty() ? Optional.empty() : Optional.of(new Repetition(values, remainder));
    }

    /** Splits at commas that stand outside of braces. */
    private static List<String> arguments(String text) {
        List<String> arguments = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '{' -> depth++;
                case '}' -> depth--;
                case ',' -> {
                    if (depth == 0) {
                        arguments.add(text.substring(start, i).strip());
                        start = i + 1;
                    }
                }
                default -> {}
            }
        }
        arguments.add(text.substring(start).strip());
        return arguments;
    }

    /** {@code (var, end)}, {@code (var, start, end)} or {@code (var, start, step, end)}. */
    private static List<Map<String, String>> sequence(List<String> arguments, int radix) {
        List<Long> numbers = arguments.stream()
                .skip(1)
                .map(Numbers::parseLong)
                .flatMap(Optional::stream)
                .toList();
        if (numbers.size() != arguments.size() - 1
                || numbers.isEmpty()
                || numbers.size() > 3
                || !NAME.matcher(arguments.getFirst()).matches()) {
            return List.of();
        }
        long end = numbers.getLast();
        long start = numbers.size() > 1 ? numbers.getFirst() : end > 0 ? 1 : -1;
        long step = numbers.size() > 2 ? numbers.get(1) : end < start ? -1 : 1;
        List<Map<String, String>> values = new ArrayList<>();
        if (step != 0) {
            for (long value = start; step > 0 ? value <= end : value >= end; value += step) {
                if (values.size() == TIMES_MAX) {
                    return List.of();
                }
                values.add(Map.of(arguments.getFirst(), Long.toString(value, radix)));
            }
        }
        return values;
    }

    private static List<Map<String, String>> list(List<String> arguments) {
        List<String> names = members(arguments.getFirst());
        List<Map<String, String>> values = new ArrayList<>();
        for (String argument : arguments.subList(1, arguments.size())) {
            List<String> members = names.size() == 1 ? List.of(argument) : members(argument);
            if (members.size() != names.size()) {
                return List.of();
            }
            Map<String, String> each = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                each.put(names.get(i), members.get(i));
            }
            values.add(each);
        }
        return names.stream().allMatch(name -> NAME.matcher(name).matches()) ? values : List.of();
    }

    private static List<String> members(String text) {
        return text.startsWith("{") && text.endsWith("}")
                ? arguments(text.substring(1, text.length() - 1))
                : List.of(text);
    }
}
