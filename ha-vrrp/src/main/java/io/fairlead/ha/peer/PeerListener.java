package io.fairlead.ha.peer;

import java.nio.ByteBuffer;

/** Gets what comes from the peers. It must not block: its time is taken from the next hello's. */
public interface PeerListener {

    /**
     * A hello has arrived: authentic, of the peer's present boot, and never seen before. Called on the link's receiving
     * thread, which does nothing else that takes time.
     *
     * @param peer the sender
     * @param boot the random number of the sender's process; another number is another start of it
     * @param hello from position to limit; valid only during the call
     * @param arrivalNanos {@link System#nanoTime} right after the datagram was read
     */
    void helloReceived(PeerId peer, long boot, ByteBuffer hello, long arrivalNanos);

    /** Something was seen that may mean a change. Called on any thread of the channel, possibly more than once. */
    void hinted(PeerHint hint);
}
