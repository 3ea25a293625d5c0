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
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * This appliance's replica of what all peers know. A local change goes to the group at once; to a peer that joins, or meets
 * us again after a split, we tell all. What is told twice changes nothing, so nothing has to be remembered about who knows what.
 * Without peers it remembers wishes just the same, and has them when peers come.
 *
 * <p>All methods may be called by any thread. None of them waits for the group: what is to be told is handed to the teller.
 */
public final class SharedState implements PeerGroupListener {

    private final SharedStateListener listener;
    private final Executor teller;
    private final LongSupplier epochMillis;
    private final LongSupplier nanos;
    private final AtomicLong refused = new AtomicLong();
    // Guarded by this, as are all below.
    private Optional<PeerId> self = Optional.empty();
    private PeerGroup group = NO_GROUP;
    private Wishes wishes;
    private HealthClaims claims = HealthClaims.NONE;
    private boolean wishesUntold;

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
     * @param teller sends to the group, one message after the other
     * @param epochMillis the time of day, for the names of changes; need not be right
     * @param nanos the clock of health claims
     */
    public SharedState(
            Wishes remembered,
            SharedStateListener listener,
            Executor teller,
            LongSupplier epochMillis,
            LongSupplier nanos) {
        this.wishes = remembered;
        this.listener = listener;
        this.teller = teller;
        this.epochMillis = epochMillis;
        this.nanos = nanos;
    }

    /** Takes part in a group under this name. */
    public synchronized void join(PeerId name, PeerGroup newGroup) {
        self = Optional.of(name);
        group = newGroup;
        keep(wishes.claimedBy(name.number(), epochMillis.getAsLong()));
    }

    /** Is alone from now on, and forgets what the checks of others say. */
    public synchronized void leave() {
        self = Optional.empty();
        group = NO_GROUP;
        claims = HealthClaims.NONE;
    }

    /**
     * Changes a wish, and tells the peers.
     *
     * @throws IllegalArgumentException if there are too many wishes already
     */
    public synchronized void wish(String subject, Optional<Wish> wish) {
        int number = self.map(PeerId::number).orElse(Wishes.ALONE);
        if (keep(wishes.with(number, epochMillis.getAsLong(), subject, wish))) {
            tellWishes();
        }
    }

    /** Returns whether anything is different now. */
    private boolean keep(Wishes next) {
        if (next.equals(wishes)) {
            return false;
        }
        wishes = next;
        listener.replicaChanged(next);
        return true;
    }

    /** Tells the peers what this appliance's checks say now; what is as before is not sent. */
    public synchronized void health(Map<String, HealthClaim> all) {
        if (self.isEmpty()) {
            return;
        }
        Optional<Map<String, HealthClaim>> before = own();
        claims = claims.withAll(self.get(), all);
        Map<String, HealthClaim> now = own().orElseThrow();
        if (before.isEmpty() || !now.keySet().containsAll(before.get().keySet())) {
            tellHealth(new SharedMessage.Health(true, now));
            return;
        }
        Map<String, HealthClaim> changed = new HashMap<>(now);
        changed.entrySet().removeIf(each -> each.getValue().equals(before.get().get(each.getKey())));
        if (!changed.isEmpty()) {
            tellHealth(new SharedMessage.Health(false, changed));
        }
    }

    /** Returns what counts, by subject. */
    public synchronized SortedMap<String, Wish> wishes() {
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
    public void messageReceived(PeerId from, byte[] message) {
        Optional<SharedMessage> read = SharedCodec.decode(message, nanos.getAsLong());
        if (read.isEmpty()) {
            refused.incrementAndGet();
            return;
        }
        synchronized (this) {
            if (self.isPresent()) {
                take(from, read.get());
            }
        }
    }

    private void take(PeerId from, SharedMessage message) {
        switch (message) {
            case SharedMessage.AllWishes(Wishes theirs) -> {
                if (keep(wishes.merge(theirs))) {
                    listener.wishesChanged(from);
                }
            }
            case SharedMessage.Health(boolean all, Map<String, HealthClaim> said) -> {
                claims = all ? claims.withAll(from, said) : claims.withChanged(from, said);
                listener.healthChanged();
            }
        }
    }

    @Override
    public synchronized void membersChanged(Set<PeerId> members, Set<PeerId> joined) {
        if (!joined.isEmpty()) {
            tellWishes();
            // Before our checks were asked we have nothing to say, which is not the same as having nothing to check.
            own().ifPresent(all -> tellHealth(new SharedMessage.Health(true, all)));
        }
        Set<PeerId> present = new HashSet<>(members);
        self.ifPresent(present::add);
        HealthClaims left = claims.only(present);
        if (!left.equals(claims)) {
            claims = left;
            listener.healthChanged();
        }
    }

    private Optional<Map<String, HealthClaim>> own() {
        return self.flatMap(name -> Optional.ofNullable(claims.byPeer().get(name)));
    }

    /** However many changes there are, one message with the last of them is enough. */
    private void tellWishes() {
        if (!wishesUntold) {
            wishesUntold = true;
            teller.execute(() -> {
                PeerGroup to;
                Wishes told;
                synchronized (this) {
                    wishesUntold = false;
                    to = group;
                    told = wishes;
                }
                var _ = to.publish(SharedCodec.encode(new SharedMessage.AllWishes(told), nanos.getAsLong()));
            });
        }
    }

    private void tellHealth(SharedMessage.Health health) {
        PeerGroup to = group;
        teller.execute(() -> {
            var _ = to.publish(SharedCodec.encode(health, nanos.getAsLong()));
        });
    }
}
