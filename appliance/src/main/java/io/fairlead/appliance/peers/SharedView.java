package io.fairlead.appliance.peers;

import io.fairlead.appliance.state.SharedTerms;
import io.fairlead.core.policy.RealServerName;
import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.shared.HealthClaim;
import io.fairlead.ha.shared.HealthClaims;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is shared with the peers, at one moment; immutable.
 *
 * @param self this appliance; empty without peers
 * @param members the peers that take part now
 * @param claims what the checks of all say
 * @param disputed on which real servers they have not agreed for a while
 * @param wishes how many wishes of operators there are
 * @param refused how many messages of peers could not be read
 */
public record SharedView(
        Optional<PeerId> self,
        Set<PeerId> members,
        HealthClaims claims,
        SortedSet<String> disputed,
        int wishes,
        long refused) {

    /** Nothing is shared. */
    public static final SharedView NONE =
            new SharedView(Optional.empty(), Set.of(), HealthClaims.NONE, new TreeSet<>(), 0, 0);

    public SharedView {
        members = Set.copyOf(members);
    }

    /** Returns what the checks of the other peers say of a real server. */
    public NavigableMap<PeerId, HealthClaim> others(RealServerName name) {
        NavigableMap<PeerId, HealthClaim> others = new TreeMap<>(claims.of(SharedTerms.subject(name)));
        self.ifPresent(others::remove);
        return others;
    }

    /** Returns whether the peers have not agreed on a real server for a while. */
    public boolean isDisputed(RealServerName name) {
        return disputed.contains(SharedTerms.subject(name));
    }
}
