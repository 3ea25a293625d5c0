package io.fairlead.ha.shared;

import java.util.Comparator;

/**
 * The name of one change: the replica that made it, and its count there.
 *
 * @param replica number of the peer
 */
public record Dot(int replica, long count) implements Comparable<Dot> {

    private static final Comparator<Dot> ORDER =
            Comparator.comparingLong(Dot::count).thenComparing(Dot::replica, Integer::compareUnsigned);

    @Override
    public int compareTo(Dot other) {
        return ORDER.compare(this, other);
    }
}
