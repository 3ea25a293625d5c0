package io.fairlead.appliance.loop;

import io.fairlead.appliance.event.EventKind;
import io.fairlead.appliance.event.EventSink;
import io.fairlead.appliance.event.EventSubject;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.policy.DrainCause;
import io.fairlead.core.policy.MemberState;
import io.fairlead.core.policy.PoolState;
import io.fairlead.core.policy.Quorum;
import io.fairlead.core.policy.RealServerName;
import io.fairlead.core.policy.RealServerSpec;
import io.fairlead.core.policy.VirtualServerSpec;
import io.fairlead.core.time.MonotonicInstant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells what became different in a pool from one decision to the next: its quorum, and who drains. That a pool came to its
 * quorum after a start is no news.
 */
final class PoolChanges {

    private final EventSink events;

    PoolChanges(EventSink events) {
        this.events = events;
    }

    void tell(VirtualServerSpec spec, PoolState before, PoolState after, MonotonicInstant now) {
        if (before.quorum() != after.quorum()) {
            tellQuorum(spec, before.quorum(), after.quorum());
        }
        if (before.members().isEmpty() && after.members().isEmpty()) {
            return; // nearly always
        }
        for (Map.Entry<RealServerKey, MemberState> member : after.members().entrySet()) {
            if (member.getValue() instanceof MemberState.Draining drain
                    && !(before.members().get(member.getKey()) instanceof MemberState.Draining)) {
                events.record(EventKind.POOL, subject(spec, member.getKey()), "drains", cause(drain.cause()));
            }
        }
        for (Map.Entry<RealServerKey, MemberState> member : before.members().entrySet()) {
            if (member.getValue() instanceof MemberState.Draining drain) {
                tellEnd(spec, member.getKey(), drain, after.members().get(member.getKey()), now);
            }
        }
    }

    private void tellQuorum(VirtualServerSpec spec, Quorum.State before, Quorum.State after) {
        EventSubject subject = EventSubject.virtualServer(spec.name());
        if (after == Quorum.State.LOST) {
            events.record(EventKind.POOL, subject, "quorum lost", "too few of its real servers are healthy");
        } else if (before == Quorum.State.LOST && after == Quorum.State.HELD) {
            events.record(EventKind.POOL, subject, "quorum held again", "enough of its real servers are healthy");
        }
    }

    private void tellEnd(
            VirtualServerSpec spec,
            RealServerKey key,
            MemberState.Draining drain,
            @Nullable MemberState after,
            MonotonicInstant now) {
        if (after instanceof MemberState.Draining) {
            return;
        }
        boolean serves = after instanceof MemberState.Serving
                || (after == null && drain.cause() == DrainCause.OPERATOR && isIn(spec, key));
        if (serves) {
            events.record(EventKind.POOL, subject(spec, key), "drains no more", "is in service again");
        } else {
            events.record(
                    EventKind.POOL,
                    subject(spec, key),
                    "drained",
                    now.isBefore(drain.deadline()) ? "its connections have ended" : "its time to drain was over");
        }
    }

    private static boolean isIn(VirtualServerSpec spec, RealServerKey key) {
        return spec.realServers().stream()
                .anyMatch(realServer -> realServer.key().equals(key));
    }

    private static String cause(DrainCause cause) {
        return switch (cause) {
            case OPERATOR -> "an operator said so";
            case REMOVED -> "it is not in the configuration"; // any more, or somebody else added it
        };
    }

    /** One that is not configured any more has no name but its address. */
    private static EventSubject subject(VirtualServerSpec spec, RealServerKey key) {
        for (RealServerSpec realServer : spec.realServers()) {
            if (realServer.key().equals(key)) {
                return EventSubject.realServer(new RealServerName(spec.name(), realServer.name()));
            }
        }
        return EventSubject.realServer(new RealServerName(spec.name(), key.toString()));
    }
}
