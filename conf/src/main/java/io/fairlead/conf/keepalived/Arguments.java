package io.fairlead.conf.keepalived;

import io.fairlead.core.net.IpAddress;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Reads the arguments of keywords. What is not as expected is remarked on and counts as not there, as keepalived does. */
final class Arguments {

    private static final BigDecimal SECONDS_MAX = BigDecimal.valueOf(31L * 24 * 3600);

    private final Remarks remarks;

    Arguments(Remarks remarks) {
        this.remarks = remarks;
    }

    /** Returns a whole number within the range. */
    Optional<Long> number(Statement statement, long min, long max) {
        Optional<Long> number =
                statement.argument(0).flatMap(Numbers::parseLong).filter(value -> value >= min && value <= max);
        if (number.isEmpty()) {
            refuse(statement, "a number from " + min + " to " + max);
        }
        return number;
    }

    /** Returns a time in seconds, with decimals. */
    Optional<Duration> timer(Statement statement) {
        Optional<Duration> timer = statement.argument(0).flatMap(Arguments::seconds);
        if (timer.isEmpty()) {
            refuse(statement, "a time in seconds");
        }
        return timer;
    }

    private static Optional<Duration> seconds(String text) {
        try {
            BigDecimal seconds = new BigDecimal(text);
            return seconds.signum() < 0 || seconds.compareTo(SECONDS_MAX) > 0
                    ? Optional.empty()
                    : Optional.of(Duration.ofNanos(seconds.movePointRight(9).longValue()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Returns a choice; true for the keyword alone. */
    boolean choice(Statement statement) {
        return switch (statement.argument(0).orElse("on").toLowerCase(Locale.ROOT)) {
            case "on", "true", "yes" -> true;
            case "off", "false", "no" -> false;
            default -> {
                refuse(statement, "on or off");
                yield true;
            }
        };
    }

    /** Returns the first argument, which must be there. */
    Optional<String> text(Statement statement) {
        if (statement.argument(0).isEmpty()) {
            refuse(statement, "a value");
        }
        return statement.argument(0);
    }

    /** Returns an IP address, which may have brackets. */
    Optional<IpAddress> address(Statement statement) {
        Optional<IpAddress> address = statement.argument(0).flatMap(Arguments::address);
        if (address.isEmpty()) {
            refuse(statement, "an IP address");
        }
        return address;
    }

    static Optional<IpAddress> address(String text) {
        try {
            String plain = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
            return Optional.of(IpAddress.parse(plain));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void refuse(Statement statement, String expected) {
        remarks.add(
                statement,
                statement.arguments().isEmpty()
                        ? "no value (expected: " + expected + ")"
                        : "\"" + String.join(" ", statement.arguments()) + "\" (expected: " + expected + ")");
    }

    /** Returns a duration as HOCON writes it. */
    static HoconText.Plain duration(Duration duration) {
        return new HoconText.Plain(
                duration.toNanosPart() % 1_000_000_000 == 0
                        ? duration.toSeconds() + "s"
                        : duration.toNanosPart() % 1_000_000 == 0
                                ? duration.toMillis() + "ms"
                                : duration.toNanos() / 1000 + "us");
    }
}
