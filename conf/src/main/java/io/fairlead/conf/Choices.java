package io.fairlead.conf;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Words of which one may be written, and what each stands for. A second spelling is accepted but not advertised twice. */
final class Choices<T> {

    private final Map<String, T> byName = new LinkedHashMap<>();

    Choices<T> add(String name, T value) {
        byName.put(name, value);
        return this;
    }

    Optional<T> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Returns the first name of {@code value}. */
    String nameOf(T value) {
        return byName.entrySet().stream()
                .filter(entry -> entry.getValue().equals(value))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    String expected() {
        return String.join(", ", byName.keySet());
    }
}
