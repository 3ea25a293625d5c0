package io.fairlead.appliance.loop;

import io.fairlead.health.check.CheckTarget;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The check targets whose health changed since the loop last looked. A set and not a queue: however often a real server
 * flaps, it takes one place, so the inbox is bounded by the number of targets and never refuses news.
 *
 * <p>Filled by the checks' event loops, emptied by the control loop.
 */
final class HealthInbox {

    private final Set<CheckTarget> changed = ConcurrentHashMap.newKeySet();

    /** Notes a change. Any thread. */
    void put(CheckTarget target) {
        changed.add(target);
    }

    /** Takes out what there is. One that is noted again meanwhile is taken now or the next time, never lost. */
    Set<CheckTarget> take() {
        Set<CheckTarget> taken = new HashSet<>();
        for (Iterator<CheckTarget> news = changed.iterator(); news.hasNext(); ) {
            taken.add(news.next());
            news.remove();
        }
        return taken;
    }
}
