package io.fairlead.ha.seal;

import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.seal.Introduction.Nonce;
import io.fairlead.ha.seal.Verdict.Reason;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to believe of that which comes from the network. For one thread at a time.
 *
 * <p>A datagram counts when its tag fits, its sender's boot is the one proven last, and its counter is new. A boot is
 * proven by sending back a number that was made up here: clocks play no part, and yesterday's recording proves nothing.
 *
 * <pre>
 * boot          datagram                     verdict
 * present       hello, group, goodbye        content, once
 * present       challenge                    answer it
 * other         challenge                    answer it, and challenge the peer
 * other         proof of what we asked       this boot is present now, the former is retired
 * other         anything else authentic      challenge the peer, at most every 20 ms
 * retired       anything                     refused
 * nobody's      challenge, if peers are to be found      answer it, and challenge back
 * nobody's      proof of what we asked all    a peer is found
 * </pre>
 */
public final class SealGate {

    /** The most peers, this appliance not counted. */
    public static final int PEER_COUNT_MAX = 15;

    private static final long DOUBT_GAP_NANOS = 20_000_000L;
    private static final long ANSWER_GAP_NANOS = 1_000_000L;

    private final String cluster;
    private final int clusterNumber;
    private final int self;
    private final long boot;
    private final boolean open;
    private final RandomGenerator random;
    private final Map<Integer, PeerSessions> peers = new HashMap<>();
    private final Question asked = new Question();
    private final Cipher cipher = Sealer.aesGcm();
    private KeyRing ring;
    /** When a stranger was last answered. */
    private long strangerNanos = Long.MIN_VALUE;

    /**
     * @param boot the random number of this process
     * @param peers those that are configured
     * @param open whether others with the key become peers too
     * @param random for nonces; must not be predictable
     * @throws IllegalArgumentException if there are too many peers, or two names have the same number
     */
    public SealGate(
            KeyRing ring,
            String cluster,
            PeerId self,
            long boot,
            List<PeerId> peers,
            boolean open,
            RandomGenerator random) {
        this.ring = ring;
        this.cluster = cluster;
        this.clusterNumber = SealHeader.clusterNumber(cluster);
        this.self = self.number();
        this.boot = boot;
        this.open = open;
        this.random = random;
        if (peers.size() > PEER_COUNT_MAX) {
            throw new IllegalArgumentException(
                    "peers: " + peers.size() + " (expected: at most " + PEER_COUNT_MAX + ")");
        }
        List<PeerId> names = new ArrayList<>(peers);
        names.add(self);
        Map<Integer, PeerId> numbers = new HashMap<>();
        for (PeerId name : names) {
            PeerId other = numbers.put(name.number(), name);
            if (other != null) {
                throw new IllegalArgumentException("peers " + other + " and " + name
                        + " have the same number on the wire (expected: each name once; rename one)");
            }
        }
        peers.forEach(peer -> this.peers.put(peer.number(), new PeerSessions(peer)));
    }

    /** Opens with these keys from now on; what peers have proven stays. */
    public void use(KeyRing keys) {
        ring = keys;
        peers.values().forEach(PeerSessions::forgetKeys);
    }

    /** Returns whether a boot of the peer has been proven. */
    public boolean isProven(PeerId peer) {
        PeerSessions sessions = peers.get(peer.number());
        return sessions != null && sessions.present != null;
    }

    /** Returns what to challenge the peer with now. */
    public Nonce challenge(PeerId peer, long nowNanos) {
        PeerSessions sessions = peers.get(peer.number());
        return sessions == null ? asked.ask(random, nowNanos) : sessions.question.ask(random, nowNanos);
    }

    /** Returns what to challenge all with who are not known yet. */
    public Nonce challengeToAll(long nowNanos) {
        return asked.ask(random, nowNanos);
    }

    /**
     * Judges a datagram, from position to limit, whatever it holds; never throws.
     *
     * @param datagram its position moves
     * @param plain is cleared, and holds what was sealed, from position to limit, if the verdict is content
     */
    public Verdict judge(ByteBuffer datagram, ByteBuffer plain, long nowNanos) {
        plain.clear();
        if (datagram.remaining() < Sealer.OVERHEAD) {
            return refuse(Reason.TOO_SHORT);
        }
        if (!SealHeader.isOne(datagram)) {
            return refuse(Reason.NOT_SEALED);
        }
        ByteBuffer start = datagram.duplicate();
        SealHeader header = SealHeader.read(datagram);
        Optional<SealKind> kind = SealKind.ofNumber(header.kind());
        if (header.version() != SealHeader.VERSION || kind.isEmpty()) {
            return refuse(Reason.VERSION);
        }
        if (header.cluster() != clusterNumber) {
            return refuse(Reason.CLUSTER);
        }
        if (header.sender() == self && header.boot() == boot) {
            return refuse(Reason.OWN);
        }
        if (header.receiver() != 0 && header.receiver() != self) {
            return refuse(Reason.NOT_FOR_US);
        }
        Optional<ClusterKey> key = ring.withId(header.key());
        if (key.isEmpty()) {
            return refuse(Reason.KEY);
        }
        var sealed = new Sealed(header, kind.get(), key.get(), start, datagram, plain);
        if (header.sender() == self) {
            return refuse(opens(sealed, newSession(header)) ? Reason.SAME_NAME : Reason.FORGED);
        }
        PeerSessions peer = peers.get(header.sender());
        return peer == null ? ofStranger(sealed, nowNanos) : ofPeer(sealed, peer, nowNanos);
    }

