package io.fairlead.conf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Estimates how large a text grows when its substitutions are carried out, before that is done: {@code b = ${a}${a}}
 * thirty times over would fill any memory.
 *
 * <p>An upper bound that needs no parser. A value keeps the last part of its path wherever it is copied to, so a name
 * stands for all values that end in it and weighs as much as the heaviest. Only what stands side by side on one line is
 * joined; list elements and nested keys are shared, not copied.
 */
final class SubstitutionSize {

    private static final int DEPTH_MAX = 200;

    /** One {@code key = value} and the names that the value refers to. */
    private record Definition(long length, List<String> references) {}

    private final Map<String, List<Definition>> definitions = new HashMap<>();
    private final Map<String, Long> weights = new HashMap<>();
    private final long limit;
    private boolean tooLarge;

    private SubstitutionSize(long limit) {
        this.limit = limit;
    }

    static boolean hasSubstitutions(List<String> texts) {
        return texts.stream().anyMatch(text -> text.contains("${") || text.contains("+="));
    }

    /** Returns whether the values together may exceed {@code limit} characters. */
    static boolean mayExceed(long limit, List<String> texts) {
        SubstitutionSize size = new SubstitutionSize(limit);
        texts.forEach(text -> text.lines().forEach(size::collect));
        long total = 0;
        for (Map.Entry<String, List<Definition>> entry : size.definitions.entrySet()) {
            for (Definition definition : entry.getValue()) {
                total += definition.length();
                for (String reference : definition.references()) {
                    total += size.weight(reference, 0);
                }
                if (size.tooLarge || total > limit) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Cuts a line into definitions. A key in braces on the same line is a definition of its own. */
    private void collect(String line) {
        int start = 0;
        boolean quoted = false;
        for (int i = 0; i <= line.length(); i++) {
            char c = i < line.length() ? line.charAt(i) : ',';
            if (c == '$' && line.startsWith("${", i)) {
                int end = line.indexOf('}', i);
                i = end < 0 ? line.length() - 1 : end;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (i == line.length() || (!quoted && (c == ',' || c == '{'))) {
                define(line.substring(start, i));
                start = i + 1;
            }
        }
    }

    private void define(String text) {
        List<String> references = new ArrayList<>();
        for (int i = text.indexOf("${"); i >= 0; i = text.indexOf("${", i + 2)) {
            int end = text.indexOf('}', i);
            references.add(lastPart(text.substring(i + 2, end < 0 ? text.length() : end)));
        }
        int separator = separator(text);
        String name = separator < 0 ? "" : lastPart(text.substring(0, separator));
        if (separator >= 0 && text.startsWith("+=", separator)) {
            references.add(name);
        }
        if (!text.isBlank()) {
            definitions.computeIfAbsent(name, _ -> new ArrayList<>()).add(new Definition(text.length(), references));
        }
    }

    private static int separator(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '=' || c == ':' || (c == '+' && text.startsWith("+=", i))) {
                return i;
            }
        }
        return -1;
    }

    private static String lastPart(String path) {
        return path.substring(path.lastIndexOf('.') + 1)
                .replace("\"", "")
                .replace("?", "")
                .strip();
    }

    /** A name that is being weighed already refers to itself, and means its value so far. */
    private long weight(String name, int depth) {
        Optional<Long> known = Optional.ofNullable(weights.get(name));
        if (known.isPresent() || depth > DEPTH_MAX) {
            tooLarge |= depth > DEPTH_MAX;
            return known.orElse(0L);
        }
        long heaviest = 0;
        weights.put(name, heaviest);
        for (Definition definition : definitions.getOrDefault(name, List.of())) {
            long weight = definition.length();
            for (String reference : definition.references()) {
                weight += weight(reference, depth + 1);
                if (weight > limit) {
                    tooLarge = true;
                    return limit;
                }
            }
            heaviest = Math.max(heaviest, weight);
            weights.put(name, heaviest);
        }
        return heaviest;
    }
}
