package io.fairlead.appliance.loop;

import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.time.MonotonicInstant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** When each virtual server is to be decided again: at most one time each. */
final class Wakeups {

    private record Wakeup(MonotonicInstant at, VirtualServerKey key) {}

    private static final Comparator<Wakeup> ORDER =
            Comparator.comparing(Wakeup::at).thenComparing(Wakeup::key);

    private final TreeSet<Wakeup> inOrder = new TreeSet<>(ORDER);
    private final Map<VirtualServerKey, Wakeup> byKey = new HashMap<>();

    /** Replaces the time of {@code key}; empty for never. */
    void set(VirtualServerKey key, Optional<MonotonicInstant> at) {
        if (at.isEmpty() && byKey.isEmpty()) {
            return;
        }
        Wakeup old = byKey.remove(key);
        if (old != null) {
            inOrder.remove(old);
        }
        if (at.isPresent()) {
            Wakeup wakeup = new Wakeup(at.get(), key);
            byKey.put(key, wakeup);
            inOrder.add(wakeup);
        }
    }

    /** Returns the earliest time. */
    Optional<MonotonicInstant> next() {
        return inOrder.isEmpty()
                ? Optional.empty()
                : Optional.of(inOrder.first().at());
    }

    /** Takes out up to {@code most} of those whose time has come, the earliest first. */
    List<VirtualServerKey> takeDue(MonotonicInstant now, int most) {
        List<VirtualServerKey> due = new ArrayList<>();
        while (due.size() < most
                && !inOrder.isEmpty()
                && !now.isBefore(inOrder.first().at())) {
            Wakeup first = inOrder.removeFirst();
            byKey.remove(first.key());
            due.add(first.key());
        }
        return due;
    }
}
