package io.fairlead.appliance.metrics;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes a page that is well-formed whatever it is told: elements are closed in their order, and text is text. What no browser
 * should see in a text, control characters and halves of characters, is shown as a replacement character.
 */
final class HtmlWriter {

    private final Writer out;
    private final Deque<String> open = new ArrayDeque<>();

    HtmlWriter(Writer out) throws IOException {
        this.out = out;
        out.write("<!DOCTYPE html>\n");
    }

    /** @param attributes names and values, in turn */
    HtmlWriter open(String element, String... attributes) throws IOException {
        start(element, attributes);
        out.write('>');
        open.push(element);
        return this;
    }

    /** Closes the element that was opened last. */
    HtmlWriter close() throws IOException {
        out.write("</" + open.pop() + ">\n");
        return this;
    }

    /** Writes an element that has no content, such as {@code meta}. */
    HtmlWriter empty(String element, String... attributes) throws IOException {
        start(element, attributes);
        out.write("/>\n");
        return this;
    }

    HtmlWriter text(String text) throws IOException {
        escape(text);
        return this;
    }

    /** Writes an element with nothing but text in it. */
    HtmlWriter element(String element, String text, String... attributes) throws IOException {
        return open(element, attributes).text(text).close();
    }

    /** Writes a sheet of styles, which must be our own. */
    HtmlWriter style(String sheet) throws IOException {
        open("style");
        out.write(sheet);
        return close();
    }

    /** Closes whatever is open. */
    void end() throws IOException {
        while (!open.isEmpty()) {
            close();
        }
    }

    private void start(String element, String... attributes) throws IOException {
        out.write('<');
        out.write(element);
        for (int i = 0; i < attributes.length; i += 2) {
            out.write(" " + attributes[i] + "=\"");
            escape(attributes[i + 1]);
            out.write('"');
        }
    }

    private void escape(String text) throws IOException {
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            switch (point) {
                case '<' -> out.write("&lt;");
                case '>' -> out.write("&gt;");
                case '&' -> out.write("&amp;");
                case '"' -> out.write("&quot;");
                case '\'' -> out.write("&#39;");
                default -> out.write(isShown(point) ? Character.toString(point) : "\uFFFD");
            }
        }
    }

    private static boolean isShown(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.SURROGATE, Character.UNASSIGNED, Character.FORMAT -> false;
            default -> true;
        };
    }
}
