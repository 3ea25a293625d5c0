package io.fairlead.conf;

import com.typesafe.config.ConfigUtil;
import io.fairlead.health.check.HttpProbeSpec;
import io.fairlead.health.check.StatusRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Reads health checks of type {@code http}. */
final class HttpProbeReader implements ProbeReader<HttpProbeSpec> {

    private static final String METHOD = "method";
    private static final String PATH = "path";
    private static final String HOST = "host";
    private static final String EXPECT_STATUS = "expect-status";

    private static final List<StatusRange> SUCCESS = List.of(new StatusRange(200, 299));
    private static final int TEXT_LENGTH_MAX = 2048;

    @Override
    public String type() {
        return "http";
    }

    @Override
    public List<String> keys() {
        return List.of(METHOD, PATH, HOST, EXPECT_STATUS);
    }

    @Override
    public HttpProbeSpec read(Section section) {
        return new HttpProbeSpec(
                text(section, METHOD, "an HTTP method in capitals, such as GET or HEAD", HttpProbeReader::isMethod)
                        .orElse("GET"),
                text(section, PATH, "a path that starts with / and has no spaces", HttpProbeReader::isPath)
                        .orElse("/"),
                text(section, HOST, "a host name without spaces", HttpProbeReader::isVisible),
                statusRanges(section).orElse(SUCCESS));
    }

    @Override
    public Class<HttpProbeSpec> specClass() {
        return HttpProbeSpec.class;
    }

    @Override
    public void show(HttpProbeSpec spec, BiConsumer<String, String> line) {
        line.accept(METHOD, ConfigUtil.quoteString(spec.method()));
        line.accept(PATH, ConfigUtil.quoteString(spec.path()));
        spec.host().ifPresent(host -> line.accept(HOST, ConfigUtil.quoteString(host)));
        line.accept(
                EXPECT_STATUS,
                spec.expectStatus().stream()
                        .map(range -> ConfigUtil.quoteString(range.toString()))
                        .collect(Collectors.joining(", ", "[", "]")));
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
        return !text.isEmpty()
                && text.length() <= 32
                && !text.equals("CONNECT")
                && text.chars().allMatch(c -> c >= 'A' && c <= 'Z');
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
        for (String text : texts.get()) {
            Optional<StatusRange> range = statusRange(text);
            if (range.isEmpty()) {
                section.error(
                        EXPECT_STATUS,
                        Section.quoted(text)
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
