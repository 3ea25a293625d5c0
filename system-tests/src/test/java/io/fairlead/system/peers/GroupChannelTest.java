package io.fairlead.system.peers;

import static io.fairlead.system.peers.LinkedNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fairlead.ha.channel.KeyFile;
import io.fairlead.ha.seal.KeyRing;
import io.fairlead.system.topology.Bridge;
import io.fairlead.system.topology.Link;
import io.fairlead.system.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** JGroups over the sealed link, between real hosts. */
@Tag("namespace")
class GroupChannelTest {

    private static final KeyRing RING = KeyRing.parse(KeyFile.newKey());
    private static final Map<String, String> ADDRESSES =
            Map.of("edge-a", "192.0.2.1", "edge-b", "192.0.2.2", "edge-c", "192.0.2.3");

    private final List<GroupedNode> nodes = new ArrayList<>();
    private Topology lab;
    private Bridge front;
    private Link cableB;

    @BeforeEach
    void threeHosts() {
        Topology.unavailable().ifPresent(reason -> abort(reason));
        lab = Topology.create();
        front = lab.bridge("front");
        front.attach(lab.host("edge-a"), "192.0.2.1/24");
        cableB = front.attach(lab.host("edge-b"), "192.0.2.2/24");
        front.attach(lab.host("edge-c"), "192.0.2.3/24");
    }

    @AfterEach
    void close() {
        nodes.forEach(GroupedNode::close);
        if (lab != null) {
            lab.close();
        }
    }

    private GroupedNode node(String name) {
        GroupedNode node = new GroupedNode(lab.host(name), RING, ADDRESSES);
        nodes.add(node);
        return node;
    }

    private static void awaitGroup(GroupedNode... all) {
        for (GroupedNode one : all) {
            await(one.id + " sees all others", () -> one.group.members().size() == all.length - 1);
        }
    }

    @Test
    void threePeersFormOneGroupAndHearEachMessageOnceAndInOrder() {
        GroupedNode a = node("edge-a");
        GroupedNode b = node("edge-b");
        GroupedNode c = node("edge-c");
        awaitGroup(a, b, c);

        assertThat(a.publish("drain web-1")).isTrue();
        assertThat(a.publish("x".repeat(200_000))).isTrue();
        assertThat(a.publish("enable web-1")).isTrue();

        String large = "edge-a: " + "x".repeat(40);
        for (GroupedNode each : List.of(b, c)) {
            await("three messages at " + each.id, () -> each.messages.size() == 3);
            assertThat(each.messages).containsExactly("edge-a: drain web-1", large, "edge-a: enable web-1");
        }
        assertThat(a.messages).as("its own").isEmpty();

        c.close();
        await("edge-c has left", () -> a.group.members().equals(Set.of(b.id)));
    }

    @Test
    void aSplitGroupMeetsAgainAndNamesWhoMissedSomething() {
        GroupedNode a = node("edge-a");
        GroupedNode b = node("edge-b");
        awaitGroup(a, b);

        cableB.block();
        await("a split", () -> a.group.members().isEmpty() && b.group.members().isEmpty());
        a.joined.clear();
        b.joined.clear();
        cableB.heal();

        awaitGroup(a, b);
        assertThat(a.joined).contains(b.id);
        assertThat(b.joined).contains(a.id);
    }

    @Test
    void aRestartedPeerIsANewcomer() {
        GroupedNode a = node("edge-a");
        GroupedNode b = node("edge-b");
        awaitGroup(a, b);
        b.link.close(); // as if it were killed: no goodbye of the group's
        a.joined.clear();

        GroupedNode again = node("edge-b");

        await("edge-b again", () -> a.joined.contains(again.id));
        await("a message of the newcomer", () -> {
            again.publish("back");
            return a.messages.contains("edge-b: back");
        });
    }
}
