package io.fairlead.system.peers;

import static io.fairlead.system.peers.LinkedNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.channel.KeyFile;
import io.fairlead.ha.peer.PeerHint;
import io.fairlead.ha.seal.KeyRing;
import io.fairlead.ha.seal.Verdict.Reason;
import io.fairlead.system.topology.Bridge;
import io.fairlead.system.topology.Link;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Links between real sockets: what comes, what is refused, and what the kernel tells of a dead peer. */
@Tag("namespace")
class SealedLinkTest {

    private static final String OLD = KeyFile.newKey();
    private static final String NEW = KeyFile.newKey();
    private static final KeyRing RING = KeyRing.parse(OLD);
    private static final Map<String, String> ADDRESSES =
            Map.of("edge-a", "192.0.2.1", "edge-b", "192.0.2.2", "edge-c", "192.0.2.3");
    private static final Map<String, String> ADDRESSES6 =
            Map.of("edge-a", "2001:db8::1", "edge-b", "2001:db8::2", "edge-c", "2001:db8::3");

    private final List<LinkedNode> nodes = new ArrayList<>();
    private Topology lab;
    private Bridge front;
    private NetworkHost hostA;
    private NetworkHost hostB;
    private Link cableB;

    @BeforeEach
    void twoHosts() {
        Topology.unavailable().ifPresent(reason -> abort(reason));
        lab = Topology.create();
        front = lab.bridge("front");
        hostA = lab.host("edge-a");
        hostB = lab.host("edge-b");
        front.attach(hostA, "192.0.2.1/24", "2001:db8::1/64");
        cableB = front.attach(hostB, "192.0.2.2/24", "2001:db8::2/64");
    }

    @AfterEach
    void close() {
        nodes.forEach(LinkedNode::close);
        if (lab != null) {
            lab.close();
        }
    }

    private LinkedNode node(NetworkHost host, KeyRing ring, Map<String, String> addresses) {
        Map<String, String> peers = new TreeMap<>(addresses);
        String own = Objects.requireNonNull(peers.remove(host.name()));
        return add(LinkedNode.start(host, ring, own, peers));
    }

    private LinkedNode node(NetworkHost host) {
        return node(host, RING, ADDRESSES);
    }

    private LinkedNode add(LinkedNode node) {
        nodes.add(node);
        return node;
    }

    private static void awaitBothHear(LinkedNode one, LinkedNode other) {
        await(one.id + " and " + other.id + " hear each other", () -> one.hears(other) && other.hears(one));
    }

    @Test
    void hellosPassBothWaysThoughAThirdPeerIsDead() throws InterruptedException {
        LinkedNode a = node(hostA);
        LinkedNode b = node(hostB);
        awaitBothHear(a, b);
        a.forget();
        b.forget();

        Thread.sleep(1_500);

        for (LinkedNode.Heard heard : List.of(a.of(b), b.of(a))) {
            List<Long> delays = heard.delaysNanos().stream().sorted().toList();
            assertThat(heard.count()).isGreaterThan(20);
            assertThat(Duration.ofNanos(delays.get(delays.size() / 2))).isLessThan(Duration.ofMillis(20));
        }
        assertThat(a.link.stats().peers().getLast().proven()).as("edge-c").isFalse();
    }

    @Test
    void hellosPassOverIpv6() {
        awaitBothHear(node(hostA, RING, ADDRESSES6), node(hostB, RING, ADDRESSES6));
    }

    @Test
    void peersFindEachOtherByMulticast() {
        LinkedNode a = add(LinkedNode.startFinding(hostA, RING, "192.0.2.1", "239.192.0.81"));
        LinkedNode b = add(LinkedNode.startFinding(hostB, RING, "192.0.2.2", "239.192.0.81"));

        awaitBothHear(a, b);

        assertThat(a.hints.getFirst()).isEqualTo(new PeerHint.Found(b.id, IpAddress.parse("192.0.2.2")));
        assertThat(a.hints).containsOnlyOnce(a.hints.getFirst());
    }

    @Test
    void aCutAndItsEndNeedNoNewProof() {
        LinkedNode a = node(hostA);
        LinkedNode b = node(hostB);
        awaitBothHear(a, b);

        cableB.block();
        await("silence", () -> !a.hears(b) && !b.hears(a));
        cableB.heal();
        awaitBothHear(a, b);

        assertThat(a.hints).filteredOn(PeerHint.Proven.class::isInstance).hasSize(1);
    }

