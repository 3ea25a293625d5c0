package io.fairlead.conf;

import io.fairlead.health.check.StatusRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** The key {@code expect-status}: numbers and ranges of numbers. */
final class StatusKeys {

    static final String EXPECT_STATUS = "expect-status";

    private static final List<StatusRange> SUCCESS = List.of(new StatusRange(200, 299));

    private StatusKeys() {}

    static List<StatusRange> read(Section section) {
        Optional<List<String>> texts = section.strings(EXPECT_STATUS);
        if (texts.isEmpty()) {
            return SUCCESS;
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
        return ranges.isEmpty() ? SUCCESS : ranges;
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

    static void show(List<StatusRange> ranges, BiConsumer<String, String> line) {
        line.accept(
                EXPECT_STATUS,
                ranges.stream()
                        .map(range -> Section.literal(range.toString()))
                        .collect(Collectors.joining(", ", "[", "]")));
    }
}
