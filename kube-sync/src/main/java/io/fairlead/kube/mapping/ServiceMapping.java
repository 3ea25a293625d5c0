package io.fairlead.kube.mapping;

import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.Persistence;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.VirtualServerKey.AddressKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPrefix;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.net.TransportProtocol;
import io.fairlead.kube.mapping.KubernetesServer.Member;
import io.fairlead.kube.model.EndpointSlice;
import io.fairlead.kube.model.Node;
import io.fairlead.kube.model.ObjectName;
import io.fairlead.kube.model.Service;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Computes the virtual servers of one Service. Pure: the same objects in any order give the same answer.
 *
 * <table>
 * <caption>The real servers of one port</caption>
 * <tr><th>target</th><th>external traffic policy</th><th>real servers</th><th>weight</th></tr>
 * <tr><td>pods</td><td>any: every pod is reached directly</td><td>ready endpoints; if none is, those that end but
 * serve</td><td>1</td></tr>
 * <tr><td>nodes</td><td>Cluster</td><td>all eligible nodes, if there is an endpoint at all</td><td>1</td></tr>
 * <tr><td>nodes</td><td>Local</td><td>eligible nodes with endpoints of their own</td><td>their number</td></tr>
 * </table>
 *
 * <p>Over UDP, which has no end of a connection that the kernel could see, the cluster alone knows how long what a client
 * began may go on: those that end but serve, while others are ready, stay with weight 0.
 *
 * <p>Nodes are reached on the node port where the destination is rewritten, and on the port of the Service where packets
 * keep the virtual IP address. Eligibility does not ask whether a node is ready: checks say that sooner and better.
 */
public final class ServiceMapping {

    private final MappingSpec spec;
    private final Service service;
    private final Collection<EndpointSlice> slices;
    private final Map<String, Node> nodes;
    private final List<KubernetesServer> servers = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    private ServiceMapping(
            MappingSpec spec, Service service, Collection<EndpointSlice> slices, Map<String, Node> nodes) {
        this.spec = spec;
        this.service = service;
        this.slices = slices;
        this.nodes = nodes;
    }

    /**
     * What one Service becomes.
     *
     * @param remarks what cannot be served, each with its reason
     */
    public record Mapped(List<KubernetesServer> servers, List<String> remarks) {