    private record Sealed(
            SealHeader header, SealKind kind, ClusterKey key, ByteBuffer start, ByteBuffer rest, ByteBuffer plain) {}

    private Verdict ofPeer(Sealed sealed, PeerSessions peer, long nowNanos) {
        SealHeader header = sealed.header;
        if (peer.isRetired(header.boot())) {
            return refuse(Reason.STALE);
        }
        Session present = peer.present;
        if (present == null || present.boot() != header.boot()) {
            return ofOtherBoot(sealed, peer, nowNanos);
        }
        if (!present.window.isFresh(header.counter())) {
            return refuse(Reason.REPLAYED);
        }
        if (!opens(sealed, present)) {
            return refuse(Reason.FORGED);
        }
        present.window.mark(header.counter());
        return switch (sealed.kind) {
            case HELLO, GROUP, GOODBYE -> new Verdict.Content(peer.id, header.boot(), sealed.kind);
            case CHALLENGE -> challenged(sealed, peer, true, nowNanos);
            case PROOF -> refuse(Reason.NOT_ASKED);
        };
    }

    private Verdict ofOtherBoot(Sealed sealed, PeerSessions peer, long nowNanos) {
        Session session = peer.candidate;
        if (session == null || session.boot() != sealed.header.boot()) {
            session = newSession(sealed.header);
        }
        if (!opens(sealed, session)) {
            return refuse(Reason.FORGED);
        }
        peer.candidate = session; // only what is authentic takes the place
        return switch (sealed.kind) {
            case CHALLENGE -> challenged(sealed, peer, false, nowNanos);
            case PROOF -> proven(sealed, peer, session, nowNanos);
            case HELLO, GROUP, GOODBYE -> {
                if (isSoon(peer.doubtedNanos, nowNanos, DOUBT_GAP_NANOS)) {
                    yield refuse(Reason.UNPROVEN);
                }
                peer.doubtedNanos = nowNanos;
                yield new Verdict.Doubted(peer.id);
            }
        };
    }

    private Verdict proven(Sealed sealed, PeerSessions peer, Session session, long nowNanos) {
        Introduction by = introduction(sealed, peer.id);
        if (by == null) {
            return refuse(Reason.MALFORMED);
        }
        if (!peer.question.isAnsweredBy(by.nonce(), nowNanos)) {
            return refuse(Reason.NOT_ASKED);
        }
        peer.question.settle();
        session.window.mark(sealed.header.counter());
        peer.accept(session);
        return new Verdict.Proven(by, session.boot(), false);
    }

    private Verdict challenged(Sealed sealed, PeerSessions peer, boolean known, long nowNanos) {
        Introduction from = introduction(sealed, peer.id);
        if (from == null) {
            return refuse(Reason.MALFORMED);
        }
        if (isSoon(peer.answeredNanos, nowNanos, ANSWER_GAP_NANOS)) {
            return refuse(Reason.NOT_ASKED);
        }
        peer.answeredNanos = nowNanos;
        return new Verdict.Challenged(from, known);
    }

    private Verdict ofStranger(Sealed sealed, long nowNanos) {
        boolean introduces = sealed.kind == SealKind.CHALLENGE || sealed.kind == SealKind.PROOF;
        if (!open || !introduces || peers.size() >= PEER_COUNT_MAX) {
            return refuse(Reason.UNKNOWN_PEER);
        }
        Session session = newSession(sealed.header);
        if (!opens(sealed, session)) {
            return refuse(Reason.FORGED);
        }
        Introduction from = Introduction.read(sealed.plain).orElse(null);
        if (from == null || from.peer().number() != sealed.header.sender()) {
            return refuse(Reason.MALFORMED);
        }
        if (sealed.kind == SealKind.CHALLENGE) {
            if (isSoon(strangerNanos, nowNanos, ANSWER_GAP_NANOS)) {
                return refuse(Reason.NOT_ASKED);
            }
            strangerNanos = nowNanos;
            return new Verdict.Challenged(from, false);
        }
        if (!asked.isAnsweredBy(from.nonce(), nowNanos)) {
            return refuse(Reason.NOT_ASKED);
        }
        PeerSessions found = new PeerSessions(from.peer());
        session.window.mark(sealed.header.counter());
        found.accept(session);
        peers.put(sealed.header.sender(), found);
        return new Verdict.Proven(from, session.boot(), true);
    }

    private static @Nullable Introduction introduction(Sealed sealed, PeerId expected) {
        return Introduction.read(sealed.plain)
                .filter(read -> read.peer().equals(expected))
                .orElse(null);
    }

    private Session newSession(SealHeader header) {
        return new Session(cluster, header.sender(), header.boot());
    }

    private boolean opens(Sealed sealed, Session session) {
        SecretKey secret = session.secret(sealed.key);
        try {
            cipher.init(Cipher.DECRYPT_MODE, secret, sealed.header.nonce());
            cipher.updateAAD(sealed.start.limit(sealed.start.position() + SealHeader.LENGTH));
            cipher.doFinal(sealed.rest, sealed.plain);
            sealed.plain.flip();
            return true;
        } catch (GeneralSecurityException _) { // a tag that does not fit; counted by the caller
            return false;
        }
    }

    /** Returns whether less than {@code gap} has passed since {@code last}, which is MIN_VALUE for never. */
    private static boolean isSoon(long last, long now, long gap) {
        return last != Long.MIN_VALUE && now - last < gap;
    }

    private static Verdict refuse(Reason reason) {
        return new Verdict.Refused(reason);
    }
}
