package io.fairlead.ha.jgroups;

import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.channel.SealedLink;
import io.fairlead.ha.peer.PeerId;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jgroups.PhysicalAddress;
import org.jgroups.protocols.TP;
import org.jspecify.annotations.Nullable;

/**
 * JGroups' transport over the sealed link, which outlives it: starting, failing and stopping here opens and closes no
 * socket. What comes waits in a queue for a thread of JGroups' own; when that is full it is dropped, as a network would,
 * and sent again by the protocols above. What is for all goes to each proven peer by unicast.
 */
final class SealedTransport extends TP {

    private static final int QUEUE_COUNT_MAX = 1024;

    private final SealedLink link;
    private final PhysicalAddress self;
    private final int port;
    private final BlockingQueue<Packet> queue = new ArrayBlockingQueue<>(QUEUE_COUNT_MAX);
    private @Nullable Thread receiver;

    private static final class Packet {
        private final IpAddress from;
        private final byte[] bytes;

        private Packet(IpAddress from, byte[] bytes) {
            this.from = from;
            this.bytes = bytes;
        }
    }

    SealedTransport(SealedLink link, IpAddress self, int port) {
        this.link = link;
        this.port = port;
        this.self = physical(self);
    }

    private PhysicalAddress physical(IpAddress address) {
        return new org.jgroups.stack.IpAddress(address.toInetAddress(), port);
    }

    @Override
    public void start() throws Exception {
        super.start();
        Thread thread = Thread.ofPlatform().name("fairlead-group").daemon().unstarted(this::receiveAll);
        receiver = thread;
        thread.start();
        link.listen((_, from, packet) -> offer(from, packet));
    }

    @Override
    public void stop() {
        link.listen((_, _, _) -> {});
        Thread thread = receiver;
        if (thread != null) {
            thread.interrupt();
        }
        queue.clear();
        super.stop();
    }

    private void offer(IpAddress from, ByteBuffer packet) {
        byte[] bytes = new byte[packet.remaining()];
        packet.get(bytes);
        var _ = queue.offer(new Packet(from, bytes));
    }

    private void receiveAll() {
        try {
            while (true) {
                Packet packet = queue.take();
                receive(physical(packet.from), packet.bytes, 0, packet.bytes.length);
            }
        } catch (InterruptedException _) { // stopped
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean supportsMulticasting() {
        return true;
    }

    @Override
    public void sendToAll(byte[] data, int offset, int length) {
        for (PeerId peer : link.peers()) {
            var _ = link.sendPacket(peer, ByteBuffer.wrap(data, offset, length));
        }
    }

    /** Sends to one of the peers; an address of nobody's is a packet lost. */
    @Override
    public void sendUnicast(PhysicalAddress dest, byte[] data, int offset, int length) {
        if (dest instanceof org.jgroups.stack.IpAddress address) {
            link.peerAt(IpAddress.ofBytes(address.getIpAddress().getAddress()))
                    .ifPresent(peer -> link.sendPacket(peer, ByteBuffer.wrap(data, offset, length)));
        }
    }

    @Override
    public PhysicalAddress getPhysicalAddress() {
        return self;
    }
}
