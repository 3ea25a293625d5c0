package io.fairlead.conf.keepalived;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns the lines of a file into those that count: includes what is included, drops what a condition excludes, replaces
 * parameters where they are used, and repeats sequences and lists.
 */
final class LineExpander {

    private static final int LINES_MAX = 1_000_000;
    private static final int INCLUDE_DEPTH_MAX = 32;
    /** Of one line; more is a parameter that holds itself. */
    private static final int REPLACEMENTS_MAX = 1000;

    private static final int LINE_LENGTH_MAX = 65_536;

    private static final Pattern DEFINITION = Pattern.compile("\\$([A-Za-z_][A-Za-z0-9_]*)=(.*)", Pattern.DOTALL);
    private static final Pattern USE =
            Pattern.compile("\\$(?:\\{([A-Za-z_][A-Za-z0-9_]*)(?:\\s+([^}]*))?\\}|([A-Za-z_][A-Za-z0-9_]*)(?=\\s|$))");
    private static final Pattern INCLUDE = Pattern.compile("(include[rmwba]?)\\s+(.+)");

    private final ConfigFiles files = new ConfigFiles();
    private final String configId;
    private final Remarks remarks;
    private final UnaryOperator<String> environment;
    private final Map<String, List<String>> parameters = new HashMap<>();
    private final Random random = new Random();
    private final Deque<Path> including = new ArrayDeque<>();
    private final List<SourceLine> expanded = new ArrayList<>();
    private int taken;

    /**
     * @param configId what {@code @ID} is compared with, and the value of {@code _INSTANCE}
     * @param environment of a variable's name its value, empty if there is none
     */
    LineExpander(String configId, UnaryOperator<String> environment, Remarks remarks) {
        this.configId = configId;
        this.environment = environment;
        this.remarks = remarks;
        parameters.put("_INSTANCE", List.of(configId));
        parameters.put("_HASH", List.of("#"));
        parameters.put("_BANG", List.of("!"));
    }

    /** Returns what {@code file} and all that it includes come to. */
    List<SourceLine> expand(Path file) throws ImportException {
        file(file);
        return expanded;
    }

    private void file(Path file) throws ImportException {
        if (including.size() >= INCLUDE_DEPTH_MAX) {
            throw new ImportException(file + ": included in " + INCLUDE_DEPTH_MAX + " files, one in another");
        }
        including.push(file);
        Deque<SourceLine> lines = new ArrayDeque<>(files.read(file));
        while (!lines.isEmpty()) {
            line(lines.pop(), lines);
        }
        including.pop();
    }

    /** @param rest the lines that follow: a definition may go on there, and what a parameter holds is put before them */
    private void line(SourceLine line, Deque<SourceLine> rest) throws ImportException {
        if (++taken > LINES_MAX) {
            throw new ImportException(
                    line.file() + ":" + line.number() + ": comes to more than " + LINES_MAX + " lines");
        }
        String text = line.text().strip();
        if (text.isEmpty()) {
            return;
        }
        if (text.startsWith("@")) {
            String[] parts = text.split("\\s+", 2);
            boolean isNegative = parts[0].startsWith("@^");
            String id = parts[0].substring(isNegative ? 2 : 1);
            String conditional = parts.length > 1 ? parts[1] : "";
            if (id.equals(configId) != isNegative) {
                rest.push(line.with(conditional));
            } else {
                definition(conditional, rest); // for the lines on which it goes on: they are excluded with it
            }
            return;
        }
        Optional<Definition> definition = definition(text, rest);
        if (definition.isPresent()) {
            parameters.put(definition.get().name(), definition.get().lines());
            return;
        }
        if (text.startsWith("~")) {
            repeat(line.with(text));
            return;
        }
        Matcher use = USE.matcher(text);
        if (text.indexOf('$') >= 0) {
            Optional<List<String>> replaced = replaced(line, use, text);
            if (replaced.isPresent()) {
                push(line, replaced.get(), rest);
                return;
            }
        }
        Matcher include = INCLUDE.matcher(text);
        if (include.matches()) {
            include(line, include.group(2).strip());
            return;
        }
        expanded.add(line.with(text));
    }

    private static void push(SourceLine line, List<String> texts, Deque<SourceLine> rest) {
        for (String text : texts.reversed()) {
            rest.push(line.with(text));
        }
    }

    private record Definition(String name, List<String> lines) {}

