package io.fairlead.kube.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Chooses objects by their labels, in the language of {@code kubectl -l}: {@code a=b}, {@code a!=b}, {@code a in (b,c)},
 * {@code a notin (b,c)}, {@code a}, {@code !a}, all of which must hold. As in Kubernetes, {@code !=} and {@code notin} hold
 * for objects without the label.
 *
 * @param text as it was written, which is what an API server is sent
 */
public record LabelSelector(String text, List<Requirement> requirements) {

    /** Chooses all. */
    public static final LabelSelector EVERYTHING = new LabelSelector("", List.of());

    private static final String KEY = "(?:[A-Za-z0-9.-]{1,253}/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?";
    private static final String VALUE = "(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?";
    private static final Pattern REQUIREMENT =
            Pattern.compile("\\s*(?:(?<set>" + KEY + ")\\s+(?<not>not)?in\\s*\\((?<values>\\s*"
                    + VALUE + "\\s*(?:,\\s*" + VALUE + "\\s*)*)\\)|(?<key>" + KEY
                    + ")\\s*(?<operator>==?|!=)\\s*(?<value>" + VALUE
                    + ")|(?<absent>!)?\\s*(?<exists>" + KEY + "))\\s*(?<end>,|$)");

    public LabelSelector {
        requirements = List.copyOf(requirements);
    }

    /**
     * One condition.
     *
     * @param values what the label may be; empty for any
     * @param isNegated holds where it otherwise would not
     */
    public record Requirement(String key, Set<String> values, boolean isNegated) {

        public Requirement {
            values = Set.copyOf(values);
        }

        boolean holds(Map<String, String> labels) {
            String label = labels.get(key);
            return isNegated != (label != null && (values.isEmpty() || values.contains(label)));
        }
    }

    /**
     * Parses a selector; an empty one chooses all.
     *
     * @throws IllegalArgumentException if {@code text} is none
     */
    public static LabelSelector parse(String text) {
        if (text.isBlank()) {
            return EVERYTHING;
        }
        List<Requirement> requirements = new ArrayList<>();
        Matcher matcher = REQUIREMENT.matcher(text);
        int from = 0;
        while (from < text.length() || (from > 0 && text.charAt(from - 1) == ',')) {
            matcher.region(from, text.length());
            if (!matcher.lookingAt()) {
                throw new IllegalArgumentException(
                        "\"" + text + "\" (expected: a label selector such as app=web,tier in (a,b))");
            }
            requirements.add(requirement(matcher));
            from = matcher.end();
        }
        return new LabelSelector(text.strip(), requirements);
    }

    private static Requirement requirement(Matcher matcher) {
        if (matcher.group("set") != null) {
            Set<String> values = new TreeSet<>();
            for (String value : matcher.group("values").split(",", -1)) {
                values.add(value.strip());
            }
            return new Requirement(matcher.group("set"), values, matcher.group("not") != null);
        }
        if (matcher.group("key") != null) {
            return new Requirement(
                    matcher.group("key"),
                    Set.of(matcher.group("value")),
                    matcher.group("operator").equals("!="));
        }
        return new Requirement(matcher.group("exists"), Set.of(), matcher.group("absent") != null);
    }

    /** Returns whether all conditions hold. */
    public boolean matches(Map<String, String> labels) {
        return requirements.stream().allMatch(requirement -> requirement.holds(labels));
    }
}
