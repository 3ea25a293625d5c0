package io.fairlead.ha.replica;

import io.fairlead.ha.peer.PeerGroup;
import io.fairlead.ha.peer.PeerGroupListener;
import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.shared.HealthClaim;
import io.fairlead.ha.shared.HealthClaims;
import io.fairlead.ha.shared.SharedCodec;
import io.fairlead.ha.shared.SharedMessage;
import io.fairlead.ha.shared.Wish;
import io.fairlead.ha.shared.Wishes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * This appliance's replica of what all peers know. A local change goes to the group at once; to a peer that joins, or meets
 * us again after a split, we tell all. What is told twice changes nothing, so nothing has to be remembered about who knows what.
 *
 * <p>All methods may be called by any thread.
 */
public final class SharedState implements PeerGroupListener {

    private final PeerId self;
    private final SharedStateListener listener;
    private final LongSupplier epochMillis;
    private final LongSupplier nanos;
    private final AtomicLong refused = new AtomicLong();
    private PeerGroup group = NO_GROUP;
    private Wishes wishes;
    private HealthClaims claims = HealthClaims.NONE;

    private static final PeerGroup NO_GROUP = new PeerGroup() {
        @Override
        public Set<PeerId> members() {
            return Set.of();
        }

        @Override
        public boolean publish(byte[] message) {
            return false;
        }
    };

    /**
     * @param remembered what an earlier start knew
     * @param epochMillis the time of day, for the names of changes; need not be right
     * @param nanos the clock of health claims
     */
    public SharedState(
            PeerId self,
            Wishes remembered,
            SharedStateListener listener,
            LongSupplier epochMillis,
            LongSupplier nanos) {
        this.self = self;
        this.wishes = remembered;
        this.listener = listener;
        this.epochMillis = epochMillis;
        this.nanos = nanos;
    }

    /** Who gets what changes here from now on. */
    public synchronized void join(PeerGroup newGroup) {
        group = newGroup;
    }

    /**
     * Changes a wish, and tells the peers.
     *
     * @return the replica, to be kept for the next start
     * @throws IllegalArgumentException if there are too many wishes already
     */
    public synchronized Wishes wish(String subject, Optional<Wish> wish) {
        wishes = wishes.with(self.number(), epochMillis.getAsLong(), subject, wish);
        tellWishes();
        return wishes;
    }

    /** Tells the peers what this appliance's checks say now; what is as before is not sent. */
    public synchronized void health(Map<String, HealthClaim> all) {
        Map<String, HealthClaim> before = own();
        claims = claims.withAll(self, all);
        Map<String, HealthClaim> now = own();
        if (!now.keySet().containsAll(before.keySet())) {
            tellHealth(new SharedMessage.Health(true, now));
            return;
        }
        Map<String, HealthClaim> changed = new HashMap<>(now);
        changed.entrySet().removeIf(each -> each.getValue().equals(before.get(each.getKey())));
        if (!changed.isEmpty()) {
            tellHealth(new SharedMessage.Health(false, changed));
        }
    }

    /** Returns what counts, by subject. */
    public synchronized Map<String, Wish> wishes() {
        return wishes.all();
    }

    /** Returns what the checks of all peers in the group say, this appliance's included. */
    public synchronized HealthClaims claims() {
        return claims;
    }

    /** Returns how many messages could not be read. */
    public long refused() {
        return refused.get();
    }

    @Override
    public synchronized void messageReceived(PeerId from, byte[] message) {
        switch (SharedCodec.decode(message, nanos.getAsLong()).orElse(null)) {
            case SharedMessage.AllWishes(Wishes theirs) -> {
                Wishes merged = wishes.merge(theirs);
                if (!merged.equals(wishes)) {
                    wishes = merged;
                    listener.wishesChanged(merged, merged.all());
                }
            }
            case SharedMessage.Health(boolean all, Map<String, HealthClaim> said) -> {
                claims = all ? claims.withAll(from, said) : claims.withChanged(from, said);
                listener.healthChanged(claims);
            }
            case null -> refused.incrementAndGet();
        }
    }

    @Override
    public synchronized void membersChanged(Set<PeerId> members, Set<PeerId> joined) {
        if (!joined.isEmpty()) {
            tellWishes();
            tellHealth(new SharedMessage.Health(true, own()));
        }
        Set<PeerId> present = new HashSet<>(members);
        present.add(self);
        HealthClaims left = claims.only(present);
        if (!left.equals(claims)) {
            claims = left;
            listener.healthChanged(claims);
        }
    }

    private Map<String, HealthClaim> own() {
        SortedMap<String, HealthClaim> own = claims.byPeer().get(self);
        return own == null ? Map.of() : own;
    }

    private void tellWishes() {
        var _ = group.publish(SharedCodec.encode(new SharedMessage.AllWishes(wishes), nanos.getAsLong()));
    }

    private void tellHealth(SharedMessage.Health health) {
        var _ = group.publish(SharedCodec.encode(health, nanos.getAsLong()));
    }
}
