package io.fairlead.ha.shared;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A replica of all wishes. Immutable.
 *
 * <p>Each wish carries the name of the change that made it, and the replica knows how many changes of each peer it has seen.
 * Merging keeps a wish that both have, and one that only one has unless the other had seen and replaced it (an observed-remove
 * map with several values a key). So a later wish replaces an earlier one, also a wish withdrawn, without clocks and
 * without tombstones. What was wished on two sides of a split at once stays side by side until somebody wishes anew; until then the
 * most cautious counts: disabled before drained before enabled, then the smaller weight, then the name of the change.
 *
 * @param seen how many changes of each peer, by its number
 * @param wishes by subject: mostly one, several after a conflict, in order of their dots
 */
public record Wishes(Map<Integer, Long> seen, SortedMap<String, List<Dotted>> wishes) {

    /** The most subjects; merging keeps the first of them in order. */
    public static final int SUBJECT_COUNT_MAX = 4096;

    /** The most peers, past ones included, of whose changes a replica tells; who changed something last is kept. */
    public static final int REPLICA_COUNT_MAX = 64;

    /** The number of an appliance that has no peers, and so no name among them; no peer has it. */
    public static final int ALONE = 0;

    /** The most bytes of a subject, in UTF-8. */
    public static final int SUBJECT_BYTES_MAX = 512;

    public static final Wishes NONE = new Wishes(Map.of(), new TreeMap<>());

    /** A wish and the change that made it. */
    public record Dotted(Dot dot, Wish wish) {}

    private static final Comparator<Dotted> CAUTION = Comparator.comparing(
                    (Dotted each) -> each.wish().service())
            .thenComparingInt(each -> -each.wish().weight().orElse(Wish.WEIGHT_MAX + 1))
            .thenComparing(Dotted::dot);

    public Wishes {
        seen = seen.size() <= REPLICA_COUNT_MAX ? Map.copyOf(seen) : latest(seen);
        SortedMap<String, List<Dotted>> copy = new TreeMap<>();
        wishes.forEach((subject, dotted) -> copy.put(subject, List.copyOf(dotted)));
        wishes = Collections.unmodifiableSortedMap(copy);
    }

    /** Counts begin at the time of day, so the greatest are the latest. */
    private static Map<Integer, Long> latest(Map<Integer, Long> seen) {
        return seen.entrySet().stream()
                .sorted(Map.Entry.<Integer, Long>comparingByValue().reversed())
                .limit(REPLICA_COUNT_MAX)
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Returns what counts for this subject. */
    public Optional<Wish> of(String subject) {
        return wishes.getOrDefault(subject, List.of()).stream().max(CAUTION).map(Dotted::wish);
    }

    /** Returns what counts, for every subject with a wish. */
    public SortedMap<String, Wish> all() {
        SortedMap<String, Wish> all = new TreeMap<>();
        wishes.keySet().forEach(subject -> of(subject).ifPresent(wish -> all.put(subject, wish)));
        return all;
    }

    /**
     * Returns the replica after a change by this peer.
     *
     * @param replica number of this peer
     * @param atLeast the count of the change if that is greater than the last one: the time of day, so that a peer that
     *     has lost its memory does not give a name twice
     * @param wish empty: withdrawn
     * @throws IllegalArgumentException if there are too many subjects, or this one is too long
     */
    public Wishes with(int replica, long atLeast, String subject, Optional<Wish> wish) {
        int length = subject.getBytes(StandardCharsets.UTF_8).length;
        if (length > SUBJECT_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "subject of " + length + " bytes (expected: at most " + SUBJECT_BYTES_MAX + ")");
        }
        SortedMap<String, List<Dotted>> changed = new TreeMap<>(wishes);
        if (wish.isEmpty()) {
            changed.remove(subject);
            return new Wishes(seen, changed);
        }
        if (!changed.containsKey(subject) && changed.size() >= SUBJECT_COUNT_MAX) {
            throw new IllegalArgumentException(
                    "wishes: " + changed.size() + " already (expected: at most " + SUBJECT_COUNT_MAX + ")");
        }
        Dot dot = new Dot(replica, Math.max(seen.getOrDefault(replica, 0L) + 1, atLeast));
        changed.put(subject, List.of(new Dotted(dot, wish.get())));
        Map<Integer, Long> more = new HashMap<>(seen);
        more.put(replica, dot.count());
        return new Wishes(more, changed);
    }

    /**
     * Returns the replica in which this peer has made the changes that were made {@link #ALONE}: nobody has heard of those, and
     * two appliances that were alone must not give one name to two changes.
     *
     * @param atLeast as in {@link #with}
     */
    public Wishes claimedBy(int replica, long atLeast) {
        if (!seen.containsKey(ALONE)) {
            return this;
        }
        Map<Integer, Long> others = new HashMap<>(seen);
        others.remove(ALONE);
        Wishes claimed = new Wishes(others, wishes);
        for (Map.Entry<String, List<Dotted>> each : wishes.entrySet()) {
            if (each.getValue().stream().anyMatch(dotted -> dotted.dot().replica() == ALONE)) {
                claimed = claimed.with(replica, atLeast, each.getKey(), of(each.getKey()));
            }
        }
        return claimed;
    }

    /** Returns what both replicas know together. */
    public Wishes merge(Wishes other) {
        SortedMap<String, List<Dotted>> merged = new TreeMap<>();
        SortedSet<String> subjects = new TreeSet<>(wishes.keySet());
        subjects.addAll(other.wishes.keySet());
        for (String subject : subjects) {
            List<Dotted> mine = wishes.getOrDefault(subject, List.of());
            List<Dotted> theirs = other.wishes.getOrDefault(subject, List.of());
            List<Dotted> kept = new ArrayList<>();
            mine.stream()
                    .filter(each -> theirs.contains(each) || !other.hasSeen(each.dot()))
                    .forEach(kept::add);
            theirs.stream()
                    .filter(each -> !mine.contains(each) && !hasSeen(each.dot()))
                    .forEach(kept::add);
            if (!kept.isEmpty() && merged.size() < SUBJECT_COUNT_MAX) {
                kept.sort(Comparator.comparing(Dotted::dot));
                merged.put(subject, kept);
            }
        }
        Map<Integer, Long> both = new HashMap<>(seen);
        other.seen.forEach((replica, count) -> both.merge(replica, count, Math::max));
        return new Wishes(both, merged);
    }

    private boolean hasSeen(Dot dot) {
        return dot.count() <= seen.getOrDefault(dot.replica(), 0L);
    }
}
