package io.fairlead.conf;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Durations as HOCON writes them: a decimal number and a unit. */
final class DurationText {

    private static final Map<String, Long> NANOS = units();

    private DurationText() {}

    private static Map<String, Long> units() {
        Map<String, Long> units = new HashMap<>();
        String[][] spellings = {
            {"ns", "nano", "nanos", "nanosecond", "nanoseconds"},
            {"us", "micro", "micros", "microsecond", "microseconds"},
            {"ms", "milli", "millis", "millisecond", "milliseconds"},
            {"s", "second", "seconds"},
            {"m", "minute", "minutes"},
            {"h", "hour", "hours"},
            {"d", "day", "days"}
        };
        long[] nanos = {1, 1_000, 1_000_000, 1_000_000_000, 60_000_000_000L, 3_600_000_000_000L, 86_400_000_000_000L};
        for (int i = 0; i < spellings.length; i++) {
            for (String spelling : spellings[i]) {
                units.put(spelling, nanos[i]);
            }
        }
        return Map.copyOf(units);
    }

    /** Returns the duration, or empty for any text that is not one of 0..292 years. */
    static Optional<Duration> parse(String text) {
        String trimmed = text.strip();
        int end = 0;
        while (end < trimmed.length()
                && (Character.digit(trimmed.charAt(end), 10) >= 0 || trimmed.charAt(end) == '.')) {
            end++;
        }
        Long unit = NANOS.get(trimmed.substring(end).strip());
        if (unit == null || end == 0 || end > 20) {
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.ofNanos(new BigDecimal(trimmed.substring(0, end))
                    .multiply(BigDecimal.valueOf(unit))
                    .toBigInteger()
                    .longValueExact()));
        } catch (NumberFormatException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** Returns the duration in the largest unit that divides it. */
    static String of(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        for (String unit : new String[] {"d", "h", "m", "s", "ms", "us"}) {
            long length = NANOS.getOrDefault(unit, 1L);
            if (nanos % length == 0) {
                return nanos / length + unit;
            }
        }
        return nanos + "ns";
    }
}
