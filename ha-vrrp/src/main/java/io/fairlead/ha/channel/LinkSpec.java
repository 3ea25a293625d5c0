package io.fairlead.ha.channel;

import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.seal.SealGate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Between whom, and where.
 *
 * @param cluster name of the cluster; datagrams of another one are refused
 * @param self this appliance
 * @param bindAddress where this appliance receives, and what it sends from
 * @param port UDP, 1 to 65535; the same at all peers
 * @param networkInterface for multicast, and for addresses of one link only; empty: the one with {@code bindAddress}
 * @param peers the other appliances, at most 15; empty: they are found by multicast
 * @param multicastGroup where peers look for each other; empty if {@code peers} are given
 */
public record LinkSpec(
        String cluster,
        PeerId self,
        IpAddress bindAddress,
        int port,
        Optional<String> networkInterface,
        List<PeerAddress> peers,
        Optional<IpAddress> multicastGroup) {

    /** Where a peer receives. */
    public record PeerAddress(PeerId peer, IpAddress address) {}

    /** The port unless another is wanted. */
    public static final int PORT_DEFAULT = 7946;

    public LinkSpec {
        peers = List.copyOf(peers);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1..65535)");
        }
        if (peers.size() > SealGate.PEER_COUNT_MAX) {
            throw new IllegalArgumentException(
                    "peers: " + peers.size() + " (expected: at most " + SealGate.PEER_COUNT_MAX + ")");
        }
        if (peers.isEmpty() == multicastGroup.isEmpty()) {
            throw new IllegalArgumentException("peers: " + peers.size() + " and multicast group "
                    + multicastGroup.map(IpAddress::toString).orElse("none") + " (expected: one of the two)");
        }
        Set<IpAddress> addresses = new HashSet<>(Set.of(bindAddress));
        for (PeerAddress peer : peers) {
            if (peer.address().family() != bindAddress.family()) {
                throw new IllegalArgumentException("peer " + peer.peer() + ": " + peer.address()
                        + " (expected: an address of the same family as " + bindAddress + ")");
            }
            if (!addresses.add(peer.address())) {
                throw new IllegalArgumentException(
                        "peer " + peer.peer() + ": " + peer.address() + " (expected: an address of its own)");
            }
        }
        multicastGroup.ifPresent(group -> {
            if (!group.toInetAddress().isMulticastAddress() || group.family() != bindAddress.family()) {
                throw new IllegalArgumentException("multicast group: " + group
                        + " (expected: a multicast address of the same family as " + bindAddress + ")");
            }
        });
    }

    /** Returns the configured peers; none where they are found by multicast. */
    public List<PeerId> peerIds() {
        return peers.stream().map(PeerAddress::peer).toList();
    }
}
