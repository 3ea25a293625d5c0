package io.fairlead.conf.keepalived;

import com.typesafe.config.ConfigUtil;
import java.util.List;
import java.util.Map;

/** Writes a tree of maps, lists and values as HOCON that people go on editing. */
final class HoconText {

    /** What is written as it is: a duration, a word. */
    record Plain(String text) {}

    /** A member with lines of explanation before it. */
    record Commented(String comment, Object value) {}

    private final StringBuilder out = new StringBuilder();
    private String indent = "";

    private HoconText() {}

    static String of(Map<String, Object> root) {
        HoconText text = new HoconText();
        text.members(root);
        return text.out.toString();
    }

    private void members(Map<?, ?> members) {
        members.forEach((key, member) -> {
            Object value = member;
            if (member instanceof Commented(var comment, var inner)) {
                comment.lines()
                        .forEach(line ->
                                out.append(indent).append("# ").append(line).append('\n'));
                value = inner;
            }
            out.append(indent).append(key(String.valueOf(key)));
            if (value instanceof Map<?, ?> block) {
                out.append(" {\n");
                indented(() -> members(block));
                out.append(indent).append("}\n");
            } else {
                out.append(" = ");
                value(value);
                out.append('\n');
            }
        });
    }

    private void value(Object value) {
        switch (value) {
            case List<?> list
            when list.stream().anyMatch(Map.class::isInstance) -> {
                out.append("[\n");
                indented(() -> list.forEach(element -> {
                    out.append(indent);
                    value(element);
                    out.append('\n');
                }));
                out.append(indent).append(']');
            }
            case List<?> list -> {
                out.append('[');
                for (int i = 0; i < list.size(); i++) {
                    out.append(i == 0 ? "" : ", ");
                    value(list.get(i));
                }
                out.append(']');
            }
            case Map<?, ?> block -> {
                out.append("{\n");
                indented(() -> members(block));
                out.append(indent).append('}');
            }
            case Plain(var text) -> out.append(text);
            case String text -> out.append(ConfigUtil.quoteString(text));
            default -> out.append(value);
        }
    }

    private void indented(Runnable lines) {
        String before = indent;
        indent += "  ";
        lines.run();
        indent = before;
    }

    private static String key(String key) {
        return key.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_')
                ? key
                : ConfigUtil.quoteString(key);
    }
}
