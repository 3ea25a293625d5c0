package io.fairlead.kube.mapping;

import static io.fairlead.kube.fixture.ServiceBuilder.aService;
import static io.fairlead.kube.fixture.SliceBuilder.aSlice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.net.TransportProtocol;
import io.fairlead.kube.model.EndpointSlice;
import io.fairlead.kube.model.Node;
import io.fairlead.kube.model.ObjectName;
import io.fairlead.kube.model.Service;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Nodes as real servers; the number in a name is that of the case. */
class NodeCasesTest {

    private static final IpAddress VIP = IpAddress.parse("203.0.113.1");
    private static final EndpointSlice ON_BOTH = aSlice("a")
            .endpoint("198.51.100.1", "T/T/F", "n1")
            .endpoint("198.51.100.2", "T/T/F", "n2")
            .build();

    private static Node node(String name, String address) {
        return new Node(
                new ObjectName("", name),
                "1",
                List.of(IpAddress.parse(address), IpAddress.parse("2001:db8:" + name.substring(1) + "::1")),
                List.of(),
                true);
    }

    private static Map<String, Node> nodes(Node... nodes) {
        Map<String, Node> byName = new TreeMap<>();
        Arrays.stream(nodes).forEach(node -> byName.put(node.name().name(), node));
        return byName;
    }

    private static final Map<String, Node> THREE =
            nodes(node("n1", "192.0.2.11"), node("n2", "192.0.2.12"), node("n3", "192.0.2.13"));

    private static List<String> members(
            MappingSpec spec, Service service, Map<String, Node> nodes, EndpointSlice... slices) {
        return ServiceMapping.map(spec, service, List.of(VIP), List.of(slices), nodes).servers().stream()
                .flatMap(server -> server.realServers().stream())
                .map(member -> member.address() + " weight " + member.weight())
                .toList();
    }

    private static List<String> members(Service service, EndpointSlice... slices) {
        return members(MappingSpec.NODES, service, THREE, slices);
    }

    @Test
    void clusterPolicyUsesEveryNodeWhereverTheEndpointsAre() {
        assertThat(members(
                        aService().build(),
                        aSlice("a").endpoint("198.51.100.1", "T/T/F", "n1").build()))
                .containsExactly("192.0.2.11:30080 weight 1", "192.0.2.12:30080 weight 1", "192.0.2.13:30080 weight 1");
    }

    @Test
    void clusterPolicyUsesNobodyWithoutAnEndpoint() {
        assertThat(members(
                        aService().build(),
                        aSlice("a").endpoint("198.51.100.1", "F/F/F", "n1").build()))
                .isEmpty();
    }

    @Test
    void case63LocalPolicyUsesNodesWithEndpointsWeightedByTheirNumber() {
        EndpointSlice slice = aSlice("a")
                .endpoint("198.51.100.1", "T/T/F", "n1")
                .endpoint("198.51.100.2", "T/T/F", "n2")
                .endpoint("198.51.100.3", "T/T/F", "n2")
                .build();

        assertThat(members(aService().localTraffic(32000).build(), slice))
                .containsExactly("192.0.2.11:30080 weight 1", "192.0.2.12:30080 weight 2");
    }

    @Test
    void case64LocalPolicyLeavesANodeWhoseEndpointsEnd() {
        EndpointSlice slice = aSlice("a")
                .endpoint("198.51.100.1", "F/T/T", "n1")
                .endpoint("198.51.100.2", "T/T/F", "n2")
                .build();

        assertThat(members(aService().localTraffic(32000).build(), slice)).containsExactly("192.0.2.12:30080 weight 1");
    }

    @Test
    void localPolicyUsesNodesWhoseEndpointsEndWhenNoneIsReady() {
        EndpointSlice slice = aSlice("a")
                .endpoint("198.51.100.1", "F/T/T", "n1")
                .endpoint("198.51.100.2", "F/F/T", "n2")
                .build();

        assertThat(members(aService().localTraffic(32000).build(), slice)).containsExactly("192.0.2.11:30080 weight 1");
    }

    @Test
    void case65LocalPolicyNeverSendsToANodeWithoutEndpoints() {
        EndpointSlice slice =
                aSlice("a").endpoint("198.51.100.2", "T/T/F", "n2").build();

        assertThat(members(aService().localTraffic(32000).build(), slice)).containsExactly("192.0.2.12:30080 weight 1");
        assertThat(EndpointSet.of(aService().build().spec().ports().getFirst(), IpFamily.IPV4, List.of(slice))
                        .onNode("n1"))
                .isEmpty();
    }

    @Test
    void case66AnEndpointWithoutNodeIsLocalNowhere() {
        assertThat(members(
                        aService().localTraffic(32000).build(),
                        aSlice("a").ready("198.51.100.1").build()))
                .isEmpty();
    }

    @Test
    void case67LocalPolicySendsToTheNodeWhoseEndpointsEndAndToNoOther() {
        assertThat(members(
                        aService().localTraffic(32000).build(),
                        aSlice("a").endpoint("198.51.100.1", "F/T/T", "n2").build()))
                .containsExactly("192.0.2.12:30080 weight 1");
    }

