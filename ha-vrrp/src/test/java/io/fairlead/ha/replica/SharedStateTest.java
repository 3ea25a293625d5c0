package io.fairlead.ha.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.ha.peer.PeerGroup;
import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.shared.HealthClaim;
import io.fairlead.ha.shared.HealthClaim.Health;
import io.fairlead.ha.shared.Wish;
import io.fairlead.ha.shared.Wish.Service;
import io.fairlead.ha.shared.Wishes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SharedStateTest {

    private static final Wish DRAINED = new Wish(Service.DRAINED, OptionalInt.empty(), OptionalLong.empty());
    private static final Wish DISABLED = new Wish(Service.DISABLED, OptionalInt.empty(), OptionalLong.empty());
    private static final HealthClaim UP = new HealthClaim(Health.HEALTHY, 0, OptionalLong.empty());
    private static final HealthClaim DOWN = new HealthClaim(Health.UNHEALTHY, 0, OptionalLong.empty());

    private final List<Node> all = new ArrayList<>();
    private final Node a = new Node("edge-a", Wishes.NONE);
    private final Node b = new Node("edge-b", Wishes.NONE);

    /** A replica in a group that delivers at once to all it reaches. */
    private final class Node implements PeerGroup, SharedStateListener {
        final PeerId id;
        final SharedState state;
        final Set<Node> reached = new HashSet<>();
        int sent;
        int told;
        Wishes kept;

        Node(String name, Wishes remembered) {
            this.id = new PeerId(name);
            this.kept = remembered;
            this.state = new SharedState(remembered, this, Runnable::run, () -> 0, () -> 0);
            state.join(id, this);
            all.add(this);
        }

        @Override
        public Set<PeerId> members() {
            return new HashSet<>(reached.stream().map(node -> node.id).toList());
        }

        @Override
        public boolean publish(byte[] message) {
            sent++;
            List.copyOf(reached).forEach(node -> node.state.messageReceived(id, message));
            return true;
        }

        @Override
        public void replicaChanged(Wishes replica) {
            kept = replica;
        }

        @Override
        public void wishesChanged(PeerId from) {
            told++;
        }

        @Override
        public void healthChanged() {}

        void wish(String subject, Wish wish) {
            state.wish(subject, Optional.of(wish));
        }
    }

    private static void connect(Node one, Node other) {
        one.reached.add(other);
        other.reached.add(one);
        one.state.membersChanged(one.members(), Set.of(other.id));
        other.state.membersChanged(other.members(), Set.of(one.id));
    }

    private static void split(Node one, Node other) {
        one.reached.remove(other);
        other.reached.remove(one);
        one.state.membersChanged(one.members(), Set.of());
        other.state.membersChanged(other.members(), Set.of());
    }

    @Test
    void aChangeReachesThePeersAtOnce() {
        connect(a, b);

        a.wish("web/web-1", DRAINED);

        assertThat(b.state.wishes()).isEqualTo(Map.of("web/web-1", DRAINED));
        assertThat(b.told).isEqualTo(1);
    }

    @Test
    void whoJoinsIsToldAll() {
        a.wish("web/web-1", DRAINED);
        a.state.health(Map.of("web-1", DOWN));

        connect(a, b);

        assertThat(b.state.wishes()).containsEntry("web/web-1", DRAINED);
        assertThat(b.state.claims().of("web-1")).isEqualTo(Map.of(a.id, DOWN));
    }

    @Test
    void bothSidesOfASplitAreKept() {
        connect(a, b);
        split(a, b);
        a.wish("web/web-1", DRAINED);
        b.wish("web/web-1", DISABLED);
        b.wish("web/web-2", DRAINED);

        connect(a, b);

        assertThat(a.state.wishes()).isEqualTo(Map.of("web/web-1", DISABLED, "web/web-2", DRAINED));
        assertThat(b.state.wishes()).isEqualTo(a.state.wishes());
    }

    @Test
    void aRestartRemembersAndBringsBackNothingWithdrawnMeanwhile() {
        connect(a, b);
        a.wish("web/web-1", DRAINED);
        a.wish("web/web-2", DRAINED);
        split(a, b);
        b.state.wish("web/web-1", Optional.empty());

        Node again = new Node("edge-a", a.kept);
        connect(again, b);

        assertThat(again.state.wishes()).isEqualTo(Map.of("web/web-2", DRAINED));
        assertThat(b.state.wishes()).isEqualTo(Map.of("web/web-2", DRAINED));
    }

    @Test
    void sendsOnlyTheClaimsThatChanged() {
        connect(a, b);
        a.state.health(Map.of("web-1", UP, "web-2", UP));
        int sent = a.sent;

        a.state.health(Map.of("web-1", UP, "web-2", UP));
        assertThat(a.sent).isEqualTo(sent);

        a.state.health(Map.of("web-1", UP, "web-2", DOWN));
        assertThat(a.sent).isEqualTo(sent + 1);
        assertThat(b.state.claims().of("web-2")).isEqualTo(Map.of(a.id, DOWN));
        assertThat(b.state.claims().of("web-1")).isEqualTo(Map.of(a.id, UP));

        a.state.health(Map.of("web-1", UP));
        assertThat(b.state.claims().of("web-2")).isEmpty();
    }

    @Test
    void forgetsTheClaimsOfWhoHasLeft() {
        connect(a, b);
        a.state.health(Map.of("web-1", DOWN));

        split(a, b);

        assertThat(b.state.claims().of("web-1")).isEmpty();
        assertThat(a.state.claims().of("web-1")).hasSize(1);
    }

    @Test
    void whatWasSaidAloneIsKeptWhenTwoMeet() {
        var alone = new SharedState(Wishes.NONE, a, Runnable::run, () -> 10, () -> 0);
        var other = new SharedState(Wishes.NONE, b, Runnable::run, () -> 20, () -> 0);
        alone.wish("web/web-1", Optional.of(DRAINED));
        other.wish("web/web-2", Optional.of(DISABLED));

        alone.join(new PeerId("edge-c"), a);
        other.join(new PeerId("edge-d"), b);

        assertThat(a.kept.merge(b.kept).all()).isEqualTo(Map.of("web/web-1", DRAINED, "web/web-2", DISABLED));
    }

    @Test
    void whoHasNotAskedItsChecksSaysNothingOfHealth() {
        connect(a, b);
        assertThat(b.state.claims().byPeer()).isEmpty();

        a.state.health(Map.of());

        assertThat(b.state.claims().byPeer()).containsOnlyKeys(a.id);
    }

    @Test
    void countsWhatItCannotRead() {
        a.state.messageReceived(b.id, new byte[] {1, 2, 3});

        assertThat(a.state.refused()).isEqualTo(1);
        assertThat(a.state.wishes()).isEmpty();
    }
}
