package io.fairlead.ha.channel;

import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.channel.LinkStats.PeerStats;
import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.seal.Verdict.Reason;
import java.nio.channels.DatagramChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A peer as the link sees it. Written by the receiving thread but for the counters of what is sent. */
final class RemotePeer {

    private static final long TELL_GAP_NANOS = 60_000_000_000L;

    final PeerId id;
    final IpAddress address;

    /**
     * Connected to the peer, which lets the kernel tell that nobody listens there any more; null while that fails for
     * want of a route.
     */
    volatile @Nullable DatagramChannel channel;

    volatile boolean proven;
    /** Its host has said that nobody listens; the listener is to be told. */
    volatile boolean refusing;
    /** The listener has been told, and nothing has come since. */
    boolean suspected;

    /** Why what comes from its address is refused; null once it has been heard since. */
    private volatile @Nullable Reason refusedFor;

    private boolean toldOfRefusal;
    private long toldOfRefusalNanos = System.nanoTime() - TELL_GAP_NANOS;

    long connectTriedNanos;
    long challengedNanos;
    final AtomicLong hellosSent = new AtomicLong();
    final AtomicLong hellosReceived = new AtomicLong();
    final AtomicLong unsendable = new AtomicLong();

    RemotePeer(PeerId id, IpAddress address) {
        this.id = id;
        this.address = address;
    }

    /** Notes that something from its address was refused; returns whether that is to be told now. */
    boolean noteRefusal(Reason reason, long nowNanos) {
        refusedFor = reason;
        if (toldOfRefusal || nowNanos - toldOfRefusalNanos < TELL_GAP_NANOS) {
            return false;
        }
        toldOfRefusal = true;
        toldOfRefusalNanos = nowNanos;
        return true;
    }

    /** Something authentic has come. */
    void noteHeard() {
        suspected = false;
        refusing = false;
        refusedFor = null;
        toldOfRefusal = false;
    }

    PeerStats stats() {
        return new PeerStats(
                id,
                address,
                proven,
                hellosSent.get(),
                hellosReceived.get(),
                unsendable.get(),
                Optional.ofNullable(refusedFor));
    }
}
