package io.fairlead.core.announce;

import io.fairlead.core.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How far the announcing of one address, or of several that move together, has come.
 *
 * <pre>
 *   state          at            sends   next
 *   begun          now           yes     repeat 0
 *   repeat n       its time      yes     the first repeat that is still to come; after the last: refresh
 *   refresh        its time      yes     refresh, counted from now
 *   any            before then   no      the same
 * </pre>
 *
 * <p>Whoever comes late sends once and not once for each announcement missed: a stall must not end in a burst.
 *
 * @param since when the first announcement was due
 * @param next when the next one is due; absent: never again
 */
public record AnnouncementState(MonotonicInstant since, Optional<MonotonicInstant> next) {

    /** The state of an address that has just come: its first announcement is due at once. */
    public static AnnouncementState begun(MonotonicInstant now) {
        return new AnnouncementState(now, Optional.of(now));
    }

    /** Returns whether an announcement is due. */
    public boolean isDue(MonotonicInstant now) {
        return next.isPresent() && !now.isBefore(next.get());
    }

    /** Returns the state after the announcement that was due has been sent, or could not be. */
    public AnnouncementState sent(AnnouncementSpec spec, MonotonicInstant now) {
        List<Duration> repeats = spec.repeats();
        for (int i = 0; i < repeats.size(); i++) {
            MonotonicInstant at = since.plus(repeats.get(i));
            if (now.isBefore(at)) {
                return new AnnouncementState(since, Optional.of(at));
            }
        }
        return new AnnouncementState(since, spec.refresh().map(now::plus));
    }
}
