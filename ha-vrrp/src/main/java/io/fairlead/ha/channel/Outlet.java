package io.fairlead.ha.channel;

import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.seal.KeyRing;
import io.fairlead.ha.seal.SealKind;
import io.fairlead.ha.seal.Sealer;
import java.io.IOException;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Seals and sends. There is one for each sort of sender, so that hellos never wait for a packet of the group; all share
 * the counter.
 */
final class Outlet {

    private final String cluster;
    private final PeerId self;
    private final long boot;
    private final AtomicLong counter;
    private final ByteBuffer buffer;
    private Sealer sealer;

    Outlet(String cluster, PeerId self, long boot, AtomicLong counter, KeyRing ring, int contentMax) {
        this.cluster = cluster;
        this.self = self;
        this.boot = boot;
        this.counter = counter;
        this.buffer = ByteBuffer.allocate(contentMax + Sealer.OVERHEAD);
        this.sealer = new Sealer(ring, cluster, self, boot);
    }

    synchronized void use(KeyRing ring) {
        sealer = new Sealer(ring, cluster, self, boot);
    }

    /** Returns whether the kernel took the datagram. */
    synchronized boolean send(SealKind kind, RemotePeer peer, ByteBuffer content) {
        DatagramChannel channel = peer.channel;
        if (channel == null) {
            return failed(peer);
        }
        seal(kind, peer.id.number(), content);
        try {
            return channel.write(buffer) > 0 || failed(peer);
        } catch (PortUnreachableException _) {
            peer.refusing = true; // the answer to an earlier datagram; this one was not sent
            return again(channel, peer);
        } catch (IOException _) {
            return failed(peer);
        }
    }

    private boolean again(DatagramChannel channel, RemotePeer peer) {
        try {
            return channel.write(buffer.rewind()) > 0 || failed(peer);
        } catch (IOException _) {
            return failed(peer);
        }
    }

    /** Sends to whoever hears it. */
    synchronized void sendToAll(SealKind kind, ByteBuffer content, @Nullable DatagramChannel channel, SocketAddress to)
            throws IOException {
        seal(kind, 0, content);
        if (channel != null) {
            channel.send(buffer, to);
        }
    }

    private void seal(SealKind kind, int receiver, ByteBuffer content) {
        buffer.clear();
        sealer.seal(kind, receiver, counter.getAndIncrement(), content, buffer);
        buffer.flip();
    }

    private static boolean failed(RemotePeer peer) {
        peer.unsendable.incrementAndGet();
        return false;
    }
}
