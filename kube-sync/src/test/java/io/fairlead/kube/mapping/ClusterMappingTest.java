package io.fairlead.kube.mapping;

import static io.fairlead.kube.fixture.ServiceBuilder.aService;
import static io.fairlead.kube.fixture.SliceBuilder.aSlice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.TransportProtocol;
import io.fairlead.kube.address.AddressAssignment.Assigned;
import io.fairlead.kube.address.AddressAssignment.Refused;
import io.fairlead.kube.address.AddressPool;
import io.fairlead.kube.address.AddressRange;
import io.fairlead.kube.model.Node;
import io.fairlead.kube.model.ObjectName;
import io.fairlead.kube.model.Service;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The number in a name is that of the case. */
class ClusterMappingTest {

    private static final ObjectName WEB = new ObjectName("ns", "web");
    private static final List<AddressPool> TWO_ADDRESSES =
            List.of(new AddressPool("public", List.of(AddressRange.parse("203.0.113.0/31")), true));
    private static final ServiceFilter CLASSLESS =
            new ServiceFilter(Optional.empty(), true, Set.of(), LabelSelector.EVERYTHING);

    private final ClusterMapping mapping = new ClusterMapping(CLASSLESS, MappingSpec.PODS, TWO_ADDRESSES);

    private static MappedService mapped(ClusterMapping mapping, ObjectName service) {
        return Objects.requireNonNull(mapping.mapped().get(service));
    }

    private static List<String> members(ClusterMapping mapping, ObjectName service) {
        return mapped(mapping, service).servers().stream()
                .flatMap(server -> server.realServers().stream())
                .map(member -> member.address().toString())
                .toList();
    }

    private static Node node(String name, String address, boolean eligible) {
        return new Node(new ObjectName("", name), "1", List.of(IpAddress.parse(address)), List.of(), eligible);
    }

    @Test
    void joinsSlicesThatComeBeforeTheirService() {
        mapping.put(aSlice("ns", "a").of("web").ready("198.51.100.1").build());
        assertThat(mapping.refresh()).isEmpty();

        mapping.put(aService("ns", "web").build());

        assertThat(mapping.refresh()).containsExactly(WEB);
        assertThat(members(mapping, WEB)).containsExactly("198.51.100.1:80");
    }

    @Test
    void case34KeepsTheOtherSlice() {
        mapping.put(aService("ns", "web").build());
        mapping.put(aSlice("ns", "a").of("web").ready("198.51.100.1").build());
        mapping.put(aSlice("ns", "b").of("web").ready("198.51.100.2").build());
        mapping.refresh();

        mapping.removeSlice(new ObjectName("ns", "a"));

        assertThat(mapping.refresh()).containsExactly(WEB);
        assertThat(members(mapping, WEB)).containsExactly("198.51.100.2:80");
    }

    @Test
    void case35KeepsTheVirtualServerWithoutAnySlice() {
        mapping.put(aService("ns", "web").build());
        mapping.put(aSlice("ns", "a").of("web").ready("198.51.100.1").build());
        mapping.refresh();

        mapping.removeSlice(new ObjectName("ns", "a"));
        mapping.refresh();

        assertThat(mapped(mapping, WEB).servers()).hasSize(1);
        assertThat(members(mapping, WEB)).isEmpty();
    }

    @Test
    void case36IsNotDisturbedByWhatIsTheSame() {
        mapping.put(aService("ns", "web").build());
        mapping.put(aSlice("ns", "a").of("web").ready("198.51.100.1").build());
        mapping.refresh();

        mapping.put(aService("ns", "web").version("2").build());
        mapping.put(
                aSlice("ns", "a").of("web").version("2").ready("198.51.100.1").build());

        assertThat(mapping.refresh()).isEmpty();
    }

    @Test
    void case37KeepsTheVirtualServerWhileAPortIsRenamed() {
        mapping.put(aService("ns", "web").port("p", 80).build());
        mapping.put(
                aSlice("ns", "a").of("web").port("p", 80).ready("198.51.100.1").build());
        mapping.refresh();

        mapping.put(aService("ns", "web").port("q", 80).build());
        mapping.put(
                aSlice("ns", "a").of("web").port("q", 80).ready("198.51.100.1").build());

        assertThat(mapping.refresh()).containsExactly(WEB);
        assertThat(members(mapping, WEB)).containsExactly("198.51.100.1:80");
    }

    @Test
    void case47ForgetsWhatIsNotALoadBalancerAnyMore() {
        mapping.put(aService("ns", "web").build());
        mapping.refresh();

        mapping.put(aService("ns", "web").type(Service.Type.CLUSTER_IP).build());

        assertThat(mapping.refresh()).containsExactly(WEB);
        assertThat(mapping.mapped()).isEmpty();
    }

