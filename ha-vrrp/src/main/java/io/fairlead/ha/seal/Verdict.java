package io.fairlead.ha.seal;

import io.fairlead.ha.peer.PeerId;
import java.util.Optional;

/** What became of a datagram. */
public sealed interface Verdict {

    /** Authentic, of the peer's present boot, and never seen before. What it held lies in the plain buffer. */
    record Content(PeerId peer, long boot, SealKind kind) implements Verdict {}

    /**
     * Somebody with the key asks whether this appliance lives: answer, with the same nonce.
     *
     * @param from its address may be stale in a replayed datagram; no harm is done by answering
     * @param known whether its present boot is proven to us; if not, ask back
     */
    record Challenged(Introduction from, boolean known) implements Verdict {}

    /**
     * The peer has answered a challenge: from now on this boot is the one that counts.
     *
     * @param found it was not among the peers before
     */
    record Proven(Introduction by, long boot, boolean found) implements Verdict {}

    /** Authentic, but of a boot that has proven nothing, so perhaps a replay: challenge the peer. */
    record Doubted(PeerId peer) implements Verdict {}

    /** It changes nothing. */
    record Refused(Reason reason) implements Verdict {}

    /** Why a datagram is refused. */
    enum Reason {
        /** Too short for a seal. */
        TOO_SHORT,
        /** Something else's datagram. */
        NOT_SEALED,
        /** A version or kind that is not known here. */
        VERSION,
        /** Of another cluster in the same network. */
        CLUSTER,
        /** Sealed with a key that is not in the key file. */
        KEY,
        /** Our own, reflected. */
        OWN,
        /** Another appliance has the name of this one. */
        SAME_NAME,
        /** For another peer. */
        NOT_FOR_US,
        /** Of nobody who was configured or found. */
        UNKNOWN_PEER,
        /** Altered, cut, or made without the key. */
        FORGED,
        /** Seen before, or older than what is remembered. */
        REPLAYED,
        /** Of an earlier start of the peer. */
        STALE,
        /** Of a start of the peer that has been asked for its proof just now. */
        UNPROVEN,
        /** A proof that nobody asked for, or one challenge too many. */
        NOT_ASKED,
        /** Authentic, but what it holds cannot be read. */
        MALFORMED;

        /**
         * Returns, in words for people, how the sender is set up otherwise than this appliance, if it is one of its peers; empty
         * for what may happen to those that fit each other.
         */
        public Optional<String> misfit() {
            return switch (this) {
                case VERSION -> Optional.of("of a release that this one cannot read");
                case CLUSTER -> Optional.of("of another cluster");
                case KEY -> Optional.of("sealed with a key that is not in the key file here");
                case SAME_NAME -> Optional.of("its name is the name of this appliance");
                case NOT_FOR_US -> Optional.of("meant for somebody else");
                case UNKNOWN_PEER -> Optional.of("its name is none of the peers'");
                case FORGED -> Optional.of("altered, or sealed without the key");
                case TOO_SHORT, NOT_SEALED, OWN, REPLAYED, STALE, UNPROVEN, NOT_ASKED, MALFORMED -> Optional.empty();
            };
        }
    }
}
