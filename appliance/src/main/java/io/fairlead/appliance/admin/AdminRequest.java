package io.fairlead.appliance.admin;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A request on the admin socket.
 *
 * @param route method and path, such as {@code GET /v1/status}
 * @param parameters of the query, each with its last value
 * @param by who asks, for people
 */
record AdminRequest(String route, Map<String, String> parameters, String body, String by) {

    /** A request has a parameter that is not known, or a value that does not fit. */
    static final class UnfitException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnfitException(String message) {
            super(message);
        }
    }

    static AdminRequest of(String method, String uri, String body, String by) {
        QueryStringDecoder decoder = new QueryStringDecoder(uri);
        Map<String, String> parameters = new TreeMap<>();
        decoder.parameters().forEach((name, values) -> parameters.put(name, values.getLast()));
        return new AdminRequest(method + " " + decoder.path(), parameters, body, by);
    }

    /** Refuses parameters other than these: one that is misspelt must not be taken for left out. */
    void knowing(List<String> known) {
        for (String name : parameters.keySet()) {
            if (!known.contains(name)) {
                throw new UnfitException("parameter " + name + " (expected: "
                        + (known.isEmpty() ? "none" : String.join(", ", known)) + ")");
            }
        }
    }

    boolean flag(String name) {
        String value = parameters.getOrDefault(name, "false");
        if (!value.equals("true") && !value.equals("false")) {
            throw new UnfitException(name + ": " + value + " (expected: true or false)");
        }
        return value.equals("true");
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    String needed(String name) {
        return text(name).orElseThrow(() -> new UnfitException("parameter " + name + " is missing"));
    }

    OptionalLong number(String name, long min, long max) {
        String value = parameters.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseLong(value);
            if (number >= min && number <= max) {
                return OptionalLong.of(number);
            }
        } catch (NumberFormatException e) {
            // Said below, as for any other unfit number.
        }
        throw new UnfitException(name + ": " + value + " (expected: " + min + ".." + max + ")");
    }

    Optional<Duration> seconds(String name, long min, long max) {
        OptionalLong seconds = number(name, min, max);
        return seconds.isPresent() ? Optional.of(Duration.ofSeconds(seconds.getAsLong())) : Optional.empty();
    }
}
