package io.fairlead.appliance.peers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Which real servers the peers do not agree on, and for how long. A dispute counts once it has lasted. Immutable.
 *
 * @param sinceNanos of every dispute, when it began
 * @param lasting those that count
 */
record Disputes(SortedMap<String, Long> sinceNanos, SortedSet<String> lasting) {

    static final Disputes NONE = new Disputes(new TreeMap<>(), new TreeSet<>());

    Disputes {
        sinceNanos = Collections.unmodifiableSortedMap(sinceNanos);
        lasting = Collections.unmodifiableSortedSet(lasting);
    }

    /**
     * Returns the disputes as they are now.
     *
     * @param disputed what peers differ on now
     * @param patience how long they may
     */
    Disputes next(SortedSet<String> disputed, Function<String, Duration> patience, long nowNanos) {
        SortedMap<String, Long> since = new TreeMap<>();
        SortedSet<String> last = new TreeSet<>();
        for (String subject : disputed) {
            long began = sinceNanos.getOrDefault(subject, nowNanos);
            since.put(subject, began);
            if (lasting.contains(subject)
                    || nowNanos - began >= patience.apply(subject).toNanos()) {
                last.add(subject);
            }
        }
        return new Disputes(since, last);
    }

    /** Returns whether time alone may change something. */
    boolean isWaiting() {
        return lasting.size() < sinceNanos.size();
    }

    /** Returns what counts here and did not {@code before}. */
    List<String> begunSince(Disputes before) {
        return without(lasting, before.lasting);
    }

    /** Returns what counted {@code before} and does not here. */
    List<String> endedSince(Disputes before) {
        return without(before.lasting, lasting);
    }

    private static List<String> without(SortedSet<String> all, SortedSet<String> others) {
        List<String> left = new ArrayList<>(all);
        left.removeAll(others);
        return left;
    }
}
