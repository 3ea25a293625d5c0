package io.fairlead.conf;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.text.Spelling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One object of the file while it is read. Every getter answers empty both for a key that is absent and for one that is
 * wrong; the latter has then become a problem, and the outcome is a refusal whatever is read afterwards.
 *
 * <p>Paths and places are computed only for problems: a large file is all hot loop.
 */
final class Section {

    private final Reading reading;
    private final @Nullable Section parent;
    private final String step;
    private final ConfigObject object;
    private final @Nullable ConfigObject fallback;
    /** Where this section looks for what it does not have; what is wrong there is told of there. */
    private final @Nullable Section above;

    private Section(
            Reading reading,
            @Nullable Section parent,
            String step,
            ConfigObject object,
            @Nullable ConfigObject fallback,
            @Nullable Section above) {
        this.reading = reading;
        this.parent = parent;
        this.step = step;
        this.object = object;
        this.fallback = fallback;
        this.above = above;
    }

    /** Returns the outermost section, above every named key. */
    static Section root(Reading reading, ConfigObject object, ConfigObject fallback, Keys keys) {
        return new Section(reading, null, "", object, fallback, null).checked(keys);
    }

    private Section checked(Keys keys) {
        for (String key : object.keySet()) {
            if (!keys.knows(key)) {
                String hint = Spelling.closest(key, keys.names())
                        .map(known -> "did you mean " + known + "?")
                        .orElseGet(() -> "expected: " + String.join(", ", keys.names()));
                error(key, "unknown key (" + hint + ")");
            }
        }
        return this;
    }

    /** Returns this section with {@code inherited} below it: it has every key that either has, its own first. */
    Section over(Section inherited) {
        return new Section(reading, parent, step, object, fallback, inherited);
    }

    Reading reading() {
        return reading;
    }

    /** Returns whether the operator wrote {@code key} here. */
    boolean has(String key) {
        ConfigValue value = object.get(key);
        return value != null && value.valueType() != ConfigValueType.NULL;
    }

    /** Returns whether the nearest level that says either of the two says {@code key}. */
    boolean prefers(String key, String other) {
        for (Section section = this; section != null; section = section.above) {
            if (section.has(key) || section.has(other)) {
                return section.has(key);
            }
        }
        return false;
    }

    private @Nullable ConfigValue find(String key) {
        ConfigValue value = object.get(key);
        if (value != null && value.valueType() != ConfigValueType.NULL) {
            reading.origins()
                    .ifPresent(
                            origins -> origins.put(path(key), reading.problems().place(value.origin())));
            return value;
        }
        if (above != null) {
            return above.find(key);
        }
        return fallback == null ? null : fallback.get(key);
    }

    /** Returns the section of that key; of the fallback if only that has it. */
    Optional<Section> section(String key, Keys keys) {
        return open(key).map(found -> found.checked(keys));
    }

    /** Returns the section of that key, whose own keys are not checked: they are names. */
    Optional<Section> open(String key) {
        ConfigValue value = object.get(key);
        ConfigObject below = fallback != null && fallback.get(key) instanceof ConfigObject inner ? inner : null;
        if (value instanceof ConfigObject inner) {
            return Optional.of(new Section(reading, this, key, inner, below, null));
        }
        if (value != null && value.valueType() != ConfigValueType.NULL) {
            wrongType(key, value, "an object: " + key + " { ... }");
        }
        return below == null ? Optional.empty() : Optional.of(new Section(reading, this, key, below, null, null));
    }

    /** Returns every entry of the section at {@code key}, whose keys are the operator's own names, ordered by name. */
    List<Section> named(String key, Keys keys) {
        Optional<Section> holder = open(key);
        if (holder.isEmpty()) {
            return List.of();
        }
        List<Section> found = new ArrayList<>();
        for (String name : holder.get().object.keySet().stream().sorted().toList()) {
            holder.get().section(name, keys).ifPresent(found::add);
        }
        return found;
    }

