package io.fairlead.conf.keepalived;

import java.util.Optional;

/** Numbers as keepalived writes them: decimal, or hexadecimal after {@code 0x}. */
final class Numbers {

    private Numbers() {}

    static Optional<Integer> parse(String text) {
        return parseLong(text)
                .filter(number -> number >= Integer.MIN_VALUE && number <= Integer.MAX_VALUE)
                .map(Long::intValue);
    }

    static Optional<Long> parseLong(String text) {
        try {
            return Optional.of(Long.decode(text.matches("-?0[0-9]+") ? text.replaceFirst("0+(?=.)", "") : text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