        public Mapped {
            servers = List.copyOf(servers);
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * Returns the virtual servers of {@code service}.
     *
     * @param addresses its virtual IP addresses, at most one of each family
     * @param slices those of the Service, and no others
     * @param nodes by name; may be empty with {@link TargetKind#PODS}
     */
    public static Mapped map(
            MappingSpec spec,
            Service service,
            List<IpAddress> addresses,
            Collection<EndpointSlice> slices,
            Map<String, Node> nodes) {
        ServiceMapping mapping = new ServiceMapping(spec, service, slices, nodes);
        for (IpAddress address : addresses) {
            if (service.spec().families().contains(address.family())) {
                mapping.add(address);
            }
        }
        return new Mapped(mapping.servers, mapping.remarks);
    }

    private void add(IpAddress address) {
        IpFamily family = address.family();
        Optional<Set<IpPrefix>> allowedSources;
        try {
            allowedSources = SourceRanges.of(service, family);
        } catch (IllegalArgumentException e) {
            // Open to everyone is the one thing that was not asked for.
            remarks.add(e.getMessage() + ": not served");
            return;
        }
        for (Service.Port port : service.spec().ports()) {
            EndpointSet endpoints = EndpointSet.of(port, family, slices);
            List<Member> members = switch (spec.target()) {
                case PODS -> pods(port, endpoints);
                case NODES -> nodes(port, family, endpoints);
            };
            servers.add(new KubernetesServer(
                    nameOf(service.name(), port, family),
                    service.name(),
                    new AddressKey(port.protocol(), new ServerAddress(address, port.port())),
                    spec.forwarding(),
                    service.spec().affinity().map(timeout -> new Persistence(timeout, family.lengthBits())),
                    allowedSources,
                    spec.target() == TargetKind.NODES,
                    healthCheckNodePort(endpoints),
                    members));
        }
    }

    /** Nodes tell of ready endpoints only: where none is left but those that end, all of them say no and serve still. */
    private int healthCheckNodePort(EndpointSet endpoints) {
        boolean isAsked = spec.target() == TargetKind.NODES && service.spec().localTraffic() && endpoints.hasReady();
        return isAsked ? service.spec().healthCheckNodePort() : 0;
    }

    private static String nameOf(ObjectName service, Service.Port port, IpFamily family) {
        String name = port.name().isEmpty() ? service.toString() : service + ":" + port.name();
        return family == IpFamily.IPV6 ? name + "/ipv6" : name;
    }

    private List<Member> pods(Service.Port port, EndpointSet endpoints) {
        NavigableMap<ServerAddress, Integer> weights = new TreeMap<>();
        if (port.protocol() == TransportProtocol.UDP) {
            endpoints.draining().forEach(endpoint -> weights.put(endpoint, 0));
        }
        endpoints.inCluster(spec.zone()).forEach(endpoint -> weights.put(endpoint, 1));
        List<Member> members = new ArrayList<>();
        int unreachable = 0;
        for (Map.Entry<ServerAddress, Integer> entry : weights.entrySet()) {
            if (entry.getKey().port() == port.port() || spec.forwarding() == ForwardingMethod.MASQUERADE) {
                members.add(new Member(entry.getKey(), entry.getValue()));
            } else {
                unreachable++;
            }
        }
        if (unreachable > 0) {
            remarks.add(unreachable + " endpoints of port " + port.port() + " are on another port, which "
                    + spec.forwarding().configName() + " cannot change to (expected: the same, or forwarding nat)");
        }
        return members;
    }

    private List<Member> nodes(Service.Port port, IpFamily family, EndpointSet endpoints) {
        int nodePort = spec.forwarding() == ForwardingMethod.MASQUERADE ? port.nodePort() : port.port();
        if (nodePort == 0) {
            remarks.add("port " + port.port() + " has no node port (expected: allocateLoadBalancerNodePorts, target ="
                    + " pods, or a forwarding method that keeps the address)");
            return List.of();
        }
        List<Member> members = new ArrayList<>();
        wantedNodes(port, endpoints).forEach((name, weight) -> {
            Node node = nodes.get(name);
            if (node != null && node.eligible()) {
                addressOf(node, family)
                        .ifPresent(address -> members.add(new Member(
                                new ServerAddress(address, nodePort), Math.min(weight, RealServer.WEIGHT_MAX))));
            }
        });
        members.sort((one, other) -> one.address().compareTo(other.address()));
        return distinct(members);
    }

    /** Every node passes connections on if it may. Without any endpoint each would refuse them, so there is nobody to ask. */
    private Map<String, Integer> wantedNodes(Service.Port port, EndpointSet endpoints) {
        if (service.spec().localTraffic()) {
            Map<String, Integer> wanted = new TreeMap<>();
            if (port.protocol() == TransportProtocol.UDP) {
                endpoints.drainingNodes().forEach(name -> wanted.put(name, 0));
            }
            wanted.putAll(endpoints.nodes());
            return wanted;
        }
        if (endpoints.inCluster("").isEmpty()) {
            return Map.of();
        }
        Map<String, Integer> all = new TreeMap<>();
        nodes.keySet().forEach(name -> all.put(name, 1));
        return all;
    }

    private Optional<IpAddress> addressOf(Node node, IpFamily family) {
        return (spec.externalNodeAddresses() ? node.external() : node.internal())
                .stream().filter(address -> address.family() == family).findFirst();
    }

    /** Two nodes with one address are a mistake of the cluster, and must not become two real servers with one key. */
    private static List<Member> distinct(List<Member> ordered) {
        List<Member> kept = new ArrayList<>(ordered.size());
        for (Member member : ordered) {
            if (kept.isEmpty() || !kept.getLast().address().equals(member.address())) {
                kept.add(member);
            }
        }
        return kept;
    }
}