    /** Returns every object of the list at {@code key}. */
    List<Section> items(String key, Keys keys) {
        ConfigValue value = find(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof ConfigList list)) {
            wrongType(key, value, "a list of objects: [{ ... }]");
            return List.of();
        }
        List<Section> found = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            ConfigValue item = list.get(i);
            if (item instanceof ConfigObject inner) {
                found.add(new Section(reading, this, key + "[" + i + "]", inner, null, null).checked(keys));
            } else {
                wrongType(key + "[" + i + "]", item, "an object: { address = ... }");
            }
        }
        return found;
    }

    /** Returns every object of the list at {@code key}; a text there is short for an object with nothing but that name. */
    List<Section> itemsOrTexts(String key, String nameKey, Keys keys) {
        if (!(find(key) instanceof ConfigList list)) {
            return items(key, keys);
        }
        List<Section> found = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            ConfigValue item = list.get(i);
            ConfigObject inner = item instanceof ConfigObject object
                    ? object
                    : ConfigValueFactory.fromMap(Map.of())
                            .withValue(nameKey, item)
                            .withOrigin(item.origin());
            found.add(new Section(reading, this, key + "[" + i + "]", inner, null, null).checked(keys));
        }
        return found;
    }

    /** Returns the texts of the list at {@code key}. */
    Optional<List<String>> strings(String key) {
        ConfigValue value = find(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof ConfigList list)) {
            wrongType(key, value, "a list: [...]");
            return Optional.empty();
        }
        List<String> found = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            text(key + "[" + i + "]", list.get(i)).ifPresent(found::add);
        }
        return Optional.of(found);
    }

    Optional<String> string(String key) {
        ConfigValue value = find(key);
        return value == null ? Optional.empty() : text(key, value);
    }

    /** Returns the text, which must be {@code valid}. */
    Optional<String> text(String key, String expected, Predicate<String> valid) {
        Optional<String> text = string(key);
        if (text.isPresent() && !valid.test(text.get())) {
            error(key, quoted(text.get()) + " (expected: " + expected + ")");
            return Optional.empty();
        }
        return text;
    }

    /** Returns what {@code parser} makes of the text; its IllegalArgumentException is the operator's mistake. */
    <T> Optional<T> parsed(String key, Function<String, T> parser, String expected) {
        Optional<String> text = string(key);
        try {
            return text.map(parser);
        } catch (IllegalArgumentException e) {
            error(key, quoted(text.orElse("")) + " (expected: " + expected + ")");
            return Optional.empty();
        }
    }

    /** Returns {@code text} as HOCON has it. */
    static String literal(String text) {
        return ConfigUtil.quoteString(text);
    }

    private Optional<String> text(String key, ConfigValue value) {
        return switch (value.valueType()) {
            case STRING -> Optional.of((String) value.unwrapped());
            case NUMBER, BOOLEAN -> Optional.of(value.render());
            case OBJECT, LIST, NULL -> {
                wrongType(key, value, "text");
                yield Optional.empty();
            }
        };
    }

    /** Returns a whole number. */
    OptionalLong whole(String key, long min, long max) {
        ConfigValue value = find(key);
        if (value == null) {
            return OptionalLong.empty();
        }
        String expected = min + ".." + max;
        Object raw = value.unwrapped();
        long number;
        if (raw instanceof Integer || raw instanceof Long) {
            number = ((Number) raw).longValue();
        } else if (raw instanceof String text && isWhole(text)) {
            number = Long.parseLong(text); // a substitution concatenates to text
        } else {
            wrongType(key, value, expected);
            return OptionalLong.empty();
        }
        if (number < min || number > max) {
            error(key, number + " (expected: " + expected + ")");
            return OptionalLong.empty();
        }
        return OptionalLong.of(number);
    }

    OptionalInt integer(String key, int min, int max) {
        OptionalLong number = whole(key, min, max);
        return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
    }

    private static boolean isWhole(String text) {
        if (text.isEmpty() || text.length() > 18) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** Returns a truth value in any of HOCON's spellings. */
    Optional<Boolean> flag(String key) {
        ConfigValue value = find(key);
        if (value == null) {
            return Optional.empty();
        }
        return switch (value.unwrapped()) {
            case Boolean truth -> Optional.of(truth);
            case String text when text.equals("true") || text.equals("yes") || text.equals("on") -> Optional.of(true);
            case String text when text.equals("false") || text.equals("no") || text.equals("off") -> Optional.of(false);
            default -> {
                wrongType(key, value, "true or false");
                yield Optional.empty();
            }
        };
    }

    /** Returns a duration, which must have a unit: HOCON takes a bare number as milliseconds, operators mean seconds. */
    Optional<Duration> duration(String key, Duration min, Duration max) {
        ConfigValue value = find(key);
        if (value == null) {
            return Optional.empty();
        }
        String range = DurationText.of(min) + ".." + DurationText.of(max);
        if (value.valueType() == ConfigValueType.NUMBER
                || (value.unwrapped() instanceof String text && isWhole(text.strip()))) {
            error(
                    key,
                    shown(value) + " has no unit (expected: a duration with its unit, such as 5s or 500ms, " + range
                            + ")");
            return Optional.empty();
        }
        Optional<Duration> duration =
                value.unwrapped() instanceof String text ? DurationText.parse(text) : Optional.empty();
        if (duration.isEmpty()) {
            wrongType(key, value, "a duration such as 5s or 500ms, " + range);
        } else if (duration.get().compareTo(min) < 0 || duration.get().compareTo(max) > 0) {
            error(key, DurationText.of(duration.get()) + " (expected: " + range + ")");
            return Optional.empty();
        }
        return duration;
    }

    /** Returns an address that was written as a literal. A name would need DNS, which may be what we are balancing. */
    Optional<IpAddress> address(String key) {
        Optional<String> text = string(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(IpAddress.parse(text.get()));
        } catch (IllegalArgumentException e) {
            error(key, quoted(text.get()) + " (expected: an IP address such as 192.0.2.1 or 2001:db8::1, not a name)");
            return Optional.empty();
        }
    }

    /** Returns the choice that the text names. */
    <T> Optional<T> choice(String key, Choices<T> choices) {
        Optional<String> text = string(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<T> choice = choices.named(text.get());
        if (choice.isEmpty()) {
            error(key, quoted(text.get()) + " (expected: " + choices.expected() + ")");
        }
        return choice;
    }

    void missing(String key, String expected) {
        error(key, "missing (expected: " + expected + ")");
    }

    private void wrongType(String key, ConfigValue value, String expected) {
        error(key, shown(value) + " (expected: " + expected + ")");
    }

    private static String shown(ConfigValue value) {
        return switch (value.valueType()) {
            case OBJECT -> "an object";
            case LIST -> "a list";
            case NULL -> "null";
            case STRING -> quoted((String) value.unwrapped());
            case NUMBER, BOOLEAN -> value.unwrapped().toString();
        };
    }

    /** Returns the text in quotes, short and without signs that would disturb a terminal. */
    static String quoted(String text) {
        StringBuilder shown = new StringBuilder("\"");
        for (int i = 0; i < Math.min(80, text.length()); i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) ? '?' : c);
        }
        return shown.append(text.length() > 80 ? "...\"" : "\"").toString();
    }

    void error(String key, String message) {
        Section holder = holder(key);
        reading.problems().error(holder.origin(key), holder.path(key), message);
    }

    void warning(String key, String message) {
        Section holder = holder(key);
        reading.problems().warning(holder.origin(key), holder.path(key), message);
    }

    /** Notes that the value of {@code key} names {@code file}. */
    void names(String key, String file, NamedFile.Kind kind) {
        Section holder = holder(key);
        reading.named(new NamedFile(holder.origin(key), holder.path(key), file, kind));
    }

    /** Returns the section that the operator wrote {@code key} in: this one if none did. */
    private Section holder(String key) {
        int bracket = key.indexOf('[');
        String name = bracket < 0 ? key : key.substring(0, bracket);
        for (Section section = this; section != null; section = section.above) {
            if (section.has(name) && section.reading == reading) { // the built-in defaults have one of their own
                return section;
            }
        }
        return this;
    }

    /** Returns where {@code key} was written; where this section begins if it was not, or if the key is empty. */
    ConfigOrigin origin(String key) {
        int bracket = key.indexOf('[');
        ConfigValue value = object.get(bracket < 0 ? key : key.substring(0, bracket));
        if (value instanceof ConfigList list && bracket >= 0) {
            value = list.get(Integer.parseInt(key.substring(bracket + 1, key.length() - 1)));
        }
        return value == null ? object.origin() : value.origin();
    }

    /** Returns the keys of this section, which are the operator's own names, in order. */
    List<String> names() {
        return object.keySet().stream().sorted().toList();
    }

    /** Returns the last part of the path: a name that the operator chose. */
    String name() {
        return step;
    }

    /** Returns the whole path of {@code key}, or of this section if the key is empty. */
    String path(String key) {
        StringBuilder path = new StringBuilder();
        appendTo(path);
        if (!key.isEmpty()) {
            append(path, key);
        }
        return path.toString();
    }

    private void appendTo(StringBuilder path) {
        if (parent != null) {
            parent.appendTo(path);
            append(path, step);
        }
    }

    private static void append(StringBuilder path, String step) {
        if (!path.isEmpty()) {
            path.append('.');
        }
        boolean plain = !step.isEmpty();
        for (int i = 0; i < step.length(); i++) {
            char c = step.charAt(i);
            plain &= Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '[' || c == ']';
        }
        path.append(plain ? step : quoted(step));
    }
}
