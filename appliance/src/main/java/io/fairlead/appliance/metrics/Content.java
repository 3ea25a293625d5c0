package io.fairlead.appliance.metrics;

import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** What is answered to a request. */
public record Content(String type, List<Header> headers, Body body) {

    /** A header besides those that every answer has. */
    public record Header(String name, String value) {}

    /** Writes itself out; it may fail only as {@code out} does. */
    @FunctionalInterface
    public interface Body {
        void writeTo(Writer out) throws IOException;
    }

    public Content {
        headers = List.copyOf(headers);
    }

    static Content text(String line) {
        return new Content(
                "text/plain; charset=utf-8", List.of(), out -> out.append(line).append('\n'));
    }
}
