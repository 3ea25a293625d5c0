package io.fairlead.ha.shared;

import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.shared.HealthClaim.Health;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the checks of all peers say, side by side; nobody's claim replaces another's. Each peer speaks for itself alone, so
 * there is nothing to merge: its last word counts. Immutable.
 */
public record HealthClaims(SortedMap<PeerId, SortedMap<String, HealthClaim>> byPeer) {

    /** The most subjects of a peer; of more, the first in order are kept. */
    public static final int SUBJECT_COUNT_MAX = 8192;

    public static final HealthClaims NONE = new HealthClaims(new TreeMap<>());

    public HealthClaims {
        SortedMap<PeerId, SortedMap<String, HealthClaim>> copy = new TreeMap<>();
        byPeer.forEach((peer, claims) -> copy.put(peer, Collections.unmodifiableSortedMap(claims)));
        byPeer = Collections.unmodifiableSortedMap(copy);
    }

    /** Returns the claims after this peer said all it has to say. */
    public HealthClaims withAll(PeerId peer, Map<String, HealthClaim> claims) {
        SortedMap<String, HealthClaim> kept = new TreeMap<>(claims);
        while (kept.size() > SUBJECT_COUNT_MAX) {
            kept.remove(kept.lastKey());
        }
        SortedMap<PeerId, SortedMap<String, HealthClaim>> more = new TreeMap<>(byPeer);
        more.put(peer, kept);
        return new HealthClaims(more);
    }

    /** Returns the claims after this peer said what has changed. */
    public HealthClaims withChanged(PeerId peer, Map<String, HealthClaim> changed) {
        SortedMap<String, HealthClaim> all = new TreeMap<>(byPeer.getOrDefault(peer, new TreeMap<>()));
        all.putAll(changed);
        return withAll(peer, all);
    }

    /** Returns the claims of those of whom anything is heard still. */
    public HealthClaims only(Set<PeerId> peers) {
        SortedMap<PeerId, SortedMap<String, HealthClaim>> fewer = new TreeMap<>(byPeer);
        fewer.keySet().retainAll(peers);
        return new HealthClaims(fewer);
    }

    /** Returns what each peer says about this subject; who says nothing is left out. */
    public SortedMap<PeerId, HealthClaim> of(String subject) {
        SortedMap<PeerId, HealthClaim> claims = new TreeMap<>();
        byPeer.forEach((peer, all) -> {
            HealthClaim claim = all.get(subject);
            if (claim != null) {
                claims.put(peer, claim);
            }
        });
        return claims;
    }

    /** Returns the subjects that one peer calls healthy and another unhealthy. */
    public SortedSet<String> disputed() {
        SortedMap<String, EnumSet<Health>> said = new TreeMap<>();
        byPeer.values()
                .forEach(claims -> claims.forEach(
                        (subject, claim) -> said.computeIfAbsent(subject, _ -> EnumSet.noneOf(Health.class))
                                .add(claim.health())));
        SortedSet<String> disputed = new TreeSet<>();
        said.forEach((subject, all) -> {
            if (all.contains(Health.HEALTHY) && all.contains(Health.UNHEALTHY)) {
                disputed.add(subject);
            }
        });
        return disputed;
    }
}
