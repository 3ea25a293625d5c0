package io.fairlead.core.net;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ports from {@code first} to {@code last}, both included; a single port where they are the same.
 *
 * @param first 1..65535
 * @param last {@code first}..65535
 */
public record PortRange(int first, int last) implements Comparable<PortRange> {

    private static final Comparator<PortRange> ORDER =
            Comparator.comparingInt(PortRange::first).thenComparingInt(PortRange::last);
    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,4})(?:-([1-9][0-9]{0,4}))?");

    public PortRange {
        if (first < 1 || last > 65535 || first > last) {
            throw new IllegalArgumentException("ports " + first + "-" + last + " (expected: 1..65535, ascending)");
        }
    }

    /** Returns the range of one port. */
    public static PortRange single(int port) {
        return new PortRange(port, port);
    }

    /**
     * Parses {@code 80} or {@code 8000-8099}.
     *
     * @throws IllegalArgumentException if {@code text} is anything else
     */
    public static PortRange parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" (expected: a port such as 80 or a range such as 8000-8099)");
        }
        int first = Integer.parseInt(matcher.group(1));
        return new PortRange(first, matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2)));
    }

    /** Returns whether it is one port. */
    public boolean isSingle() {
        return first == last;
    }

    /** Returns whether the two have a port in common. */
    public boolean overlaps(PortRange other) {
        return first <= other.last && other.first <= last;
    }

    @Override
    public int compareTo(PortRange other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return isSingle() ? Integer.toString(first) : first + "-" + last;
    }
}
