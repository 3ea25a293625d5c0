package io.fairlead.core.announce;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How often a new address is announced. Once is not enough: a frame may be lost, a switch port may still be learning, a
 * neighbour may have asked the old owner in the same moment.
 *
 * @param repeats how long after the first announcement the others follow: 0..20 of them, rising, each above zero and at most
 *     an hour
 * @param refresh how long after the last of those, and then again and again; 1 s or more; absent: never
 */
public record AnnouncementSpec(List<Duration> repeats, Optional<Duration> refresh) {

    public static final int REPEATS_MAX = 20;
    public static final Duration REPEAT_MAX = Duration.ofHours(1);
    public static final Duration REFRESH_MIN = Duration.ofSeconds(1);

    /** Six announcements within five seconds: dense at first, where every lost frame is felt. */
    public static final AnnouncementSpec DEFAULT = new AnnouncementSpec(
            List.of(
                    Duration.ofMillis(100),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(5)),
            Optional.empty());

    public AnnouncementSpec {
        repeats = List.copyOf(repeats);
        if (repeats.size() > REPEATS_MAX) {
            throw new IllegalArgumentException(repeats.size() + " repeats (expected: 0.." + REPEATS_MAX + ")");
        }
        Duration before = Duration.ZERO;
        for (Duration repeat : repeats) {
            if (repeat.compareTo(before) <= 0 || repeat.compareTo(REPEAT_MAX) > 0) {
                throw new IllegalArgumentException(
                        "repeats " + repeats + " (expected: rising, each up to " + REPEAT_MAX + ")");
            }
            before = repeat;
        }
        refresh.ifPresent(interval -> {
            if (interval.compareTo(REFRESH_MIN) < 0) {
                throw new IllegalArgumentException("refresh " + interval + " (expected: 1 s or more)");
            }
        });
    }
}