    @Test
    void case89ANodeWhoseEndpointsEndKeepsItsClientsOverUdp() {
        Service service = aService()
                .port("p", TransportProtocol.UDP, 53, 30053)
                .localTraffic(32000)
                .build();
        EndpointSlice slice = aSlice("a")
                .port("p", TransportProtocol.UDP, 53)
                .endpoint("198.51.100.1", "F/T/T", "n1")
                .endpoint("198.51.100.2", "T/T/F", "n2")
                .build();

        assertThat(members(service, slice)).containsExactly("192.0.2.11:30053 weight 0", "192.0.2.12:30053 weight 1");
    }

    @Test
    void case68NobodyIsLeftWhenEverythingIsDead() {
        assertThat(members(
                        aService().localTraffic(32000).build(),
                        aSlice("a").endpoint("198.51.100.1", "F/F/T", "n1").build()))
                .isEmpty();
    }

    @Test
    void case70CountsAddressesAndNotPorts() {
        Service service =
                aService().port("p", 80).port("q", 443).localTraffic(32000).build();
        EndpointSlice slice = aSlice("a")
                .port("p", 80)
                .port("q", 443)
                .endpoint("198.51.100.1", "T/T/F", "n1")
                .build();
        EndpointSlice again = aSlice("b")
                .port("p", 8080)
                .endpoint("198.51.100.1", "T/T/F", "n1")
                .build();

        assertThat(members(service, slice, again))
                .containsExactly("192.0.2.11:30080 weight 1", "192.0.2.11:30443 weight 1");
    }

    @Test
    void case71AsksKubeProxyOfTheNodeWhetherItHasEndpoints() {
        assertThat(ServiceMapping.map(
                                MappingSpec.NODES,
                                aService().localTraffic(32000).build(),
                                List.of(VIP),
                                List.of(ON_BOTH),
                                THREE)
                        .servers())
                .singleElement()
                .satisfies(server -> assertThat(server.healthCheckNodePort()).isEqualTo(32000));
    }

    @Test
    void case72SaysWhyAServiceWithoutNodePortsIsNotServed() {
        Service service = aService()
                .port("p", TransportProtocol.TCP, 80, 0)
                .localTraffic(32606)
                .build();

        ServiceMapping.Mapped mapped =
                ServiceMapping.map(MappingSpec.NODES, service, List.of(VIP), List.of(ON_BOTH), THREE);

        assertThat(mapped.servers())
                .singleElement()
                .satisfies(server -> assertThat(server.realServers()).isEmpty());
        assertThat(mapped.remarks())
                .containsExactly(
                        "port 80 has no node port (expected: allocateLoadBalancerNodePorts, target = pods, or a"
                                + " forwarding method that keeps the address)");
    }

    @Test
    void reachesNodesOnThePortOfTheServiceWhereTheAddressIsKept() {
        Service service = aService().port("p", TransportProtocol.TCP, 80, 0).build();

        assertThat(members(MappingSpec.NODES.forwardingBy(ForwardingMethod.DIRECT_ROUTE), service, THREE, ON_BOTH))
                .containsExactly("192.0.2.11:80 weight 1", "192.0.2.12:80 weight 1", "192.0.2.13:80 weight 1");
    }

    @Test
    void doesNotSendToPodsOnPortsThatTheForwardingMethodCannotChangeTo() {
        ServiceMapping.Mapped mapped = ServiceMapping.map(
                MappingSpec.PODS.forwardingBy(ForwardingMethod.DIRECT_ROUTE),
                aService().build(),
                List.of(VIP),
                List.of(
                        aSlice("a").port("p", 80).ready("198.51.100.1").build(),
                        aSlice("b").port("p", 8080).ready("198.51.100.2").build()),
                Map.of());

        assertThat(mapped.servers().getFirst().realServers()).hasSize(1);
        assertThat(mapped.remarks())
                .containsExactly("1 endpoints of port 80 are on another port, which direct-route cannot change to"
                        + " (expected: the same, or forwarding nat)");
    }

    @Test
    void case101LeavesOutNodesThatAreNotEligible() {
        Node leaving =
                new Node(new ObjectName("", "n2"), "2", List.of(IpAddress.parse("192.0.2.12")), List.of(), false);

        assertThat(members(MappingSpec.NODES, aService().build(), nodes(node("n1", "192.0.2.11"), leaving), ON_BOTH))
                .containsExactly("192.0.2.11:30080 weight 1");
    }

    @Test
    void leavesOutNodesThatTheClusterDoesNotKnow() {
        assertThat(members(
                        MappingSpec.NODES,
                        aService().localTraffic(32000).build(),
                        nodes(node("n1", "192.0.2.11")),
                        ON_BOTH))
                .containsExactly("192.0.2.11:30080 weight 1");
    }

    @Test
    void takesTheAddressOfTheFamily() {
        Service service = aService().families(IpFamily.IPV6).build();
        EndpointSlice slice = aSlice("a")
                .family(IpFamily.IPV6)
                .endpoint("2001:db8:ff::1", "T/T/F", "n1")
                .build();

        assertThat(ServiceMapping.map(
                                MappingSpec.NODES,
                                service,
                                List.of(IpAddress.parse("2001:db8::1")),
                                List.of(slice),
                                nodes(node("n1", "192.0.2.11")))
                        .servers())
                .singleElement()
                .satisfies(server -> {
                    assertThat(server.name()).isEqualTo("ns/s:p/ipv6");
                    assertThat(server.realServers())
                            .containsExactly(
                                    new KubernetesServer.Member(ServerAddress.parse("[2001:db8:1::1]:30080"), 1));
                });
    }
}
