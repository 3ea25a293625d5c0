package io.fairlead.core.policy;

import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.policy.MemberState.Draining;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the policy must remember of one virtual server from one decision to the next.
 *
 * @param members only those of whom there is something to remember
 */
public record PoolState(Quorum.State quorum, Map<RealServerKey, MemberState> members) {

    /** Nothing is known yet. */
    public static final PoolState INITIAL = new PoolState(Quorum.State.UNDECIDED, Map.of());
    /** The rule: enough is live, nobody drains, nobody starts slowly. */
    private static final PoolState SETTLED = new PoolState(Quorum.State.HELD, Map.of());

    public PoolState {
        members = members.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(members));
    }

    static PoolState of(Quorum.State quorum, Map<RealServerKey, MemberState> members) {
        return quorum == Quorum.State.HELD && members.isEmpty() ? SETTLED : new PoolState(quorum, members);
    }

    /** Returns whether the connections of some member must be counted from time to time. */
    public boolean isDraining() {
        for (MemberState member : members.values()) {
            if (member instanceof Draining) {
                return true;
            }
        }
        return false;
    }
}
