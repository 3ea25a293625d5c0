package io.fairlead.health.check;

/** Status codes of HTTP from {@code first} to {@code last}, both included, within 100..599. */
public record StatusRange(int first, int last) {

    public StatusRange {
        if (first < 100 || last > 599 || first > last) {
            throw new IllegalArgumentException(
                    "status range " + first + "-" + last + " (expected: FIRST-LAST within 100..599)");
        }
    }

    /** Returns whether {@code status} lies in the range. */
    public boolean contains(int status) {
        return status >= first && status <= last;
    }

    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
