package io.fairlead.ha.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.channel.KeyFile;
import io.fairlead.ha.channel.LinkSpec;
import io.fairlead.ha.channel.LinkSpec.PeerAddress;
import io.fairlead.ha.channel.SealedLink;
import io.fairlead.ha.peer.PeerGroupListener;
import io.fairlead.ha.peer.PeerHint;
import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.peer.PeerListener;
import io.fairlead.ha.seal.KeyRing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A newcomer to a group whose leader hears no request to join, over loopback. */
class StopWhileJoiningTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration ATTEMPT = Duration.ofSeconds(10);
    private static final int ATTEMPTS_MAX = 6;
    private static final KeyRing RING = KeyRing.parse(KeyFile.newKey());
    private static final int PORT = 27_851;

    /** Stands below the membership of the leader. */
    private static final class Deaf extends Protocol {
        private final CountDownLatch asked = new CountDownLatch(1);

        @Override
        protected boolean accept(Message message) {
            return asksToJoin(message);
        }

        @Override
        public @Nullable Object up(Message message) {
            if (asksToJoin(message)) {
                asked.countDown();
                return null;
            }
            return up_prot.up(message);
        }

        private static boolean asksToJoin(Message message) {
            GMS.GmsHeader header = message.getHeader(ClassConfigurator.getProtocolId(GMS.class));
            return header != null && header.getType() == GMS.GmsHeader.JOIN_REQ;
        }
    }

    private static final class Nobody implements PeerListener, PeerGroupListener {
        @Override
        public void helloReceived(PeerId peer, long boot, ByteBuffer hello, long arrivalNanos) {}

        @Override
        public void hinted(PeerHint hint) {}

        @Override
        public void messageReceived(PeerId from, byte[] message) {}

        @Override
        public void membersChanged(Set<PeerId> members, Set<PeerId> newcomers) {}
    }

    private static LinkSpec spec(String self, String address, String peer, String peerAddress) {
        return new LinkSpec(
                "edge",
                new PeerId(self),
                IpAddress.parse(address),
                PORT,
                Optional.empty(),
                List.of(new PeerAddress(new PeerId(peer), IpAddress.parse(peerAddress))),
                Optional.empty());
    }

    /** Waits until the link sends to its peer. */
    private static void awaitProof(SealedLink link) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!link.sendPacket(link.peers().getFirst(), ByteBuffer.allocate(1))) {
            assertThat(System.nanoTime() - end).as("still waiting").isNegative();
            Thread.sleep(20);
        }
    }

    /** Tries again after one who did not find the leader in time and so asked nobody. */
    private static GroupChannel whoAsksToJoin(SealedLink link, LinkSpec spec, Deaf leader) throws InterruptedException {
        for (int i = 0; i < ATTEMPTS_MAX; i++) {
            GroupChannel newcomer = new GroupChannel(link, spec, new Nobody());
            newcomer.start();
            if (leader.asked.await(ATTEMPT.toSeconds(), TimeUnit.SECONDS)) {
                return newcomer;
            }
            newcomer.close();
        }
        throw new AssertionError("nobody asked the leader");
    }

    @Test
    void leavesWithoutWaitingForTheLeader() throws Exception {
        LinkSpec first = spec("a", "127.0.0.1", "b", "127.0.0.2");
        LinkSpec second = spec("b", "127.0.0.2", "a", "127.0.0.1");
        Deaf deaf = new Deaf();
        try (SealedLink firstLink = new SealedLink(first, RING, new Nobody());
                SealedLink secondLink = new SealedLink(second, RING, new Nobody());
                JChannel leader = GroupChannel.unconnected(firstLink, first)) {
            firstLink.start();
            leader.getProtocolStack().insertProtocol(deaf, ProtocolStack.Position.BELOW, GMS.class);
            leader.connect(first.cluster());

            secondLink.start();
            awaitProof(firstLink);
            awaitProof(secondLink); // else the newcomer finds nobody, and is a group of its own at first
            GroupChannel newcomer = whoAsksToJoin(secondLink, second, deaf);

            Thread stop = Thread.ofPlatform().daemon().start(newcomer::close);
            assertThat(stop.join(PATIENCE)).as("left the group").isTrue();
        }
    }
}
