package io.fairlead.appliance;

import io.fairlead.health.check.CheckTarget;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** When each health last changed, for people to read. Any thread; holds no more than there are targets. */
final class HealthTimes {

    private final Map<CheckTarget, Instant> changed = new ConcurrentHashMap<>();

    void note(CheckTarget target, Instant when) {
        changed.put(target, when);
    }

    Optional<Instant> since(CheckTarget target) {
        return Optional.ofNullable(changed.get(target));
    }

    void forget(CheckTarget target) {
        changed.remove(target);
    }
}