    /** One that goes on, each line but the last ending with a backslash, takes these lines from {@code rest}. */
    private static Optional<Definition> definition(String text, Deque<SourceLine> rest) {
        Matcher matcher = DEFINITION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String value = matcher.group(2).strip();
        if (!value.equals("\\")) {
            return Optional.of(new Definition(matcher.group(1), List.of(value)));
        }
        List<String> lines = new ArrayList<>();
        boolean goesOn = true;
        while (goesOn && !rest.isEmpty()) {
            String next = rest.pop().text().strip();
            goesOn = next.endsWith("\\");
            lines.add(goesOn ? next.substring(0, next.length() - 1).strip() : next);
        }
        return Optional.of(new Definition(matcher.group(1), lines));
    }

    /**
     * Returns the line with the first parameter that has a value replaced until there is none; what a value of several lines
     * makes of it as several lines. Empty if there is nothing to replace.
     */
    private Optional<List<String>> replaced(SourceLine line, Matcher use, String text) throws ImportException {
        String current = text;
        int from = 0;
        for (int replacements = 0; use.reset(current).find(from); replacements++) {
            if (replacements == REPLACEMENTS_MAX || current.length() > LINE_LENGTH_MAX) {
                throw new ImportException(line.file() + ":" + line.number() + ": parameters that never end: " + text);
            }
            Optional<List<String>> value = value(use);
            if (value.isEmpty()) {
                from = use.end(); // stays as it is
                continue;
            }
            String before = current.substring(0, use.start());
            String after = current.substring(use.end());
            List<String> lines = value.get();
            if (lines.size() > 1) {
                List<String> all = new ArrayList<>(lines);
                all.set(0, before + lines.getFirst());
                all.set(lines.size() - 1, lines.getLast() + after);
                return Optional.of(all);
            }
            current = before + (lines.isEmpty() ? "" : lines.getFirst()) + after;
            from = before.length();
            if (isLiteral(use)) {
                from++; // the sign itself is never looked at again
            }
        }
        return current.equals(text) ? Optional.empty() : Optional.of(List.of(current));
    }

    private static boolean isLiteral(Matcher use) {
        return "_HASH".equals(use.group(1)) || "_BANG".equals(use.group(1));
    }

    private Optional<List<String>> value(Matcher use) {
        String name = use.group(1) == null ? use.group(3) : use.group(1);
        String argument = use.group(2) == null ? "" : use.group(2).strip();
        return switch (name) {
            case "_PWD" ->
                Optional.of(List.of(
                        String.valueOf(including.element().toAbsolutePath().getParent())));
            case "_ENV" -> Optional.of(List.of(environment.apply(argument)));
            case "_RANDOM" -> Optional.of(List.of(random(argument)));
            default -> argument.isEmpty() ? Optional.ofNullable(parameters.get(name)) : Optional.empty();
        };
    }

    private String random(String bounds) {
        String[] parts = bounds.isEmpty() ? new String[0] : bounds.split("\\s+");
        int min = parts.length > 0 ? Numbers.parse(parts[0]).orElse(0) : 0;
        int max = parts.length > 1 ? Numbers.parse(parts[1]).orElse(32767) : 32767;
        return Integer.toString(min >= max ? min : random.nextInt(min, max) + random.nextInt(2));
    }

    private void repeat(SourceLine line) throws ImportException {
        Optional<Repetition> repetition = Repetition.parse(line.text());
        if (repetition.isEmpty()) {
            remarks.add(line, "not understood: " + line.text() + " (expected: ~SEQ(...) or ~LST(...))");
            return;
        }
        for (Map<String, String> values : repetition.get().values()) {
            values.forEach((name, value) -> parameters.put(name, List.of(value)));
            Deque<SourceLine> own = new ArrayDeque<>();
            own.push(line.with(repetition.get().remainder()));
            while (!own.isEmpty()) {
                line(own.pop(), own);
            }
        }
        repetition.get().values().getFirst().keySet().forEach(parameters::remove);
    }

    private void include(SourceLine line, String pattern) throws ImportException {
        Path folder = Path.of(line.file()).toAbsolutePath().getParent();
        String plain = WordSplitter.split(pattern).stream()
                .findFirst()
                .map(WordSplitter.Word::text)
                .orElse(pattern);
        List<Path> found = ConfigFiles.matching(folder == null ? Path.of("/") : folder, plain);
        if (found.isEmpty()) {
            remarks.add(line, "include: no file matches " + plain);
        }
        for (Path file : found) {
            file(file);
        }
    }
}
