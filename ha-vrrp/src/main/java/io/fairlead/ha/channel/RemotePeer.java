package io.fairlead.ha.channel;

import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.channel.LinkStats.PeerStats;
import io.fairlead.ha.peer.PeerId;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A peer as the link sees it. Written by the receiving thread but for the counters of what is sent. */
final class RemotePeer {

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

    long connectTriedNanos;
    long challengedNanos;
    final AtomicLong hellosSent = new AtomicLong();
    final AtomicLong hellosReceived = new AtomicLong();
    final AtomicLong unsendable = new AtomicLong();

    RemotePeer(PeerId id, IpAddress address) {
        this.id = id;
        this.address = address;
    }

    PeerStats stats() {
        return new PeerStats(id, address, proven, hellosSent.get(), hellosReceived.get(), unsendable.get());
    }
}
