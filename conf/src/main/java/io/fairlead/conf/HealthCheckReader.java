package io.fairlead.conf;

import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.ProbeSpec.StatusRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/** Reads {@code health-check}, which may stand in the defaults, in a virtual server and in a real server. */
final class HealthCheckReader {

    static final String NONE = "none";
    static final String TCP = "tcp";
    static final String HTTP = "http";

    /** The key under which every level has its health check. */
    static final String SECTION = "health-check";

    static final Keys KEYS = new Keys("fairlead.defaults.health-check");
    private static final String TYPE = KEYS.add("type");
    private static final String INTERVAL = KEYS.add("interval");
    private static final String TIMEOUT = KEYS.add("timeout");
    private static final String RISE = KEYS.add("rise");
    private static final String FALL = KEYS.add("fall");
    private static final String METHOD = KEYS.add("method");
    private static final String PATH = KEYS.add("path");
    private static final String HOST = KEYS.add("host");
    private static final String EXPECT_STATUS = KEYS.add("expect-status");

    private static final List<String> HTTP_KEYS = List.of(METHOD, PATH, HOST, EXPECT_STATUS);
    private static final Choices<String> TYPES =
            new Choices<String>().add(NONE, NONE).add(TCP, TCP).add(HTTP, HTTP);
    private static final int TEXT_LENGTH_MAX = 2048;

    private HealthCheckReader() {}

    /** A level with what is above it already merged in, and the check that it makes. */
    record Level(CheckLayer layer, CheckSpec check) {}

    /** Returns the level of {@code holder}: {@code above} itself unless {@code holder} has a health check of its own. */
    static Level read(Section holder, String key, Level above) {
        Optional<Section> section = holder.section(key, KEYS);
        if (section.isEmpty()) {
            return above;
        }
        CheckLayer layer = layer(section.get()).over(above.layer());
        Optional<CheckSpec> check = layer.spec();
        if (check.isEmpty()) {
            timeoutTooLong(section.get(), layer);
        }
        return new Level(layer, holder.reading().shared(check.orElse(above.check())));
    }

    /** Returns the level of the built-in defaults, which have every common key. */
    static Level builtIn(Section holder, String key) {
        CheckLayer layer = layer(holder.section(key, KEYS).orElseThrow());
        return new Level(layer, layer.spec().orElseThrow());
    }

    private static void timeoutTooLong(Section section, CheckLayer layer) {
        String interval = DurationText.of(layer.interval().orElseThrow());
        String timeout = DurationText.of(layer.timeout().orElseThrow());
        if (section.has(TIMEOUT)) {
            section.error(TIMEOUT, timeout + " (expected: at most the interval, " + interval + ")");
        } else {
            section.error(
                    section.has(INTERVAL) ? INTERVAL : "",
                    interval + " (expected: at least the timeout, " + timeout + ", or set a shorter timeout)");
        }
    }

    private static CheckLayer layer(Section section) {
        Optional<String> type = section.choice(TYPE, TYPES);
        if (type.isPresent() && !type.get().equals(HTTP)) {
            for (String key : HTTP_KEYS) {
                if (section.has(key)) {
                    section.error(key, "not a key of type " + type.get() + " (expected: only with type http)");
                }
            }
        }
        return new CheckLayer(
                type,
                section.duration(INTERVAL, CheckSpec.INTERVAL_MIN, CheckSpec.INTERVAL_MAX),
                section.duration(TIMEOUT, Duration.ofMillis(1), CheckSpec.INTERVAL_MAX),
                boxed(section.integer(RISE, 1, CheckSpec.COUNT_MAX)),
                boxed(section.integer(FALL, 1, CheckSpec.COUNT_MAX)),
                text(section, METHOD, "an HTTP method in capitals, such as GET or HEAD", HealthCheckReader::isMethod),
                text(section, PATH, "a path that starts with / and has no spaces", HealthCheckReader::isPath),
                text(section, HOST, "a host name without spaces", HealthCheckReader::isVisible),
                statusRanges(section));
    }

    private static Optional<Integer> boxed(OptionalInt number) {
        return number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
    }

    private static Optional<String> text(Section section, String key, String expected, Predicate<String> valid) {
        Optional<String> text = section.string(key);
        if (text.isPresent() && !valid.test(text.get())) {
            section.error(key, Section.quoted(text.get()) + " (expected: " + expected + ")");
            return Optional.empty();
        }
        return text;
    }

    private static boolean isMethod(String text) {
        return !text.isEmpty() && text.length() <= 32 && text.chars().allMatch(c -> c >= 'A' && c <= 'Z');
    }

    private static boolean isPath(String text) {
        return text.startsWith("/") && isVisible(text);
    }

    /** Spaces and control characters would let a value write further headers. */
    private static boolean isVisible(String text) {
        return !text.isEmpty()
                && text.length() <= TEXT_LENGTH_MAX
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private static Optional<List<StatusRange>> statusRanges(Section section) {
        Optional<List<String>> texts = section.strings(EXPECT_STATUS);
        if (texts.isEmpty()) {
            return Optional.empty();
        }
        List<StatusRange> ranges = new ArrayList<>();
        for (int i = 0; i < texts.get().size(); i++) {
            Optional<StatusRange> range = statusRange(texts.get().get(i));
            if (range.isEmpty()) {
                section.error(
                        EXPECT_STATUS,
                        Section.quoted(texts.get().get(i))
                                + " (expected: a status such as \"204\" or a range such as \"200-299\", 100..599)");
            }
            range.ifPresent(ranges::add);
        }
        if (texts.get().isEmpty()) {
            section.error(EXPECT_STATUS, "empty (expected: at least one status or range)");
        }
        return ranges.isEmpty() ? Optional.empty() : Optional.of(ranges);
    }

    private static Optional<StatusRange> statusRange(String text) {
        int dash = text.indexOf('-');
        try {
            int first = Integer.parseInt(dash < 0 ? text : text.substring(0, dash));
            return Optional.of(new StatusRange(first, dash < 0 ? first : Integer.parseInt(text.substring(dash + 1))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
