package io.fairlead.kube.mapping;

import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.Persistence;
import io.fairlead.core.model.VirtualServerKey.AddressKey;
import io.fairlead.core.net.IpPrefix;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.kube.model.ObjectName;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One port of one Service on one virtual IP address.
 *
 * @param name {@code NAMESPACE/SERVICE:PORT}, without the port's name where it has none, and {@code /ipv6} behind it in that
 *     family. No configured virtual server can have that name, because a slash is not allowed there.
 * @param service whose it is
 * @param persistence for session affinity
 * @param allowedSources who may use it; everyone if absent
 * @param isByNode whether the real servers are nodes
 * @param healthCheckNodePort where kube-proxy of each node tells whether the node has endpoints; 0 for nowhere
 * @param realServers ordered by address; empty if nobody can serve
 */
public record KubernetesServer(
        String name,
        ObjectName service,
        AddressKey key,
        ForwardingMethod forwarding,
        Optional<Persistence> persistence,
        Optional<Set<IpPrefix>> allowedSources,
        boolean isByNode,
        int healthCheckNodePort,
        List<Member> realServers) {

    public KubernetesServer {
        allowedSources = allowedSources.map(Set::copyOf);
        realServers = List.copyOf(realServers);
    }

    /**
     * A real server.
     *
     * @param weight how many endpoints it stands for; 0 for one that gets nothing new and keeps what it has
     */
    public record Member(ServerAddress address, int weight) {}
}