    @Test
    void aThirdOfAllDatagramsLostStopsNothing() {
        for (NetworkHost host : List.of(hostA, hostB)) {
            host.runWithInput("""
                table inet loss {
                  chain in { type filter hook input priority 0; udp dport 7946 numgen random mod 100 < 30 drop; }
                }
                """, "nft", "-f", "-").orThrow();
        }

        LinkedNode a = node(hostA);
        LinkedNode b = node(hostB);

        awaitBothHear(a, b);
        await("a hundred hellos", () -> a.of(b).count() > 100 && b.of(a).count() > 100);
    }

    @Test
    void keysChangeWithoutSilence() {
        LinkedNode a = node(hostA);
        LinkedNode b = node(hostB);
        awaitBothHear(a, b);
        a.forget();
        b.forget();

        for (String file : List.of(OLD + "\n" + NEW, NEW + "\n" + OLD, NEW)) {
            a.link.use(KeyRing.parse(file));
            awaitMore(a, b);
            b.link.use(KeyRing.parse(file));
            awaitMore(a, b);
        }

        assertThat(a.link.stats().refused()).doesNotContainKeys(Reason.KEY, Reason.FORGED, Reason.REPLAYED);
        assertThat(b.link.stats().refused()).doesNotContainKeys(Reason.KEY, Reason.FORGED, Reason.REPLAYED);
    }

    private static void awaitMore(LinkedNode a, LinkedNode b) {
        int ofA = b.of(a).count();
        int ofB = a.of(b).count();
        await("five more hellos", () -> b.of(a).count() > ofA + 5 && a.of(b).count() > ofB + 5);
    }

    @Test
    void aPeerWithAnotherKeyIsNotHeard() {
        LinkedNode a = node(hostA);
        LinkedNode b = node(hostB, KeyRing.parse(NEW), ADDRESSES);

        await("refusals", () -> a.link.stats().refused().getOrDefault(Reason.KEY, 0L) > 10);

        assertThat(a.of(b).count()).isZero();
        assertThat(b.of(a).count()).isZero();
        assertThat(a.hints)
                .filteredOn(PeerHint.Refused.class::isInstance)
                .as("told once")
                .containsExactly(new PeerHint.Refused(
                        b.id, IpAddress.parse("192.0.2.2"), "sealed with a key that is not in the key file here"));

        b.link.use(RING);
        awaitBothHear(a, b);
        assertThat(a.link.stats().peers()).allMatch(peer -> peer.refusedFor().isEmpty());
    }

    @Test
    void aRestartIsProvenAtOnceAndAGoodbyeIsAHint() {
        LinkedNode a = node(hostA);
        LinkedNode b = node(hostB);
        awaitBothHear(a, b);
        long before = b.link.boot();

        b.close();
        await("goodbye", () -> a.hints.contains(new PeerHint.Left(b.id)));
        await("the kernel's word that nobody listens", () -> a.hints.contains(new PeerHint.Suspected(b.id)));
        LinkedNode again = node(hostB);
        await("a new proof", () -> a.hints.contains(new PeerHint.Proven(b.id, again.link.boot())));
        awaitBothHear(a, again);

        assertThat(again.link.boot()).isNotEqualTo(before);
    }

    @Test
    void aForgedOrRecordedDatagramIsCountedAndChangesNothing() {
        LinkedNode a = node(hostA);
        LinkedNode b = node(hostB);
        awaitBothHear(a, b);

        hostB.run(
                        "bash",
                        "-c",
                        "for i in 1 2 3 4 5; do echo nonsense >/dev/udp/192.0.2.1/7946; done; "
                                + "printf '\\xfa\\x5e\\x01\\x00%060d' 7 >/dev/udp/192.0.2.1/7946")
                .orThrow();

        await("refusals", () -> a.link.stats().refused().getOrDefault(Reason.TOO_SHORT, 0L) >= 5);
        await("refusal of a header alone", () -> a.link.stats().refused().getOrDefault(Reason.CLUSTER, 0L) == 1);
        awaitMore(a, b);
    }

    @Test
    void anAddressThatComesLaterIsWaitedFor() {
        hostA.run("ip", "address", "del", "192.0.2.1/24", "dev", "eth0").orThrow();
        LinkedNode a = node(hostA);
        LinkedNode b = node(hostB);
        assertThat(a.link.stats().listening()).isFalse();

        hostA.address("eth0", "192.0.2.1/24");

        awaitBothHear(a, b);
    }

    @Test
    void drainingTellsWhenAllThatHadComeWasRead() throws InterruptedException {
        LinkedNode a = node(hostA);
        LinkedNode b = node(hostB);
        awaitBothHear(a, b);
        var drained = new CountDownLatch(1);

        a.link.drain(drained::countDown);

        assertThat(drained.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
