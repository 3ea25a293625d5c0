package io.fairlead.system.peers;

import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.channel.LinkSpec;
import io.fairlead.ha.channel.LinkSpec.PeerAddress;
import io.fairlead.ha.channel.SealedLink;
import io.fairlead.ha.jgroups.GroupChannel;
import io.fairlead.ha.peer.PeerGroupListener;
import io.fairlead.ha.peer.PeerHint;
import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.peer.PeerListener;
import io.fairlead.ha.seal.KeyRing;
import io.fairlead.linux.socket.NetworkNamespace;
import io.fairlead.system.topology.NetworkHost;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real group channel on a host of the topology, which remembers what came. */
final class GroupedNode implements PeerGroupListener, AutoCloseable {

    final PeerId id;
    final SealedLink link;
    final GroupChannel group;
    final List<String> messages = new CopyOnWriteArrayList<>();
    final List<PeerId> joined = new CopyOnWriteArrayList<>();

    GroupedNode(NetworkHost host, KeyRing ring, Map<String, String> all) {
        this.id = new PeerId(host.name());
        List<PeerAddress> addresses = all.entrySet().stream()
                .filter(each -> !each.getKey().equals(host.name()))
                .map(each -> new PeerAddress(new PeerId(each.getKey()), IpAddress.parse(each.getValue())))
                .toList();
        var spec = new LinkSpec(
                "edge",
                id,
                IpAddress.parse(Objects.requireNonNull(all.get(host.name()))),
                LinkSpec.PORT_DEFAULT,
                Optional.empty(),
                addresses,
                Optional.empty());
        this.link = NetworkNamespace.call(Path.of("/run/netns", host.namespace()), () -> {
            SealedLink made = new SealedLink(spec, ring, new Silence());
            made.start(); // its thread is born here, and so are its sockets
            return made;
        });
        this.group = new GroupChannel(link, spec, this);
        group.start();
    }

    private static final class Silence implements PeerListener {
        @Override
        public void helloReceived(PeerId peer, long boot, ByteBuffer hello, long arrivalNanos) {}

        @Override
        public void hinted(PeerHint hint) {}
    }

    @Override
    public void messageReceived(PeerId from, byte[] message) {
        messages.add(from + ": " + new String(message, 0, Math.min(message.length, 40), StandardCharsets.US_ASCII));
    }

    @Override
    public void membersChanged(java.util.Set<PeerId> members, java.util.Set<PeerId> newcomers) {
        joined.addAll(newcomers);
    }

    boolean publish(String text) {
        return group.publish(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        group.close();
        link.close();
    }
}