    @Test
    void case61KeepsASharedAddressForTheServiceThatStays() {
        mapping.put(aService("ns", "web")
                .at()
                .annotation("metallb.io/allow-shared-ip", "k")
                .port("p", 80)
                .build());
        mapping.put(aService("ns", "tls")
                .at()
                .annotation("metallb.io/allow-shared-ip", "k")
                .port("q", 443)
                .build());
        mapping.refresh();
        Assigned shared = new Assigned(List.of(IpAddress.parse("203.0.113.0")), "public");
        assertThat(mapped(mapping, WEB).assignment()).isEqualTo(shared);
        assertThat(mapped(mapping, new ObjectName("ns", "tls")).assignment()).isEqualTo(shared);

        mapping.removeService(new ObjectName("ns", "tls"));
        mapping.refresh();

        assertThat(mapped(mapping, WEB).assignment()).isEqualTo(shared);
    }

    @Test
    void case97ANewServiceUnderTheNameOfADeletedOneHasNoClaimToItsAddress() {
        mapping.put(aService("ns", "old").at().created("2026-01-01T00:00:00Z").build());
        mapping.put(aService("ns", "web")
                .at()
                .uid("one")
                .created("2026-01-02T00:00:00Z")
                .build());
        mapping.refresh();
        mapping.removeService(new ObjectName("ns", "old"));
        mapping.refresh();

        mapping.put(aService("ns", "web")
                .at()
                .uid("two")
                .created("2026-01-03T00:00:00Z")
                .build());

        assertThat(mapping.refresh()).containsExactly(WEB);
        assertThat(mapped(mapping, WEB).assignment())
                .isEqualTo(new Assigned(List.of(IpAddress.parse("203.0.113.0")), "public"));
    }

    @Test
    void case62FollowsEveryKindOfChange() {
        mapping.put(aService("ns", "web").build());
        mapping.refresh();

        List<Service> changes = List.of(
                aService("ns", "web")
                        .port("p", TransportProtocol.UDP, 53, 30053)
                        .build(),
                aService("ns", "web").sourceRange("192.0.2.0/24").build(),
                aService("ns", "web").loadBalancerIp("203.0.113.1").build(),
                aService("ns", "web").uid("another").build(),
                aService("ns", "web").localTraffic(32000).build());

        for (Service change : changes) {
            mapping.put(change);
            assertThat(mapping.refresh()).containsExactly(WEB);
        }
    }

    @Test
    void aServiceKeepsItsAddressThatIsNotInItsStatusYet() {
        mapping.put(aService("ns", "old").at().created("2026-01-01T00:00:00Z").build());
        mapping.put(aService("ns", "web").at().created("2026-01-02T00:00:00Z").build());
        mapping.refresh();

        mapping.removeService(new ObjectName("ns", "old"));
        mapping.refresh();

        assertThat(mapped(mapping, WEB).assignment())
                .isEqualTo(new Assigned(List.of(IpAddress.parse("203.0.113.1")), "public"));
    }

    @Test
    void aFreedAddressGoesToWhoWaitsForOne() {
        mapping.put(aService("ns", "a").at().created("2026-01-01T00:00:00Z").build());
        mapping.put(aService("ns", "b").at().created("2026-01-02T00:00:00Z").build());
        mapping.put(aService("ns", "web").at().created("2026-01-03T00:00:00Z").build());
        mapping.refresh();
        assertThat(mapped(mapping, WEB).assignment()).isInstanceOf(Refused.class);

        mapping.removeService(new ObjectName("ns", "a"));

        assertThat(mapping.refresh()).contains(WEB);
        assertThat(mapped(mapping, WEB).assignment()).isInstanceOf(Assigned.class);
    }

    @Test
    void case100And102TheHeartbeatOfANodeChangesNothing() {
        ClusterMapping nodes = new ClusterMapping(CLASSLESS, MappingSpec.NODES, TWO_ADDRESSES);
        nodes.put(aService("ns", "web").build());
        nodes.put(aSlice("ns", "a").of("web").ready("198.51.100.1").build());
        nodes.put(node("n1", "192.0.2.11", true));
        nodes.refresh();
        assertThat(members(nodes, WEB)).hasSize(1);

        nodes.put(node("n1", "192.0.2.11", true));

        assertThat(nodes.refresh()).isEmpty();
    }

    @Test
    void case101And103AnExcludedNodeLeavesAndWithoutNodesTheVirtualServerStays() {
        ClusterMapping nodes = new ClusterMapping(CLASSLESS, MappingSpec.NODES, TWO_ADDRESSES);
        nodes.put(aService("ns", "web").build());
        nodes.put(aSlice("ns", "a").of("web").ready("198.51.100.1").build());
        nodes.put(node("n1", "192.0.2.11", true));
        nodes.put(node("n2", "192.0.2.12", true));
        nodes.refresh();

        nodes.put(node("n1", "192.0.2.11", false));
        nodes.refresh();
        nodes.removeNode(new ObjectName("", "n2"));

        assertThat(nodes.refresh()).containsExactly(WEB);
        assertThat(members(nodes, WEB)).isEmpty();
        assertThat(mapped(nodes, WEB).servers()).hasSize(1);
    }
}
