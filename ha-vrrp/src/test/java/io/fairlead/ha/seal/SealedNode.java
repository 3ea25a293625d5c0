package io.fairlead.ha.seal;

import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.seal.Introduction.Nonce;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** One start of an appliance, as far as sealing goes; the test carries the datagrams. */
final class SealedNode {

    static final String CLUSTER = "edge";

    final PeerId id;
    final long boot;
    final SealGate gate;
    private final ByteBuffer plain = ByteBuffer.allocate(65_535);
    private final String cluster;
    private Sealer sealer;
    private long counter;

    private SealedNode(String name, String cluster, long boot, KeyRing ring, List<String> peers, boolean open) {
        this.id = new PeerId(name);
        this.cluster = cluster;
        this.boot = boot;
        this.sealer = new Sealer(ring, cluster, id, boot);
        this.gate = new SealGate(
                ring, cluster, id, boot, peers.stream().map(PeerId::new).toList(), open, new Random(boot));
    }

    static SealedNode of(String name, long boot, KeyRing ring, String... peers) {
        return new SealedNode(name, CLUSTER, boot, ring, List.of(peers), false);
    }

    static SealedNode finding(String name, long boot, KeyRing ring) {
        return new SealedNode(name, CLUSTER, boot, ring, List.of(), true);
    }

    static SealedNode inCluster(String cluster, String name, KeyRing ring, String... peers) {
        return new SealedNode(name, cluster, 99, ring, List.of(peers), false);
    }

    void use(KeyRing ring) {
        sealer = new Sealer(ring, cluster, id, boot);
        gate.use(ring);
    }

    byte[] hello(SealedNode to, String text) {
        return seal(SealKind.HELLO, to.id.number(), ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    byte[] challenge(SealedNode to, long now) {
        return introduce(SealKind.CHALLENGE, to, gate.challenge(to.id, now));
    }

    byte[] challengeToAll(long now) {
        return seal(SealKind.CHALLENGE, 0, introduction(gate.challengeToAll(now)));
    }

    byte[] proof(SealedNode to, Verdict challenged) {
        return introduce(
                SealKind.PROOF, to, ((Verdict.Challenged) challenged).from().nonce());
    }

    private byte[] introduce(SealKind kind, SealedNode to, Nonce nonce) {
        return seal(kind, to.id.number(), introduction(nonce));
    }

    ByteBuffer introduction(Nonce nonce) {
        ByteBuffer out = ByteBuffer.allocate(Introduction.LENGTH_MAX);
        new Introduction(nonce, id, IpAddress.parse("2001:db8::1"), 7447).write(out);
        return out.flip();
    }

    byte[] seal(SealKind kind, int receiver, ByteBuffer content) {
        ByteBuffer out = ByteBuffer.allocate(content.remaining() + Sealer.OVERHEAD);
        sealer.seal(kind, receiver, counter++, content, out);
        return out.array();
    }

    Verdict receive(byte[] datagram, long now) {
        return gate.judge(ByteBuffer.wrap(datagram), plain, now);
    }

    String text() {
        return StandardCharsets.US_ASCII.decode(plain.duplicate()).toString();
    }

    /** Asks {@code other} for its proof, and gets it. */
    Verdict accept(SealedNode other, long now) {
        return receive(other.proof(this, other.receive(challenge(other, now), now)), now);
    }
}
